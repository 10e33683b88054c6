"""The harness's verdict must be able to fail."""

import uuid

import pytest

from annotation.models import Annotator, Queue, Submission, Task
from bench.chaos.annotator import Entry, Ledger
from bench.chaos.verdict import judge
from tests.annotation.factories import make_annotators, make_queue, say

pytestmark = pytest.mark.django_db
CAT = {"kind": "class", "classes": ["cat"]}


@pytest.fixture
def queue() -> Queue:
    return make_queue(n_items=2, redundancy=1)


@pytest.fixture
def ledger(queue) -> Ledger:
    """One answer given, and noted as it was stored."""
    (person,) = make_annotators(queue.project, 1)
    say(person, Task.objects.filter(queue=queue).order_by("pk")[0].pk, "cat")
    return ledger_of(person)


def ledger_of(person: Annotator) -> Ledger:
    ledger = Ledger(annotator=person.pk)
    for row in Submission.objects.filter(annotator=person).select_related("assignment"):
        entry = Entry(id=str(row.pk), task=row.assignment.task_id, lease="", revision=1, answer=CAT, outcome="stored")
        ledger.entries[entry.id] = entry
    return ledger


def only(ledger: Ledger) -> Entry:
    (entry,) = ledger.entries.values()
    return entry


def test_what_agrees_is_clean(queue, ledger):
    found = judge(queue_id=queue.pk, ledgers=[ledger])
    assert found.is_clean
    assert (found.n_stored, found.n_labels, found.n_finished) == (1, 1, 1)


def test_an_acknowledged_answer_that_is_not_there_is_lost(queue, ledger):
    entry = Entry(id=str(uuid.uuid4()), task=1, lease="", revision=1, answer=CAT, outcome="stored")
    ledger.entries[entry.id] = entry
    assert judge(queue_id=queue.pk, ledgers=[ledger]).lost == 1


def test_another_answer_than_was_sent_is_lost(queue, ledger):
    only(ledger).answer = {"kind": "class", "classes": ["dog"]}
    assert judge(queue_id=queue.pk, ledgers=[ledger]).lost == 1


def test_refused_and_yet_stored_is_doubled(queue, ledger):
    only(ledger).outcome = "lease-lost"
    assert judge(queue_id=queue.pk, ledgers=[ledger]).doubled == 1


def test_in_nobodys_ledger_is_unknown_and_unsent_is_unsettled(queue, ledger):
    entry = only(ledger)
    ledger.entries = {"other": Entry(id="other", task=entry.task, lease="", revision=1, answer=CAT)}
    found = judge(queue_id=queue.pk, ledgers=[ledger])
    assert (found.unknown, found.unsettled, found.is_clean) == (1, 1, False)


def test_labels_above_the_wanted_number_are_counted_from_the_answers(queue, ledger):
    task = Task.objects.get(pk=only(ledger).task)
    Task.objects.filter(pk=task.pk).update(k=3, open=True)
    others = make_annotators(queue.project, 2)
    for person in others:
        say(person, task.pk, "cat")
    Task.objects.filter(pk=task.pk).update(k=3)
    assert judge(queue_id=queue.pk, ledgers=[ledger, *map(ledger_of, others)]).above == 0
    Task.objects.filter(pk=task.pk).update(k=1, n_out=1, n_done=1)  # as if the counters had let too many in
    found = judge(queue_id=queue.pk, ledgers=[ledger, *map(ledger_of, others)])
    assert (found.above, found.miscounted > 0) == (2, True)
