"""What one annotation costs: CPU of web and PostgreSQL, and latency, at 10,000 and at 1,000,000 tasks.

`make bench-queue` (TASKS=10000000 for as many in the large queue) runs it against a complete server with a throw-away
database. Stateful clients do what a workbench does: lease five, answer them, lease again. CPU is read from /proc and
holds still on a busy machine; latency does not, so judge by the ratio. The throw-away database does not wait for the
disk. Prints figures and asserts nothing.
"""

import argparse
import http.client
import json
import os
import secrets
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import django

django.setup()

import psutil  # noqa: E402  (after setup)
from django.db import connection, connections  # noqa: E402

from accounts.models import Membership, Project, User  # noqa: E402
from accounts.services.tokens import create_token  # noqa: E402
from annotation.models import Annotator, Cursor, Queue  # noqa: E402
from annotation.services.queues import QueueSettings, create_queue  # noqa: E402
from datasets.services.schemas import create_schema  # noqa: E402

HOST, PORT = "127.0.0.1", int(os.environ.get("PORT", "8000"))
SMALL, LARGE = 10_000, 1_000_000
DONE_BY_VETERANS = 100_000
K = 5
CLIENTS = 6
BATCH = 5
ANNOTATIONS = 600
WARM_UP = 60
ROUNDS = 6  # a busy machine makes CPU dearer, so rounds are short, take turns, and the best one counts
IDLE_SECONDS = 3.0
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


@dataclass
class Samples:
    """Seconds of each request, and how many annotations were made."""

    next: list[float] = field(default_factory=list)
    submit: list[float] = field(default_factory=list)
    annotations: int = 0


@dataclass(frozen=True)
class Cost:
    """CPU milliseconds an annotation; milliseconds of latency."""

    web_ms: float
    database_ms: float
    next_p50: float
    next_p95: float
    submit_p50: float
    submit_p95: float
    per_second: float

    @property
    def total_ms(self) -> float:
        return self.web_ms + self.database_ms


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


class Client:
    """One annotator's tab over one kept-alive connection."""

    def __init__(self, queue: Queue, secret: str) -> None:
        self.queue = str(queue.public_id)
        self.headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self.connection = http.client.HTTPConnection(HOST, PORT, timeout=60)
        self.samples = Samples()

    def post(self, path: str, body: dict[str, Any], times: list[float]) -> dict[str, Any]:
        started = time.perf_counter()
        self.connection.request("POST", f"/api/v1/{path}", json.dumps(body), self.headers)
        response = self.connection.getresponse()
        text = response.read()
        times.append(time.perf_counter() - started)
        if response.status >= 300:
            raise RuntimeError(f"{path} answered {response.status}: {text[:300]!r}")
        found: dict[str, Any] = json.loads(text)
        return found

    def work(self, annotations: int) -> None:
        done = 0
        while done < annotations:
            body = {"want": BATCH, "holding": [], "tab": "bench"}
            leases = self.post(f"queues/{self.queue}/next", body, self.samples.next)["leases"]
            if not leases:
                raise RuntimeError("The queue ran dry; this bench needs more tasks.")
            for lease in leases:
                answer = {"kind": "class", "classes": [CLASS_KEYS[done % len(CLASS_KEYS)]]}
                submission = {
                    "id": str(uuid.uuid4()), "lease": lease["lease"], "task": lease["task"], "revision": 1,
                    "schema_version": 1, "answer": answer, "duration_ms": 1000, "tab": "bench",
                }  # fmt: skip
                self.post("submissions", submission, self.samples.submit)
                done += 1
        self.samples.annotations += done


class Meter:
    """CPU seconds of the web process and of PostgreSQL with all their children."""

    def __init__(self) -> None:
        launcher = psutil.Process().parents()
        web = [child for parent in launcher for child in parent.children() if "granian" in " ".join(child.cmdline())]
        if not web:
            raise SystemExit("No web process was found. Run this with `make bench-queue`.")
        self.web = web[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = psutil.Process(cursor.fetchone()[0])
        postmaster = backend.parent()
        assert postmaster is not None
        self.database = postmaster

    def read(self) -> tuple[float, float]:
        return self._seconds(self.web), self._seconds(self.database)

    def _seconds(self, root: psutil.Process) -> float:
        total = root.cpu_times().children_user + root.cpu_times().children_system
        for process in [root, *root.children(recursive=True)]:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
        return total


@contextmanager
def measured(meter: Meter, idle: tuple[float, float]) -> Iterator[dict[str, float]]:
    """Fills in web and database CPU seconds, without what both burn when nobody asks."""
    found: dict[str, float] = {}
    started, before = time.perf_counter(), meter.read()
    yield found
    after, seconds = meter.read(), time.perf_counter() - started
    found["seconds"] = seconds
    found["web"] = max(after[0] - before[0] - idle[0] * seconds, 0.0)
    found["database"] = max(after[1] - before[1] - idle[1] * seconds, 0.0)


def idle_rates(meter: Meter) -> tuple[float, float]:
    """CPU seconds a second of web and PostgreSQL while nobody asks: the workers look for jobs."""
    before = meter.read()
    time.sleep(IDLE_SECONDS)
    after = meter.read()
    return (after[0] - before[0]) / IDLE_SECONDS, (after[1] - before[1]) / IDLE_SECONDS


def load(clients: Sequence[Client], annotations: int) -> None:
    share = annotations // len(clients)
    failures: list[BaseException] = []

    def work(client: Client) -> None:
        try:
            client.work(share)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def cost_of(queue: Queue, secrets_of: Sequence[str], meter: Meter, idle: tuple[float, float]) -> Cost:
    clients = [Client(queue, secret) for secret in secrets_of]
    load(clients, WARM_UP)
    for client in clients:
        client.samples = Samples()
    with measured(meter, idle) as used:
        load(clients, ANNOTATIONS)
    made = sum(client.samples.annotations for client in clients)
    nexts = sorted(1000 * one for client in clients for one in client.samples.next)
    submits = sorted(1000 * one for client in clients for one in client.samples.submit)
    return Cost(
        web_ms=1000 * used["web"] / made,
        database_ms=1000 * used["database"] / made,
        next_p50=statistics.median(nexts),
        next_p95=nexts[int(0.95 * len(nexts))],
        submit_p50=statistics.median(submits),
        submit_p95=submits[int(0.95 * len(submits))],
        per_second=made / used["seconds"],
    )


def show(name: str, cost: Cost) -> None:
    cpu = f"{cost.web_ms:7.2f} {cost.database_ms:9.2f} {cost.total_ms:8.2f}"
    latency = f"{cost.next_p50:8.1f} {cost.next_p95:7.1f} {cost.submit_p50:8.1f} {cost.submit_p95:7.1f}"
    print(f"{name:<44} {cpu} {latency} {cost.per_second:7.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.queue", description=__doc__)
    parser.add_argument("--tasks", type=int, default=LARGE, help="size of the large queue")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    meter = Meter()
    rows: dict[str, tuple[Queue, list[str]]] = {}
    for n in (SMALL, options.tasks):
        queue = make_queue(n)
        rows[f"{n:,} tasks, newcomers"] = queue, [secret for _, secret in make_annotators(queue, CLIENTS)]
    veterans = make_annotators(queue, CLIENTS)
    make_veterans(queue, [annotator for annotator, _ in veterans])
    rows[f"{options.tasks:,} tasks, veterans of {DONE_BY_VETERANS:,}"] = queue, [secret for _, secret in veterans]
    connections.close_all()
    time.sleep(1)  # the closed backend's CPU is counted with its parent from now on
    costs: dict[str, Cost] = {}
    for i in range(options.rounds):
        idle = idle_rates(meter)
        for name, (queue, tokens) in rows.items():
            say(f"round {i + 1} of {options.rounds}: {name}")
            cost = cost_of(queue, tokens, meter, idle)
            costs[name] = min(cost, costs.get(name, cost), key=lambda one: one.total_ms)
    best = f"the best of {options.rounds} x {ANNOTATIONS:,} annotations, ms"
    print(f"{CLIENTS} clients, {BATCH} leases a call, k = {K}, {best}")
    latency = f"{'next p50':>8} {'p95':>7} {'subm p50':>8} {'p95':>7}"
    print(f"{'':<44} {'web':>7} {'database':>9} {'CPU':>8} {latency}   per s")
    for name, cost in costs.items():
        show(name, cost)
    small, large, veteran = costs.values()
    print(f"CPU at {options.tasks:,} tasks / at {SMALL:,}: {large.total_ms / small.total_ms:.2f}")
    print(f"CPU of a veteran of {DONE_BY_VETERANS:,} / of a newcomer: {veteran.total_ms / large.total_ms:.2f}")


if __name__ == "__main__":
    main()
