"""Queues of millions of tasks and people with a past, made by the database itself."""

import secrets
import sys
from collections.abc import Sequence
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402  (after setup)

from accounts.models import Membership, Project, User  # noqa: E402
from accounts.services.tokens import create_token  # noqa: E402
from annotation.models import Annotator, Cursor, Queue  # noqa: E402
from annotation.services.queues import QueueSettings, create_queue  # noqa: E402
from datasets.services.schemas import create_schema  # noqa: E402

DONE_BY_VETERANS = 100_000
K = 5
CHUNK = 500_000
CLASS_KEYS = tuple(f"class-{i}" for i in range(100))
_ITEMS = """
INSERT INTO datasets_item (id, project_id, sha256, kind, media_type, byte_size, width, height, group_key,
  object_key, text, facts, statistics, issues, derived, thumbnail_sides, created_at)
SELECT %(i)s + i - 1, %(p)s, encode(sha256(i::text::bytea), 'hex'), 'image', 'image/png', 1, 64, 64, '', 'p/x', '',
  '{}', '{}', '{}', 'done', '{}', now() FROM generate_series(%(start)s::bigint, %(end)s) i"""
_TASKS = """
INSERT INTO annotation_task (id, project_id, queue_id, lane, rank, k)
SELECT %(t)s + i - 1, %(p)s, %(q)s, 0, -(i %% 10), %(k)s FROM generate_series(%(start)s::bigint, %(end)s) i"""
_PAYLOADS = """
INSERT INTO annotation_taskpayload
  (task_id, queue_id, item_id, sha256, kind, media_type, object_key, width, height, name, provenance)
SELECT %(t)s + i - 1, %(q)s, %(i)s + i - 1, encode(sha256(i::text::bytea), 'hex'), 'image', 'image/png', 'p/x', 64, 64,
  'a.png', '{}' FROM generate_series(%(start)s::bigint, %(end)s) i"""


def document(classes: Sequence[str]) -> dict[str, Any]:
    """A schema with one question of these classes."""
    named = [{"key": key, "names": {"en": key}} for key in classes]
    question = {"key": "kind", "kind": "single_choice", "title": {"en": "What is it?"}, "classes": named}
    return {"format": 1, "questions": [question]}


def say(sentence: str) -> None:
    """Progress, beside the figures."""
    print(f"  {sentence}", file=sys.stderr, flush=True)


def make_queue(n_tasks: int, *, k: int = K, classes: Sequence[str] = CLASS_KEYS) -> Queue:
    """A project with one queue of so many tasks on so many items, made by the database itself."""
    say(f"making {n_tasks:,} tasks …")
    name = secrets.token_hex(4)
    owner = User.objects.create_user(f"owner-{name}@example.org", name="Owner")
    project = Project.objects.create(slug=f"bench-{name}", name="Bench", created_by=owner)
    Membership.objects.create(project=project, user=owner, role="owner")
    schema = create_schema(project=project, family="things", name="Things", document=document(classes), by=owner)
    queue = create_queue(
        project=project, name="Load", schema=schema, question="kind", settings=QueueSettings(redundancy=k)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # a million rows without a million look-ups of keys
        first_item, first_task = (_reserve(cursor, table, n_tasks) for table in ("datasets_item", "annotation_task"))
        for start in range(0, n_tasks, CHUNK):
            chunk = {"p": project.pk, "q": queue.pk, "k": k, "i": first_item, "t": first_task, "start": start + 1}
            chunk["end"] = min(start + CHUNK, n_tasks)
            for statement in (_ITEMS, _TASKS, _PAYLOADS):
                cursor.execute(statement, chunk)
        counts = {"n": n_tasks, "q": queue.pk, "s": n_tasks * k}
        cursor.execute("UPDATE annotation_queue SET n_tasks = %(n)s, n_slots = %(s)s WHERE id = %(q)s", counts)
        cursor.execute("UPDATE annotation_lane SET n_tasks = %(n)s, max_rank = 0 WHERE queue_id = %(q)s", counts)
        cursor.execute("RESET session_replication_role")
        for table in ("annotation_task", "annotation_taskpayload", "datasets_item"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    queue.refresh_from_db()
    return queue


def _reserve(cursor: Any, table: str, n: int) -> int:
    """The first of n numbers of a table's own, so that rows of several tables fit together without a join."""
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
    first = int(cursor.fetchone()[0])
    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + n])
    return first


def make_annotators(queue: Queue, n: int) -> list[tuple[Annotator, str]]:
    """Annotators with their tokens."""
    found = []
    for _ in range(n):
        user = User.objects.create_user(f"annotator-{secrets.token_hex(6)}@example.org", name="Annotator")
        Membership.objects.create(project=queue.project, user=user, role="annotator")
        annotator = Annotator.objects.create(project=queue.project, user=user, is_simulated=True)
        _, secret = create_token(user=user, name="bench", scopes=["label"], project=queue.project)
        found.append((annotator, secret))
    return found


def make_veterans(queue: Queue, annotators: Sequence[Annotator]) -> None:
    """They have done the first 100,000 tasks, which stay open for others: what a plain anti-join would walk over."""
    with connection.cursor() as cursor:
        first = "SELECT id, rank FROM annotation_task WHERE queue_id = %(q)s ORDER BY rank, id LIMIT %(n)s"
        cursor.execute("SET session_replication_role = replica")
        for annotator in annotators:
            params = {"q": queue.pk, "a": annotator.pk, "p": queue.project_id, "n": DONE_BY_VETERANS}
            cursor.execute(
                f"""INSERT INTO annotation_assignment
                      (project_id, queue_id, annotator_id, task_id, state, revision, token, expires_at, submitted_at)
                    SELECT %(p)s, %(q)s, %(a)s, id, 'submitted', 1, gen_random_uuid(), now(), now() FROM ({first}) t""",
                params,
            )
            cursor.execute(f"SELECT rank, id FROM ({first}) t ORDER BY rank DESC, id DESC LIMIT 1", params)
            rank, task = cursor.fetchone()
            Cursor.objects.create(annotator=annotator, queue=queue, lane=0, epoch=queue.epoch, rank=rank, task=task)
        cursor.execute(
            f"""UPDATE annotation_task SET n_out = n_out + %(done)s, n_done = n_done + %(done)s, k = k + %(done)s
                WHERE id IN (SELECT id FROM ({first}) t)""",
            {"q": queue.pk, "n": DONE_BY_VETERANS, "done": len(annotators)},
        )
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM ANALYZE annotation_assignment")
        cursor.execute("VACUUM ANALYZE annotation_task")
