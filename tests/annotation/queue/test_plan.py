"""The next task costs the same whatever has been done: its plan is pinned by the pages that it touches."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction

from annotation.models import Annotator, Cursor, Queue, Task
from annotation.services.hot import next_sql
from annotation.services.hot.leasing import Lease, next_leases
from annotation.services.hot.policy import lease_time
from annotation.services.places import announce
from tests.annotation.factories import make_annotators, make_items, make_queue

pytestmark = pytest.mark.django_db
N_TASKS = 40_000
N_DONE = 20_000
MOST_PAGES = 60


@pytest.fixture
def crowded() -> tuple[Queue, Annotator, Annotator]:
    """A queue of 40,000 tasks; a veteran who did the first half, in the middle of others' work; a newcomer."""
    queue = make_queue(redundancy=3)
    veteran, newcomer = make_annotators(queue.project, 2)
    item = make_items(queue.project, 1)[0]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO annotation_task (project_id, queue_id, lane, rank, k, n_out, n_done, closed, open, returned)
               SELECT %s, %s, 0, -(i %% 7), 3, 0, 0, false, true, false FROM generate_series(1, %s) i""",
            [queue.project_id, queue.pk, N_TASKS],
        )
        cursor.execute("ALTER TABLE annotation_taskpayload DROP CONSTRAINT payload_item_once_per_queue")
        cursor.execute(
            """INSERT INTO annotation_taskpayload
                 (task_id, queue_id, item_id, sha256, kind, media_type, object_key, name, provenance)
               SELECT id, queue_id, %s, 'x', 'image', '', '', '', '{}' FROM annotation_task WHERE queue_id = %s""",
            [item.pk, queue.pk],
        )
        cursor.execute(
            """INSERT INTO annotation_assignment
                 (project_id, queue_id, annotator_id, task_id, state, revision, token, expires_at)
               SELECT project_id, queue_id, %s, id, 'submitted', 1, gen_random_uuid(), now() FROM annotation_task
               WHERE queue_id = %s ORDER BY rank, id LIMIT %s""",
            [veteran.pk, queue.pk, N_DONE],
        )
        cursor.execute(
            """INSERT INTO annotation_cursor (annotator_id, queue_id, lane, epoch, rank, task)
               SELECT %s, %s, 0, 1, rank, id FROM annotation_task WHERE queue_id = %s
               ORDER BY rank, id OFFSET %s LIMIT 1""",
            [veteran.pk, queue.pk, queue.pk, N_DONE - 1],
        )
        for table in ("task", "taskpayload", "assignment", "cursor"):
            cursor.execute(f"ANALYZE annotation_{table}")
    return queue, veteran, newcomer


def pages(statement: str, params: dict[str, object]) -> tuple[int, str]:
    """Pages touched by a statement under the generic plan that the server comes to, on its first run; and the plan."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    body = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement)
    with psycopg.ClientCursor(connection.connection) as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE looked_at AS {body}")
        values = f"({', '.join(['%s'] * len(names))})" if names else ""
        explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE looked_at {values}"
        cursor.execute(explain, [params[name] for name in names])
        found = cursor.fetchone()
        cursor.execute("DEALLOCATE looked_at")
    plan = found[0] if isinstance(found[0], list) else json.loads(found[0])
    top = plan[0]["Plan"]
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"], json.dumps(plan, indent=1)


@pytest.fixture
def touched_by(monkeypatch) -> Callable[[Annotator, Queue, int], tuple[int, Sequence[Lease]]]:
    """Asks for leases; gives the pages that all statements of the call touch, each on its first run, and the leases."""
    touched: list[int] = []

    class Counting(psycopg.Cursor):
        def execute(self, query, params=None, **options):
            with transaction.atomic(), psycopg.ClientCursor(connection.connection) as aside:
                aside.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", params)
                plan = aside.fetchone()[0]
                top = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]
                touched.append(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
                transaction.set_rollback(True)
            return super().execute(query, params, **options)

    def ask(annotator: Annotator, queue: Queue, want: int) -> tuple[int, Sequence[Lease]]:
        touched.clear()
        with monkeypatch.context() as patched:
            patched.setattr(psycopg, "Cursor", Counting)
            found = next_leases(user_id=annotator.user_id, queue=queue.public_id, want=want)
        return sum(touched), found.leases

    return ask


def params_of(queue: Queue, annotator: Annotator) -> dict[str, object]:
    return {"q": queue.pk, "a": annotator.pk, "l": 0, "e": 1, "tab": "t", "lease": lease_time(), "pause": timedelta(0)}


@pytest.mark.parametrize("who", ["veteran", "newcomer"])
def test_one_task_from_the_cursor(crowded, who):
    queue, veteran, newcomer = crowded
    touched, plan = pages(next_sql.from_cursor(1), params_of(queue, veteran if who == "veteran" else newcomer))
    assert touched <= MOST_PAGES, plan
    assert "task_next" in plan
    assert '"Hash' not in plan, plan


def test_a_batch_of_five_stays_flat_per_task(crowded):
    queue, veteran, _ = crowded
    touched, plan = pages(next_sql.from_cursor(5), params_of(queue, veteran))
    assert touched <= 5 * MOST_PAGES, plan


def test_returned_tasks_are_found_by_their_tiny_index(crowded):
    queue, veteran, _ = crowded
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE annotation_task SET returned = true WHERE id IN "
            "(SELECT id FROM annotation_task WHERE queue_id = %s ORDER BY rank DESC LIMIT 5)",
            [queue.pk],
        )
    touched, plan = pages(next_sql.from_returned(1), params_of(queue, veteran))
    assert touched <= MOST_PAGES, plan
    assert "task_returned" in plan


def test_who_and_what_is_read_by_keys(crowded):
    queue, veteran, _ = crowded
    touched, plan = pages(next_sql.CONTEXT, {"u": veteran.user_id, "queue": queue.public_id})
    assert touched <= MOST_PAGES, plan
    touched, plan = pages(next_sql.HELD, {**params_of(queue, veteran), "orphan_before": timedelta(minutes=12)})
    assert touched <= MOST_PAGES, plan


def everything(queue: Queue) -> list[tuple[int, int]]:
    return list(Task.objects.filter(queue=queue).values_list("rank", "pk"))


def test_a_change_of_everything_makes_no_call_of_a_veteran_dear(crowded, touched_by):
    """As a new order of the whole queue does: half of what lies before the veteran is done, and still open."""
    queue, veteran, newcomer = crowded
    announce(queue_id=queue.pk, places={0: everything(queue)})
    new, _ = touched_by(newcomer, queue, 5)
    for _ in range(3):
        touched, leases = touched_by(veteran, queue, 5)
        assert len(leases) == 5
        assert touched <= new + 5 * MOST_PAGES


def test_what_a_change_brings_is_there_in_the_first_call(crowded, touched_by):
    """A veteran with everything done that lies between what is new and the place where they are."""
    queue, veteran, _ = crowded
    place = Cursor.objects.get(annotator=veteran)
    raised = list(Task.objects.filter(queue=queue).order_by("-rank", "-pk").values_list("pk", flat=True)[:3])
    Task.objects.filter(pk__in=raised).update(rank=-100)
    announce(queue_id=queue.pk, places={0: [(-100, pk) for pk in raised] + [(place.rank, place.task)]})
    touched, leases = touched_by(veteran, queue, 5)
    assert [lease.task for lease in leases[:3]] == sorted(raised)
    assert len(leases) == 5
    assert touched <= 7 * MOST_PAGES


def test_done_tasks_ahead_are_passed_once_and_some_hundred_a_page(crowded, touched_by):
    """Without a cursor, so with nothing else to hand out meanwhile."""
    queue, veteran, newcomer = crowded
    Cursor.objects.filter(annotator=veteran).delete()
    new, _ = touched_by(newcomer, queue, 5)
    touched, leases = touched_by(veteran, queue, 5)
    assert len(leases) == 5
    assert touched <= new + N_DONE / 4
    assert touched_by(veteran, queue, 10)[0] <= new + 2 * MOST_PAGES
