import pytest

from annotation.models import ReviewCase, Task
from annotation.selectors.answers import settled_answers
from annotation.services.completion import announce_completed, dispute_audit_tasks
from annotation.services.review import AlreadySettled, settle_case
from common.models import OutboxEvent
from common.problems import InvalidInput
from datasets.models import Label
from tests.annotation.factories import accept, join, make_annotators, make_queue, run, say

pytestmark = pytest.mark.django_db
DOG = {"kind": "class", "classes": ["dog"]}
CAT = {"kind": "class", "classes": ["cat"]}


def disputed(purpose: str = "labeling"):
    """One task on which two people disagree, and its open case."""
    queue = make_queue(n_items=1, redundancy=2, purpose=purpose)
    task = Task.objects.get()
    for one, answer in zip(make_annotators(queue.project, 2), ("cat", "dog"), strict=True):
        say(one, task.pk, answer)
    if purpose == "labeling":
        run(queue, "majority")
        accept(queue)
    else:
        announce_completed()
        dispute_audit_tasks(queue_id=queue.pk, task_ids=[task.pk])
    return queue, task, ReviewCase.objects.get()


def test_a_settled_case_becomes_a_label_of_origin_review():
    queue, task, case = disputed()
    expert = join(queue.project, "reviewer")
    settled = settle_case(case=case, by=expert, answer=DOG, note="The ears.")
    assert (settled.state, settled.answer, settled.settled_by) == ("settled", {"choice": "dog"}, expert)
    label = Label.objects.current().get()
    assert (label.origin, label.answer, label.actor, label.n_labels, label.reason) == (
        "review", {"choice": "dog"}, expert, 2, "The ears.",
    )  # fmt: skip
    assert accept(queue).result == {"accepted": 0, "review": 0, "threshold": 0.8}


def test_settling_alike_again_changes_nothing_and_otherwise_is_refused_unless_meant():
    queue, _, case = disputed()
    expert = join(queue.project, "reviewer")
    first = settle_case(case=case, by=expert, answer=DOG)
    again = settle_case(case=case, by=join(queue.project, "lead"), answer=DOG)
    assert (again.settled_at, again.settled_by) == (first.settled_at, expert)
    with pytest.raises(AlreadySettled) as caught:
        settle_case(case=case, by=expert, answer=CAT)
    assert caught.value.context["current"]["classes"] == ["dog"]
    settle_case(case=case, by=expert, answer=CAT, replace=True)
    assert Label.objects.current().get().answer == {"choice": "cat"}
    assert Label.objects.count() == 2


def test_without_an_answer_the_consensus_is_accepted():
    _, _, case = disputed()
    settled = settle_case(case=case, by=join(case.project, "reviewer"))
    assert settled.answer == {"choice": "cat"}


def test_a_skip_settles_nothing_and_neither_does_a_consensus_that_is_not_there():
    queue, _, case = disputed("audit")
    expert = join(queue.project, "reviewer")
    for answer in ({"kind": "skip"}, None, {"kind": "class", "classes": ["unicorn"]}):
        with pytest.raises(InvalidInput):
            settle_case(case=case, by=expert, answer=answer)
    assert ReviewCase.objects.get().state == "open"


def test_an_audits_dispute_is_settled_without_making_a_label():
    queue, task, case = disputed("audit")
    item_id = task.payload.item_id
    assert case.reason == "disagreement"
    assert settled_answers(queue, [item_id, 999_999]) == {item_id: None, 999_999: None}
    OutboxEvent.objects.all().delete()
    settle_case(case=case, by=join(queue.project, "reviewer"), answer=DOG)
    found = settled_answers(queue, [item_id])[item_id]
    assert (found.kind, found.classes, found.settled_by, found.n, found.n_agreeing) == (
        "class",
        ("dog",),
        "review",
        2,
        1,
    )
    assert not Label.objects.exists()
    assert OutboxEvent.objects.get().payload == {"queue_id": queue.pk, "task_ids": [task.pk]}


def test_more_than_half_of_k_settles_an_audit_and_missing_labels_do_not():
    queue = make_queue(n_items=2, redundancy=3, purpose="audit")
    one, two, three = make_annotators(queue.project, 3)
    full, half = Task.objects.order_by("pk")
    for who, answer in ((one, "cat"), (two, "cat"), (three, "dog")):
        say(who, full.pk, answer)
    say(one, half.pk, {"kind": "cannot_tell"})
    items = [full.payload.item_id, half.payload.item_id]
    found = settled_answers(queue, items)
    assert (found[items[0]].classes, found[items[0]].n_agreeing, found[items[0]].n) == (("cat",), 2, 3)
    assert found[items[1]] is None
    assert dispute_audit_tasks(queue_id=queue.pk, task_ids=[full.pk, half.pk]) == 0


def test_finished_tasks_are_announced_once():
    queue = make_queue(n_items=3)
    (one,) = make_annotators(queue.project, 1)
    tasks = list(Task.objects.order_by("pk").values_list("pk", flat=True))
    for task_id in tasks[:2]:
        say(one, task_id, "cat")
    assert announce_completed() == 2
    assert announce_completed() == 0
    assert OutboxEvent.objects.get(name="TasksCompleted").payload == {"queue_id": queue.pk, "task_ids": tasks[:2]}
