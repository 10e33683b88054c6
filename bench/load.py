"""Clients that do what a workbench does, and what that costs the server: CPU is read from /proc."""

import http.client
import json
import os
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psutil
from django.db import connection

from annotation.models import Queue
from bench.crowd import CLASS_KEYS

HOST, PORT = "127.0.0.1", int(os.environ.get("PORT", "8000"))
BATCH = 5
ANNOTATIONS = 600
WARM_UP = 60
IDLE_SECONDS = 3.0


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

    def work(self, annotations: int, stop: threading.Event | None = None) -> None:
        """So many annotations, or fewer when told to stop."""
        done = 0
        while done < annotations and not (stop and stop.is_set()):
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
                self.samples.annotations += 1
                done += 1


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


@contextmanager
def working(clients: Sequence[Client], share: int, stop: threading.Event | None = None) -> Iterator[None]:
    """Each client makes so many annotations beside what is done here; waits for all at the end."""
    failures: list[BaseException] = []

    def work(client: Client) -> None:
        try:
            client.work(share, stop)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        if stop:
            stop.set()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]


def load(clients: Sequence[Client], annotations: int) -> None:
    with working(clients, annotations // len(clients)):
        pass


def cost_of(
    queue: Queue,
    tokens: Sequence[str],
    meter: Meter,
    idle: tuple[float, float],
    before: Callable[[], None] = lambda: None,
) -> Cost:
    """Of so many annotations, after a few that warm up and what is to happen before them."""
    clients = [Client(queue, token) for token in tokens]
    load(clients, WARM_UP)
    for client in clients:
        client.samples = Samples()
    before()
    with measured(meter, idle) as used:
        load(clients, ANNOTATIONS)
    return cost(clients, used)


def cost(clients: Sequence[Client], used: Mapping[str, float]) -> Cost:
    """used: seconds gone by, and CPU seconds of web and database."""
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
