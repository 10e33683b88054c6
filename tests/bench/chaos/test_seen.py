"""What people saw against what is stored: each kind of fault must show."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from annotation.models import Annotator, Queue, Task
from annotation.services.hot.submitting import NewSubmission, submit
from bench.chaos.seen import Account, Seen, judge, read
from tests.annotation.factories import make_annotators, make_queue, say

pytestmark = pytest.mark.django_db
CAT = {"kind": "class", "classes": ["cat"]}
DOG = {"kind": "class", "classes": ["dog"]}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def queue() -> Queue:
    return make_queue(n_items=3, redundancy=1)


@pytest.fixture
def person(queue) -> Annotator:
    (one,) = make_annotators(queue.project, 1)
    return one


@pytest.fixture
def task(queue) -> int:
    return int(Task.objects.filter(queue=queue).order_by("pk")[0].pk)


def correct(person: Annotator, task: int, answer: dict[str, Any]) -> None:
    version = Task.objects.values_list("queue__schema__version", flat=True).get(pk=task)
    new = NewSubmission(
        id=uuid.uuid4(), lease=uuid.uuid4(), task=task, revision=2, schema_version=version, answer=answer
    )
    submit(user_id=person.user_id, new=new)


def line(what: str, person: Annotator, task: int, answer: dict[str, Any] | None = None, **more: Any) -> str:
    said = {"what": what, "person": person.user.email, "task": task, "answer": answer or CAT, **more}
    return json.dumps(said) + "\n"


def verdict(queue: Queue, *lines: str) -> Seen:
    return judge(queue=str(queue.public_id), since=LONG_AGO, account=read(lines))


def wrong(found: Seen) -> dict[str, int]:
    figures = ("lost", "doubled", "changed", "unsent", "above", "unforeseen")
    return {name: n for name in figures if (n := getattr(found, name))}


def test_what_was_seen_taken_and_is_stored_is_clean(queue, person, task):
    say(person, task, "cat")
    found = verdict(queue, line("taken", person, task))
    assert (found.n_taken, found.n_stored, wrong(found), found.is_clean) == (1, 1, {}, True)


def test_seen_taken_and_not_there_is_lost(queue, person, task):
    assert wrong(verdict(queue, line("taken", person, task))) == {"lost": 1}


def test_stored_and_never_given_is_doubled(queue, person, task):
    say(person, task, "cat")
    assert wrong(verdict(queue)) == {"doubled": 1}


def test_a_correction_that_nobody_made_is_doubled(queue, person, task):
    say(person, task, "cat")
    correct(person, task, CAT)
    assert wrong(verdict(queue, line("taken", person, task))) == {"doubled": 1}


def test_stored_and_yet_kept_as_refused_is_doubled(queue, person, task):
    say(person, task, "cat")
    refused = line("kept", person, task, id="x", state="parked", code="lease-lost")
    assert wrong(verdict(queue, line("taken", person, task), refused)) == {"doubled": 1}


def test_another_answer_is_changed(queue, person, task):
    say(person, task, "dog")
    assert wrong(verdict(queue, line("taken", person, task))) == {"changed": 1}


def test_two_answers_in_another_order_are_changed(queue, person, task):
    say(person, task, "cat")
    correct(person, task, DOG)
    assert wrong(verdict(queue, line("taken", person, task, CAT), line("taken", person, task, DOG))) == {}
    assert wrong(verdict(queue, line("taken", person, task, DOG), line("taken", person, task, CAT))) == {"changed": 1}


def test_an_answer_under_the_name_of_another_is_lost_and_doubled(queue, person, task):
    (other,) = make_annotators(queue.project, 1)
    say(other, task, "cat")
    assert wrong(verdict(queue, line("taken", person, task))) == {"lost": 1, "doubled": 1}


def test_a_key_whose_tab_died_may_be_stored_once_or_not_at_all(queue, person, task):
    pressed = line("unsure", person, task)
    assert verdict(queue, pressed).is_clean
    say(person, task, "cat")
    found = verdict(queue, pressed)
    assert (found.n_unsure, found.n_unsure_stored, found.is_clean) == (1, 1, True)


def test_refused_is_kept_and_listed_and_only_foreseen_reasons_are_right(queue, person, task):
    taken = line("taken", person, task)
    found = verdict(queue, taken, line("kept", person, task, id="x", state="parked", code="lease-lost"))
    assert (dict(found.refusals), found.is_clean) == ({"lease-lost": 1}, True)
    found = verdict(queue, taken, line("kept", person, task, id="x", state="parked", code="unusable-answer"))
    assert wrong(found) == {"unforeseen": 1}


def test_a_conflict_of_two_tabs_is_foreseen_and_a_task_asked_twice_is_not(queue, person, task):
    say(person, task, "cat")
    pressed = [line("taken", person, task), line("taken", person, task, DOG)]
    refused = {"id": "x", "state": "parked", "code": "revision-conflict"}
    assert wrong(verdict(queue, *pressed, line("kept", person, task, DOG, revision=2, **refused))) == {}
    assert wrong(verdict(queue, *pressed, line("kept", person, task, DOG, revision=1, **refused))) == {"unforeseen": 1}


def test_what_was_never_confirmed_is_unsent(queue, person, task):
    waiting = line("kept", person, task, id="x", state="waiting", code="")
    assert wrong(verdict(queue, line("taken", person, task), waiting)) == {"unsent": 1}


def test_labels_above_the_wanted_number_show(queue, person, task):
    Task.objects.filter(pk=task).update(k=2, open=True)
    (other,) = make_annotators(queue.project, 1)
    for one in (person, other):
        say(one, task, "cat")
    lines = [line("taken", one, task) for one in (person, other)]
    assert verdict(queue, *lines).is_clean
    Task.objects.filter(pk=task).update(k=1, n_out=1, n_done=1)
    assert wrong(verdict(queue, *lines)) == {"above": 1}


def test_a_line_that_was_cut_off_is_no_line(person, task):
    account: Account = read([line("taken", person, task), '{"what":"tak'])
    assert account.n_taken == 1
