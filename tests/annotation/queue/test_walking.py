"""What comes behind a cursor is found, whoever knows of it first, and nobody is told too early that nothing is left."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from annotation.models import GOLD_LANE, Annotator, Cursor, Queue, QueueChange, Task
from annotation.services.hot import next_sql, walking
from annotation.services.hot.connection import run
from annotation.services.hot.leasing import next_leases
from annotation.services.hot.policy import lease_time
from annotation.services.places import announce
from annotation.services.tasks import TaskSpec, add_tasks
from tests.annotation.factories import make_annotators, make_items, make_queue, say

pytestmark = pytest.mark.django_db


def ask(person: Annotator, queue: Queue, want: int = 1):
    return next_leases(user_id=person.user_id, queue=queue.public_id, want=want, tab="one")


def take(person: Annotator, queue: Queue, n: int) -> list[int]:
    """Answers as many tasks as there are, one after the other."""
    taken = []
    while len(taken) < n and (leases := ask(person, queue).leases):
        taken.append(leases[0].task)
        say(person, leases[0].task, "cat")
    return taken


def tasks_of(queue: Queue) -> list[int]:
    return list(Task.objects.filter(queue=queue).order_by("rank", "pk").values_list("pk", flat=True))


def raise_(queue: Queue, tasks: list[int], rank: int) -> None:
    Task.objects.filter(pk__in=tasks).update(rank=rank)
    announce(queue_id=queue.pk, places={0: [(rank, task) for task in tasks]})


@pytest.fixture
def narrow(monkeypatch):
    """Windows so small that a few tasks fill them."""
    monkeypatch.setattr(walking, "A_LITTLE", ((2, 3), (2, 3)))
    monkeypatch.setattr(walking, "A_LOT", ((4,) * 3, (4,) * 3))
    monkeypatch.setattr(next_sql, "LOOK_AHEAD", 1)
    next_sql.from_cursor.cache_clear()
    next_sql.from_window.cache_clear()
    yield
    next_sql.from_cursor.cache_clear()
    next_sql.from_window.cache_clear()


def test_a_change_goes_back_no_further_than_it_must():
    queue = make_queue(n_items=9, redundancy=2)
    (person,) = make_annotators(queue.project, 1)
    take(person, queue, 5)
    place = Cursor.objects.get(annotator=person)
    raised = tasks_of(queue)[7:8]
    raise_(queue, raised, -5)
    assert take(person, queue, 2) == [*raised, tasks_of(queue)[6]]
    cursor = Cursor.objects.get(annotator=person)
    assert (cursor.again_rank, cursor.epoch) == (None, place.epoch + 1)
    assert cursor.task > place.task


def test_who_has_done_many_tasks_goes_on_while_they_are_passed(narrow):
    """Two windows a call hold five of the fifteen done ones, so the raised one behind them comes with the third."""
    queue = make_queue(n_items=20, redundancy=2)
    (person,) = make_annotators(queue.project, 1)
    done = take(person, queue, 15)
    late = make_items(queue.project, 1)[0]
    (task,) = add_tasks(queue=queue, items=[TaskSpec(item_id=late.pk)]).task_ids.values()
    Task.objects.filter(pk__in=[*done, task]).update(rank=-1)
    announce(queue_id=queue.pk, places={0: [(-1, one) for one in [*done, task]]})
    assert take(person, queue, 9) == [*tasks_of(queue)[16:19], task, *tasks_of(queue)[19:]]


def test_done_tasks_without_end_are_no_empty_queue(narrow):
    queue = make_queue(n_items=40, redundancy=2)
    (person,) = make_annotators(queue.project, 1)
    take(person, queue, 39)
    Cursor.objects.filter(annotator=person).delete()
    answers = [ask(person, queue) for _ in range(3)]
    assert [len(found.leases) for found in answers] == [0, 0, 1]
    assert [found.message for found in answers] == [None, None, None]


def test_nothing_left_is_said_when_everything_was_looked_at(narrow):
    queue = make_queue(n_items=3, redundancy=2)
    person, other = make_annotators(queue.project, 2)
    assert len(take(person, queue, 9)) == 3
    found = ask(person, queue)
    assert (found.leases, found.message) == ([], "nothing-left")
    assert len(take(other, queue, 9)) == 3


def test_a_lane_that_nobody_comes_to_makes_no_call_dearer(monkeypatch):
    """Its cursor stays behind for as long as another lane has work; that one goes on by the short look."""
    queue = make_queue(n_items=9, redundancy=2)
    (person,) = make_annotators(queue.project, 1)
    take(person, queue, 2)
    epoch = Queue.objects.get(pk=queue.pk).epoch
    Cursor.objects.create(annotator=person, queue=queue, lane=GOLD_LANE, epoch=epoch - 1, rank=0, task=0)

    def walked(*_: object) -> None:
        raise AssertionError("the cursor of lane 0 has missed nothing")

    monkeypatch.setattr(walking, "Walk", walked)
    assert [lease.task for lease in ask(person, queue).leases] == tasks_of(queue)[2:3]


def test_changes_that_are_missed_are_taken_together():
    queue = make_queue(n_items=12, redundancy=2)
    (person,) = make_annotators(queue.project, 1)
    take(person, queue, 3)
    last = tasks_of(queue)[-3:]
    for i, task in enumerate(last):
        raise_(queue, [task], i - 5)
    assert QueueChange.objects.filter(queue=queue).count() == 3
    assert take(person, queue, 4) == [*last, tasks_of(queue)[6]]


def test_only_tasks_before_the_lowest_priority_are_announced():
    queue = make_queue(n_items=2)
    items = make_items(queue.project, 3)
    specs = [TaskSpec(item_id=item.pk, priority=priority) for item, priority in zip(items, (2, 0, 1), strict=True)]
    ids = add_tasks(queue=queue, items=specs).task_ids
    (change,) = QueueChange.objects.filter(queue=queue)
    assert (change.low_rank, change.low_task) == (-200, ids[items[0].pk])
    assert (change.high_rank, change.high_task) == (-100, ids[items[2].pk])


def test_a_tab_that_began_before_a_change_does_not_hide_it_from_the_other():
    """Its walk ends last and sets the cursor; then the change must be looked at once more."""
    queue = make_queue(n_items=9, redundancy=2)
    (person,) = make_annotators(queue.project, 1)
    take(person, queue, 2)
    stale = Cursor.objects.get(annotator=person).epoch
    raise_(queue, tasks_of(queue)[8:], -5)
    params = {"q": queue.pk, "a": person.pk, "l": 0, "tab": "one", "lease": lease_time(), "pause": timedelta(0)}
    way = walking.Walk({**params, "e": stale + 1})
    way.again = None  # as if another tab had been led through, and its lease were lost again
    way.save()
    assert len(run(next_sql.from_cursor(1), {**params, "e": stale})) == 1
    assert Cursor.objects.get(annotator=person).epoch == stale
    assert Task.objects.get(pk=ask(person, queue, 5).leases[1].task).rank == -5


@pytest.mark.django_db(transaction=True)
def test_a_cursor_moves_to_the_place_that_was_seen():
    """Not to the one that a racing change has given to the task since: what lies between the two was not seen."""
    queue = make_queue(n_items=9, redundancy=2)
    (person,) = make_annotators(queue.project, 1)
    first = tasks_of(queue)[0]
    gate = "AND (SELECT pg_advisory_xact_lock(7)::text) IS NOT NULL"
    statement = next_sql.from_cursor(1).replace("AND lane = %(l)s AND open\n", f"AND lane = %(l)s AND open {gate}\n")
    assert gate in statement
    params = {"q": queue.pk, "a": person.pk, "l": 0, "e": 1, "tab": "one", "lease": lease_time()}
    taken = []

    def lease() -> None:
        with transaction.atomic():
            taken.extend(run(statement, params))
        connection.close()

    thread = threading.Thread(target=lease)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7)")
        thread.start()
        n_waiting = 0
        while not n_waiting and thread.is_alive():
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            (n_waiting,) = cursor.fetchone()
        raise_(queue, [first], 500)
    thread.join(60)
    assert [row["task_id"] for row in taken] == [first]
    assert Cursor.objects.get(annotator=person).rank == 0
    assert len(take(person, queue, 20)) == 9
