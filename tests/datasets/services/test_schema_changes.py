import copy

import pytest

from accounts.models import AuditEntry
from common.problems import InvalidInput
from datasets.labeling_schema.reading import parse_document
from datasets.models import Label, LabelSchema
from datasets.selectors import schemas
from datasets.services.labels import Acceptance, accept_labels
from datasets.services.schema_changes import SchemaMovedOn, apply_change, plan_change, request_change
from tests.datasets import factories as make

pytestmark = pytest.mark.django_db

ANSWERS = ["cat", "cat", "dog", "cow", "pet"]


@pytest.fixture
def project():
    return make.project()


@pytest.fixture
def schema(project):
    return make.schema(project)


@pytest.fixture
def items(project, schema):
    found = [make.item(project) for _ in ANSWERS]
    acceptances = [
        Acceptance(item_id=item.pk, answer={"choice": key}, origin="consensus", posterior=0.9, entropy=0.3, n_labels=3)
        for item, key in zip(found, ANSWERS, strict=True)
    ]
    accept_labels(project=project, schema=schema, question="animal", acceptances=acceptances)
    return found


def op(name, **fields):
    return {"op": name, "question": "animal", **fields}


MERGE = op("merge", classes=["cat"], into="dog")
PARTS = [{"key": key, "names": {"en": key.title()}} for key in ("calf", "bull")]
SPLIT = op("split", **{"class": "cow"}, into=PARTS)
EVERYTHING = [MERGE, SPLIT]


def change(schema, *operations, document=None):
    return request_change(schema=schema, name="", document=document, operations=list(operations), by=None)


def current():
    return {label.item_id: label.answer for label in Label.objects.current()}


def counted(plan):
    return [(one.moved, one.asked_again, one.kept) for one in plan.labels]


def test_the_dry_run_counts_exactly_and_does_nothing(schema, items):
    before = current()
    plan = plan_change(schema=schema, document=None, operations=[*EVERYTHING])
    assert counted(plan) == [(2, 1, 0)]
    assert current() == before
    assert LabelSchema.objects.count() == 1


def test_what_the_dry_run_counts_is_what_is_done(schema, items):
    plan = plan_change(schema=schema, document=None, operations=EVERYTHING)
    done = apply_change(change=change(schema, *EVERYTHING))
    assert done.counts == plan.to_json()
    assert (done.after.version, done.after.family) == (2, schema.family)
    keys = [(current().get(item.pk) or {}).get("choice") for item in items]
    assert keys == ["dog", "dog", "dog", None, "pet"]


def test_a_moved_label_keeps_its_history_and_its_posterior(schema, items):
    done = apply_change(change=change(schema, MERGE))
    new = Label.objects.current().get(item=items[0])
    assert (new.origin, new.origin_ref) == ("migration", f"schema-change:{done.public_id}")
    assert (new.posterior, new.entropy, new.n_labels, new.keys) == (0.9, 0.3, 3, ["dog"])
    assert (new.corrects.answer, new.corrects.is_current) == ({"choice": "cat"}, False)
    assert Label.objects.filter(item=items[2]).count() == 1  # nothing to move
    assert new.schema == done.after


def test_a_second_run_changes_nothing(schema, items):
    asked = change(schema, *EVERYTHING)
    apply_change(change=asked)
    rows = Label.objects.count()
    again = apply_change(change=asked)
    assert (Label.objects.count(), LabelSchema.objects.count()) == (rows, 2)
    assert again.counts["labels"][0]["moved"] == 2


def test_a_change_that_fails_half_way_leaves_nothing_behind(schema, items, monkeypatch):
    def fail(done):
        raise RuntimeError(done)

    before = current()
    with pytest.raises(RuntimeError):
        apply_change(change=change(schema, *EVERYTHING), beat=fail)
    assert current() == before
    assert LabelSchema.objects.count() == 1


def test_retiring_keeps_the_labels(schema, items):
    asked = change(schema, op("retire", **{"class": "cow"}))
    done = apply_change(change=asked)
    assert done.counts["labels"] == [{"question": "animal", "moved": 0, "asked_again": 0, "kept": 1}]
    assert current()[items[3].pk] == {"choice": "cow"}
    with pytest.raises(InvalidInput, match="was retired"):
        schemas.check_answer(done.after, "animal", {"choice": "cow"})


def test_two_who_change_at_once_do_not_overwrite_each_other(schema, items):
    first, second = change(schema, MERGE), change(schema, op("retire", **{"class": "cow"}))
    apply_change(change=first)
    with pytest.raises(SchemaMovedOn):
        apply_change(change=second)
    with pytest.raises(SchemaMovedOn):
        plan_change(schema=schema, document=None, operations=[SPLIT])


def test_edits_and_operations_make_one_version(schema, items):
    edited = copy.deepcopy(schema.document)
    edited["questions"][0]["classes"].append({"key": "ox", "names": {"en": "Ox"}})
    done = apply_change(change=change(schema, op("merge", classes=["cow"], into="ox"), document=edited))
    assert current()[items[3].pk] == {"choice": "ox"}
    assert "ox" in schemas.question(done.after, "animal").selectable_keys


def test_a_document_that_lost_a_class_or_revived_one_is_refused(schema):
    lost = copy.deepcopy(schema.document)
    del lost["questions"][0]["classes"][3]
    with pytest.raises(InvalidInput, match="cow"):
        plan_change(schema=schema, document=lost, operations=[])
    done = apply_change(change=change(schema, op("retire", **{"class": "cow"})))
    revived = copy.deepcopy(done.after.document)
    del revived["questions"][0]["classes"][3]["retired"]
    with pytest.raises(InvalidInput, match="stays so"):
        plan_change(schema=done.after, document=revived, operations=[])


def test_mistakes_name_their_place(schema):
    with pytest.raises(InvalidInput) as caught:
        plan_change(schema=schema, document=None, operations=[op("retire", **{"class": "horse"})])
    assert list(caught.value.context["errors"]) == ["operations[0].class"]


def test_a_change_that_changes_nothing_is_refused(schema):
    apply_change(change=change(schema, op("rename", **{"class": "cow"}, names={"en": "Ox"})))
    newest = schemas.latest(schema.project, schema.family)
    with pytest.raises(InvalidInput, match="changes nothing"):
        apply_change(change=change(newest, op("rename", **{"class": "cow"}, names={"en": "Ox"})))


def test_the_trail_says_who_and_what(schema, items):
    someone = make.member(schema.project)
    asked = request_change(schema=schema, name="", document=None, operations=[MERGE], by=someone)
    apply_change(change=asked)
    entry = AuditEntry.objects.get(action="schema.changed")
    assert entry.actor == someone
    assert entry.data["operations"] == ["merge cat into dog"]
    assert entry.data["labels"][0]["moved"] == 2


def test_answers_accepted_by_the_older_version_are_kept_in_the_newer_words(schema, items):
    done = apply_change(change=change(schema, *EVERYTHING))
    fresh = make.item(schema.project)
    (label,) = accept_labels(
        project=schema.project, schema=schema, question="animal",
        acceptances=[Acceptance(item_id=fresh.pk, answer={"choice": "cat"}, origin="import")],
    )  # fmt: skip
    assert (label.answer, label.schema) == ({"choice": "dog"}, done.after)


def test_labels_of_other_families_and_projects_stay(schema, items):
    other = make.schema(schema.project, family="others")
    item = make.item(schema.project)
    accept_labels(
        project=schema.project, schema=other, question="animal",
        acceptances=[Acceptance(item_id=item.pk, answer={"choice": "cat"}, origin="import")],
    )  # fmt: skip
    apply_change(change=change(schema, *EVERYTHING))
    assert Label.objects.current().get(item=item).answer == {"choice": "cat"}


def test_the_api_shows_every_field_of_a_document(client, project):
    shapes = {
        "key": "parts", "kind": "shapes", "title": {"en": "Parts"}, "tools": ["box"],
        "classes": [{"key": "wheel", "names": {"en": "Wheel"}}],
    }  # fmt: skip
    made = make.schema(project, document=parse_document({"questions": [shapes]}).to_json())
    client.force_login(make.member(project))
    shown = client.get(f"/api/v1/projects/{project.slug}/schemas/{made.public_id}").json()["document"]
    assert shown == made.document
