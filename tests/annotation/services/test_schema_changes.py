"""What a schema's change does to the queues that ask by it."""

import pytest

from accounts.services.jobs import run_claimed
from annotation.models import Gold, Queue
from annotation.selectors.answers import current_answers
from annotation.services.gold import add_gold
from annotation.services.schema_changes import perform_change, preview_change, start_change
from annotation.services.tasks import TaskSpec, add_tasks
from datasets.models import Label, LabelSchema
from datasets.services.labels import Acceptance, accept_labels
from tests.annotation.factories import join, make_annotators, make_items, make_queue, run, say

pytestmark = pytest.mark.django_db

MERGE = {"op": "merge", "question": "kind", "classes": ["dog"], "into": "cat"}
RETIRE = {"op": "retire", "question": "kind", "class": "car"}
SPLIT = {
    "op": "split", "question": "kind", "class": "dog",
    "into": [{"key": "puppy", "names": {"en": "Puppy"}}, {"key": "hound", "names": {"en": "Hound"}}],
}  # fmt: skip


@pytest.fixture
def queue():
    return make_queue(n_items=3, redundancy=2)


def preview(queue, *operations):
    return preview_change(schema=queue.schema, document=None, operations=list(operations))


def done(queue, *operations):
    lead = join(queue.project, "lead")
    change = start_change(schema=queue.schema, name="", document=None, operations=list(operations), by=lead)
    run_claimed(change.job_id, perform_change)
    change.job.refresh_from_db()
    change.refresh_from_db()
    return change


def tasks(queue):
    return list(queue.tasks.order_by("pk").values_list("pk", flat=True))


def answered(queue, *answers):
    people = make_annotators(queue.project, len(answers))
    for person, answer in zip(people, answers, strict=True):
        say(person, tasks(queue)[0], answer)


def only(effects):
    (effect,) = effects
    return effect


def test_the_dry_run_counts_open_tasks_and_does_nothing(queue):
    answered(queue, "cat", "dog")
    effect = only(preview(queue, MERGE).queues)
    assert (effect.id, effect.open_tasks, effect.n_stale, effect.moves) == (str(queue.public_id), 2, 0, True)
    assert LabelSchema.objects.count() == 1


def test_a_queue_moves_and_its_answers_are_told_as_what_the_classes_became(queue):
    answered(queue, "cat", "dog")
    add_gold(queue=queue, answers={make_items(queue.project, 1)[0].pk: {"kind": "class", "classes": ["dog"]}})
    change = done(queue, MERGE)
    queue.refresh_from_db()
    assert queue.schema == change.after
    assert change.job.result["queues_moved"] == 1
    assert [one.answer for one in current_answers(queue)] == [{"choice": "cat"}, {"choice": "cat"}]
    assert Gold.objects.get().answer == {"choice": "cat"}
    assert run(queue).state == "succeeded"
    assert queue.estimates.get().answer == {"choice": "cat"}


@pytest.mark.parametrize("operation", [SPLIT, RETIRE])
def test_a_queue_with_answers_that_lost_their_class_goes_on_by_its_version(queue, operation):
    answered(queue, "dog", "car")
    effect = only(preview(queue, operation).queues)
    assert (effect.n_stale, effect.moves) == (1, False)
    before = queue.schema
    done(queue, operation)
    queue.refresh_from_db()
    assert queue.schema == before


def test_an_answer_that_was_corrected_is_not_stale(queue):
    answered(queue, {"kind": "skip", "reason": "dog"})
    assert only(preview(queue, SPLIT).queues).n_stale == 0


def test_an_audit_and_a_closed_queue_stay(queue):
    audit = make_queue(queue.project, purpose="audit")
    Queue.objects.filter(pk=audit.pk).update(schema=queue.schema)
    closed = make_queue(queue.project)
    Queue.objects.filter(pk=closed.pk).update(schema=queue.schema, state="closed")
    LabelSchema.objects.exclude(pk=queue.schema_id).delete()
    found = {effect.id: effect.moves for effect in preview(queue, RETIRE).queues}
    assert found == {str(queue.public_id): True, str(audit.public_id): False}
    done(queue, RETIRE)
    assert set(Queue.objects.filter(schema=queue.schema)) == {audit, closed}


def test_a_class_split_after_a_merge_makes_the_older_answers_stale_too(queue):
    answered(queue, "dog")
    done(queue, MERGE)
    queue.refresh_from_db()
    assert only(preview(queue, SPLIT | {"class": "cat"}).queues).n_stale == 1


def test_the_job_is_repeatable(queue):
    item = make_items(queue.project, 1)[0]
    accept_labels(
        project=queue.project, schema=queue.schema, question="kind",
        acceptances=[Acceptance(item_id=item.pk, answer={"choice": "dog"}, origin="import")],
    )  # fmt: skip
    change = done(queue, MERGE)
    rows = Label.objects.count()
    change.job.__class__.objects.filter(pk=change.job_id).update(state="queued", finished_at=None)
    run_claimed(change.job_id, perform_change)
    assert (Label.objects.count(), LabelSchema.objects.count()) == (rows, 2)
    assert Label.objects.current().get().answer == {"choice": "cat"}


def test_tasks_added_afterwards_are_asked_by_the_new_version(queue):
    done(queue, RETIRE)
    queue.refresh_from_db()
    add_tasks(queue=queue, items=[TaskSpec(item_id=make_items(queue.project, 1)[0].pk)])
    (person,) = make_annotators(queue.project, 1)
    say(person, tasks(queue)[-1], "cat")
    assert [one.answer for one in current_answers(queue)] == [{"choice": "cat"}]
