"""What a schema's change does to the queues that ask by it."""

import pytest

from accounts.services.jobs import run_claimed
from annotation.models import Gold, Queue
from annotation.selectors.answers import current_answers
from annotation.services.gold import add_gold
from annotation.services.queues import QueueSettings, create_queue
from annotation.services.schema_changes import perform_change, preview_change, start_change
from annotation.services.tasks import TaskSpec, add_tasks
from common.problems import InvalidInput
from datasets.models import Label, LabelSchema
from datasets.services.labels import Acceptance, accept_labels
from tests.annotation.factories import (
    join,
    make_annotators,
    make_items,
    make_project,
    make_queue,
    make_schema,
    run,
    say,
)

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


def test_gold_of_several_questions_is_told_as_what_its_classes_became():
    project = make_project()
    shown = [{"key": key, "names": {"en": key.title()}} for key in ("cat", "dog", "car")]
    document = {"questions": [
        {"key": key, "kind": "single_choice", "title": {"en": key.title()}, "classes": shown}
        for key in ("place", "kind")
    ]}  # fmt: skip
    queue = create_queue(
        project=project, name="Two", schema=make_schema(project, document), questions=("place", "kind"),
        settings=QueueSettings(redundancy=2),
    )  # fmt: skip
    dog = {"kind": "class", "classes": ["dog"]}
    answer = {"kind": "answers", "answers": {"place": dog, "kind": dog}}
    add_gold(queue=queue, answers={make_items(project, 1)[0].pk: answer})
    change = done(queue, MERGE)
    queue.refresh_from_db()
    assert queue.schema == change.after
    assert Gold.objects.get().answer == {"answers": {"place": {"choice": "dog"}, "kind": {"choice": "cat"}}}


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


def labelled(queue, *answers):
    """Items outside of the queue with labels of these classes, in their order."""
    items = make_items(queue.project, len(answers))
    accept_labels(
        project=queue.project, schema=queue.schema, question="kind",
        acceptances=[
            Acceptance(item_id=item.pk, answer={"choice": answer}, origin="import")
            for item, answer in zip(items, answers, strict=True)
        ],
    )  # fmt: skip
    return [item.pk for item in items]


def asked_again(queue, *operations, ask_again=True):
    lead = join(queue.project, "lead")
    change = start_change(
        schema=queue.schema, name="", document=None, operations=list(operations), by=lead, ask_again=ask_again
    )
    run_claimed(change.job_id, perform_change)
    change.job.refresh_from_db()
    change.refresh_from_db()
    return change


def test_the_dry_run_offers_to_ask_what_a_split_leaves_unlabelled(queue):
    labelled(queue, "dog", "cat", "dog")
    (offer,) = preview(queue, SPLIT).again
    assert (offer.question, offer.items, offer.like, offer.redundancy) == ("kind", 2, queue.name, 2)
    assert preview(queue, MERGE).again == ()
    assert Queue.objects.count() == 1


def test_what_a_split_leaves_unlabelled_is_asked_again_in_a_queue_of_the_new_version(queue):
    first, _, third = labelled(queue, "dog", "cat", "dog")
    Queue.objects.filter(pk=queue.pk).update(person_limit=50)
    change = asked_again(queue, SPLIT)
    made = Queue.objects.exclude(pk=queue.pk).get()
    assert (made.schema, made.redundancy, made.person_limit) == (change.after, 2, 50)
    assert made.name == f"{queue.name}, asked again by version 2"
    assert sorted(made.payloads.values_list("item_id", flat=True)) == [first, third]
    assert made.payloads.first().provenance == {"asked_again_after": str(change.public_id)}
    assert change.job.result["asked_again_in"] == [
        {"queue": str(made.public_id), "name": made.name, "question": "kind", "tasks": 2}
    ]
    (person,) = make_annotators(queue.project, 1)
    say(person, made.tasks.order_by("pk")[0].pk, "puppy")
    assert [one.answer for one in current_answers(made)] == [{"choice": "puppy"}]


def test_asking_again_is_done_once_however_often_the_job_runs(queue):
    labelled(queue, "dog")
    change = asked_again(queue, SPLIT)
    change.job.__class__.objects.filter(pk=change.job_id).update(state="queued", finished_at=None)
    run_claimed(change.job_id, perform_change)
    assert Queue.objects.count() == 2
    assert Queue.objects.exclude(pk=queue.pk).get().tasks.count() == 1


def test_nobody_is_asked_again_unless_it_is_wanted_or_when_nothing_is_left_unlabelled(queue):
    labelled(queue, "dog")
    asked_again(queue, SPLIT, ask_again=False)
    assert Queue.objects.count() == 1
    other = make_queue()
    labelled(other, "cat")
    asked_again(other, SPLIT)
    assert Queue.objects.count() == 2


def test_a_name_that_is_taken_gives_way(queue):
    labelled(queue, "dog")
    name = f"{queue.name}, asked again by version 2"
    create_queue(project=queue.project, name=name, schema=queue.schema, question="kind")
    change = asked_again(queue, SPLIT)
    assert change.job.result["asked_again_in"][0]["name"] == f"{queue.name}, kind asked again by version 2"


def test_a_long_name_is_cut_so_that_the_change_goes_through(queue):
    long = "n" * 120
    Queue.objects.filter(pk=queue.pk).update(name=long)
    labelled(queue, "dog")
    taken = f"{long[:94]}, asked again by version 2"
    create_queue(project=queue.project, name=taken, schema=queue.schema, question="kind")
    change = asked_again(queue, SPLIT)
    assert change.job.state == "succeeded"
    name = change.job.result["asked_again_in"][0]["name"]
    assert name.endswith("n, kind asked again by version 2")
    assert len(name) == 120


def test_what_was_taken_back_before_is_not_asked_again_because_of_a_split(queue):
    kept, taken_back = labelled(queue, "dog", "dog")
    Label.objects.filter(item_id=taken_back).update(is_current=False)
    (offer,) = preview(queue, SPLIT).again
    asked_again(queue, SPLIT)
    made = Queue.objects.exclude(pk=queue.pk).get()
    assert list(made.payloads.values_list("item_id", flat=True)) == [kept]
    assert offer.items == 1


def without(queue, *keys):
    return {**queue.schema.document, "questions": [
        one for one in queue.schema.document["questions"] if one["key"] not in keys
    ]}  # fmt: skip


def test_a_question_that_nobody_was_asked_can_be_taken_out(queue):
    """It may be the first one, and one with a retired class."""
    lead = join(queue.project, "lead")
    operations = {"op": "retire", "question": "tags", "class": "soft"}
    first = start_change(schema=queue.schema, name="", document=None, operations=[operations], by=lead)
    run_claimed(first.job_id, perform_change)
    queue.refresh_from_db()
    change = start_change(schema=queue.schema, name="", document=without(queue, "tags"), operations=[], by=lead)
    run_claimed(change.job_id, perform_change)
    queue.refresh_from_db()
    assert [one["key"] for one in queue.schema.document["questions"]] == ["kind"]
    assert (queue.schema.version, change.job.__class__.objects.get(pk=change.job_id).state) == (3, "succeeded")


@pytest.mark.parametrize("of_what", ["a queue", "a label that was superseded"])
def test_a_question_with_an_answer_stays(queue, of_what):
    if of_what == "a queue":
        make = {"name": "Tags", "question": "tags", "settings": QueueSettings()}
        create_queue(project=queue.project, schema=queue.schema, **make)
    else:
        (item,) = make_items(queue.project, 1)
        for tag in ("red", "round"):
            acceptance = Acceptance(item_id=item.pk, answer={"choices": [tag]}, origin="import")
            accept_labels(project=queue.project, schema=queue.schema, question="tags", acceptances=[acceptance])
        Label.objects.filter(is_current=True).delete()
    with pytest.raises(InvalidInput, match="Only a question"):
        preview_change(schema=queue.schema, document=without(queue, "tags"), operations=[])
