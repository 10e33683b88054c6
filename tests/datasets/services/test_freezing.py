import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Project
from common.problems import InvalidInput
from datasets.models import DatasetVersion, Item, Label, LabelSchema, VersionItem
from datasets.selectors import versions
from datasets.services.freezing import preview, request_freeze
from datasets.services.labels import Acceptance, accept_labels
from datasets.versioning.canonical import content_hash
from tests.datasets import factories
from tests.datasets.runs import finish

pytestmark = pytest.mark.django_db
KEYS = ["cat", "dog", "cow"]


def recipe(schema: LabelSchema, **fields: Any) -> dict[str, Any]:
    return {"name": "animals", "schema": str(schema.public_id), "question": "animal", **fields}


def freeze(schema: LabelSchema, **fields: Any) -> DatasetVersion:
    job = finish(request_freeze(project=schema.project, recipe=recipe(schema, **fields), by=None))
    assert job.state == "succeeded", job.error
    return versions.version_for(schema.project, job.result["version"])


def labelled(schema: LabelSchema, count: int, *, first: int = 0, order: int = 0) -> list[Item]:
    """Items that are the same in every project, registered in an order of their own."""
    numbers = list(range(first, first + count))
    random.Random(order).shuffle(numbers)
    items = {}
    for n in numbers:
        digest = hashlib.sha256(f"item {n}".encode()).hexdigest()
        phash = int.from_bytes(hashlib.sha256(f"hash {n}".encode()).digest()[:8], "big", signed=True)
        group = f"site {n // 2}" if n % 5 == 0 else ""
        items[n] = factories.item(schema.project, sha256=digest, phash=phash, group_key=group)
    answer(schema, {item.pk: KEYS[n % 3] for n, item in items.items()})
    return [items[n] for n in sorted(items)]


def answer(schema: LabelSchema, keys: dict[int, str]) -> None:
    accept_labels(
        project=schema.project, schema=schema, question="animal",
        acceptances=[Acceptance(item_id=pk, answer={"choice": key}, origin="import") for pk, key in keys.items()],
    )  # fmt: skip


def splits(version: DatasetVersion) -> dict[str, str]:
    return dict(VersionItem.objects.filter(version=version).values_list("item__sha256", "split"))


def test_freezing_twice_gives_the_same_version() -> None:
    schema = factories.schema(factories.project())
    labelled(schema, 60)
    first = freeze(schema)
    assert str(first) == "animals@v1"
    assert freeze(schema) == first
    assert DatasetVersion.objects.count() == 1


def test_the_same_items_in_another_project_and_order_give_the_same_hash() -> None:
    one, other = factories.schema(factories.project()), factories.schema(factories.project())
    labelled(one, 80, order=1)
    factories.item(other.project, sha256="f" * 64)  # ids differ, too
    labelled(other, 80, order=2)
    first, second = freeze(one), freeze(other)
    assert first.content_hash == second.content_hash
    assert splits(first) == splits(second)
    assert first.content_hash == content_hash(versions.canonical_rows(second))


def test_the_hash_is_pinned() -> None:
    """A change here means that no version frozen before can be found again: it needs a new format name."""
    schema = factories.schema(factories.project())
    labelled(schema, 10)
    assert freeze(schema).content_hash == PINNED


PINNED = "4eb77804bd799a97199302bda3e71567071a7d2f75637edcfa1e00e99f0e3d92"


def test_splits_stay_as_data_grow_and_groups_stay_together() -> None:
    schema = factories.schema(factories.project())
    labelled(schema, 100)
    first = freeze(schema)
    labelled(schema, 150, first=100)
    second = freeze(schema)
    before, after = splits(first), splits(second)
    assert (str(second), second.parent) == ("animals@v2", first)
    assert {sha: after[sha] for sha in before} == before
    assert set(after.values()) == {"train", "validation", "test"}
    groups: dict[str, set[str]] = {}
    for item in Item.objects.filter(project=schema.project).exclude(group_key=""):
        if item.sha256 in after:
            groups.setdefault(item.group_key, set()).add(after[item.sha256])
    assert all(len(found) == 1 for found in groups.values())


def test_an_item_that_was_left_out_for_a_while_comes_back_to_its_split() -> None:
    """Its split is asked of every ancestor: other shares would have drawn it into another one."""
    schema = factories.schema(factories.project())
    labelled(schema, 90)
    first = splits(freeze(schema))
    without = splits(freeze(schema, exclude_classes=["cow"]))
    assert 0 < len(without) < len(first)
    third = freeze(schema, fractions={"train": 0.1, "validation": 0.1, "test": 0.8})
    assert (str(third), splits(third)) == ("animals@v1", first)
    labelled(schema, 10, first=90)
    fourth = freeze(schema, fractions={"train": 0.1, "validation": 0.1, "test": 0.8})
    assert (str(fourth), str(fourth.parent)) == ("animals@v3", "animals@v2")
    assert {sha: split for sha, split in splits(fourth).items() if sha in first} == first


def test_near_duplicates_never_sit_on_both_sides() -> None:
    schema = factories.schema(factories.project())
    items = labelled(schema, 60)
    copies = [
        factories.item(
            schema.project, phash=item.phash ^ 0b101, sha256=hashlib.sha256(item.sha256.encode()).hexdigest()
        )
        for item in items
        if item.phash
    ]
    answer(schema, {item.pk: "cat" for item in copies})
    found = splits(freeze(schema))
    assert all(found[a.sha256] == found[b.sha256] for a, b in zip(items, copies, strict=True))
    apart = splits(freeze(schema, name="apart", near_duplicate_bits=None))
    assert any(apart[a.sha256] != apart[b.sha256] for a, b in zip(items, copies, strict=True))


def test_a_changed_label_is_a_new_version_and_the_diff_names_it() -> None:
    schema = factories.schema(factories.project())
    items = labelled(schema, 30)
    first = freeze(schema)
    answer(schema, {items[0].pk: "cow"})
    second = freeze(schema)
    found = versions.diff(first, second)
    assert [(one.item_sha, one.before, one.after) for one in found.label_changed] == [(items[0].sha256, "cat", "cow")]
    assert (found.added, found.removed, found.split_changed) == ((), (), ())
    assert VersionItem.objects.get(version=first, item=items[0]).label_keys == ["cat"]


def test_a_version_refuses_to_change() -> None:
    schema = factories.schema(factories.project())
    labelled(schema, 10)
    version = freeze(schema)
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        DatasetVersion.objects.filter(pk=version.pk).update(content_hash="0" * 64)
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        VersionItem.objects.filter(version=version).update(split="train")
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        DatasetVersion.objects.filter(pk=version.pk).update(summary={})
    late = factories.item(schema.project)
    with pytest.raises(IntegrityError, match="takes no further items"), transaction.atomic():
        VersionItem.objects.create(version=version, item=late, sha256=late.sha256, split="train", group=late.sha256)
    assert content_hash(versions.canonical_rows(version)) == version.content_hash
    DatasetVersion.objects.filter(pk=version.pk).update(state="archived")  # the one thing that may happen to it


def test_what_stays_out_is_counted_with_its_reason() -> None:
    schema = factories.schema(factories.project())
    items = labelled(schema, 20)
    factories.item(schema.project)
    accept_labels(
        project=schema.project, schema=schema, question="animal",
        acceptances=[
            Acceptance(item_id=items[0].pk, answer={"cannot_tell": True}, origin="consensus"),
            Acceptance(item_id=items[1].pk, answer={"none": True}, origin="consensus"),
            Acceptance(item_id=items[2].pk, answer={"choice": "dog"}, origin="consensus", posterior=0.4),
        ],
    )  # fmt: skip
    found = preview(project=schema.project, recipe=recipe(schema, min_posterior=0.5, exclude_classes=["cow"]))
    assert {one["reason"]: one["count"] for one in found["left_out"]} == {
        "labelled “cannot tell”": 1, "labelled “none of these”": 1, "posterior too low": 1, "no label": 1,
        "class left out by the recipe": 5,
    }  # fmt: skip
    assert found["items"] == 12 == sum(found["splits"].values())
    assert not DatasetVersion.objects.exists()


def test_labels_can_be_taken_at_a_level_of_the_tree() -> None:
    schema = factories.schema(factories.project())
    labelled(schema, 30)
    version = freeze(schema, label_depth=1)
    assert {one["key"]: one["count"] for one in version.summary["classes"]} == {"pet": 20, "cow": 10}
    assert Label.objects.filter(keys=["pet"]).count() == 0


def test_a_frozen_project_can_be_deleted() -> None:
    schema = factories.schema(factories.project())
    labelled(schema, 10)
    freeze(schema)
    Project.objects.get(pk=schema.project_id).delete()
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"fractions": {"train": 0.5, "test": 0.1}}, "sum to 1"),
        ({"fractions": {"practice": 1.0}}, "Give a share"),
        ({"min_posterior": 2}, "from 0 to 1"),
        ({"near_duplicate_bits": 30}, "0 to 9 bits"),
        ({"exclude_classes": ["unicorn"]}, "no class 'unicorn'"),
        ({"name": "!!"}, "Give the version a name"),
        ({"colour": 1}, "no field 'colour'"),
        ({"question": "size"}, "no question 'size'"),
        ({"conditions": [{"name": "secret__key", "low": 1}]}, "no attribute or image statistic"),
    ],
)
def test_a_wrong_recipe_is_told_what_is_wrong(fields: dict[str, Any], sentence: str) -> None:
    schema = factories.schema(factories.project())
    labelled(schema, 3)
    with pytest.raises(InvalidInput, match=sentence):
        preview(project=schema.project, recipe=recipe(schema, **fields))


def test_an_empty_version_says_why(tmp_path: Path) -> None:
    schema = factories.schema(factories.project())
    factories.item(schema.project)
    job = finish(request_freeze(project=schema.project, recipe=recipe(schema), by=None))
    assert (job.state, job.error["detail"]) == (
        "failed",
        "No item is left for this version (1 no label). Widen the recipe or label more first.",
    )
