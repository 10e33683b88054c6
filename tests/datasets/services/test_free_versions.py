"""Versions of questions whose answers are more than classes: frozen with the whole answer, exported with it."""

import json

import pytest

from accounts.services.jobs import run_claimed
from common.problems import InvalidInput
from common.storage import object_store
from datasets.models import DatasetVersion
from datasets.selectors import versions
from datasets.services import exports, freezing
from datasets.services.labels import Acceptance, accept_labels
from datasets.versioning.canonical import content_hash
from tests.datasets import factories as make

pytestmark = pytest.mark.django_db

DOCUMENT = {"questions": [
    {"key": "parts", "kind": "shapes", "title": {"en": "Parts"}, "tools": ["box"], "allow_none": True,
     "classes": [{"key": "wheel", "names": {"en": "Wheel"}}]},
    {"key": "length", "kind": "number", "title": {"en": "Length"}},
]}  # fmt: skip


@pytest.fixture
def project():
    return make.project()


@pytest.fixture
def schema(project):
    return make.schema(project, document=DOCUMENT)


def label(schema, item, question, answer):
    accept_labels(
        project=schema.project, schema=schema, question=question,
        acceptances=[Acceptance(item_id=item.pk, answer=answer, origin="review")],
    )  # fmt: skip


def parts(*boxes):
    return {"shapes": [{"id": f"s{n}", "type": "box", "class": "wheel", "box": box} for n, box in enumerate(boxes)]}


def frozen(schema, question, **recipe):
    said = {"name": "parts", "schema": str(schema.public_id), "question": question, **recipe}
    job = freezing.request_freeze(project=schema.project, recipe=said, by=None)
    run_claimed(job.pk, freezing.perform)
    job.refresh_from_db()
    assert job.state == "succeeded", job.error
    return DatasetVersion.objects.get(content_hash=job.result["content_hash"])


def exported(version, format):
    export = exports.request_export(version=version, format=format, by=None)
    run_claimed(export.job_id, exports.perform)
    export.refresh_from_db()
    export.job.refresh_from_db()
    if not export.object_key:
        return export.job.error
    with object_store().open(export.object_key) as file:
        return file.read()


@pytest.fixture
def items(project, schema):
    found = [make.item(project, width=100, height=80) for _ in range(3)]
    for n, item in enumerate(found[:2]):
        label(schema, item, "parts", parts([n, 0, 10, 10], [50, 40, 20, 20]))
    label(schema, found[2], "parts", {"none": True})
    return found


def test_another_outline_is_another_version(schema, items):
    first = frozen(schema, "parts")
    assert content_hash(versions.canonical_rows(first)) == first.content_hash
    assert frozen(schema, "parts") == first
    label(schema, items[0], "parts", parts([3, 0, 10, 10]))
    second = frozen(schema, "parts")
    assert (second.number, second.content_hash == first.content_hash) == (2, False)
    changes = versions.diff(first, second).label_changed
    assert [change.item_sha for change in changes] == [items[0].sha256]


def test_json_lines_carry_the_answers(schema, items):
    lines = [json.loads(line) for line in exported(frozen(schema, "parts"), "jsonl").splitlines()]
    by_item = {line["item_sha256"]: line["answer"] for line in lines}
    assert by_item[items[0].sha256] == parts([0, 0, 10, 10], [50, 40, 20, 20])
    assert by_item[items[2].sha256] == {"none": True}


def test_coco_has_an_annotation_for_each_shape(schema, items):
    document = json.loads(exported(frozen(schema, "parts"), "coco"))
    assert len(document["images"]) == 3
    assert sorted(one["bbox"] for one in document["annotations"]) == [
        [0, 0, 10, 10], [1, 0, 10, 10], [50, 40, 20, 20], [50, 40, 20, 20],
    ]  # fmt: skip
    assert {one["category_id"] for one in document["annotations"]} == {1}


@pytest.mark.parametrize("format", ["csv", "parquet", "imagefolder", "tfrecord"])
def test_a_format_that_holds_classes_only_refuses(schema, items, format):
    error = exported(frozen(schema, "parts"), format)
    assert "Export it as JSON Lines" in json.dumps(error)


def test_numbers_are_frozen_and_exported_as_json_lines_only(schema, project):
    item = make.item(project, width=100, height=80)
    label(schema, item, "length", {"number": 2.5})
    version = frozen(schema, "length")
    (line,) = exported(version, "jsonl").splitlines()
    assert json.loads(line)["answer"] == {"number": 2.5}
    assert "numbers or texts" in json.dumps(exported(version, "coco"))


def test_shapes_are_taken_whole(schema, items):
    with pytest.raises(InvalidInput, match="taken whole"):
        frozen(schema, "parts", exclude_classes=["wheel"])
