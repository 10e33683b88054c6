"""The next task costs the same whatever has been done: its plan is pinned by the pages that it touches."""

import json
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from annotation.models import Annotator, Queue
from annotation.services.hot import next_sql
from annotation.services.hot.policy import lease_time
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
    """Pages touched by a prepared statement under a generic plan, on its second run, and the plan."""
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
        for _ in range(2):
            cursor.execute(explain, params, prepare=True)
            found = cursor.fetchone()
    plan = found[0] if isinstance(found[0], list) else json.loads(found[0])
    top = plan[0]["Plan"]
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"], json.dumps(plan, indent=1)


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
