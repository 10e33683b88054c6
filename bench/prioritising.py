"""A new priority for a whole queue while people go on labelling: how long a chunk takes, and what the others notice."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import psutil
from django.db import connection, transaction

from accounts.services.jobs import Claim, claim_job
from annotation.models import Queue
from annotation.services import bulk
from bench.crowd import make_annotators, make_queue, say
from bench.load import Client, Cost, Meter, Samples, cost, idle_rates, measured, working

QUIET_SECONDS = 15.0
PRIORITY = 5
WITHOUT_END = 10**9


def prioritise(n_tasks: int, *, n_clients: int) -> None:
    """Print the times of the job's chunks, and the stream's costs before it and beside it."""
    queue = make_queue(n_tasks)
    clients = [Client(queue, secret) for _, secret in make_annotators(queue, n_clients)]
    meter = Meter()
    idle = idle_rates(meter)
    with _stream(clients):
        time.sleep(3)
        say("the stream alone …")
        before = _cost_meanwhile(clients, meter, idle, lambda: time.sleep(QUIET_SECONDS))
        say("the stream and the job …")
        chunks: list[float] = []
        beside = _cost_meanwhile(clients, meter, idle, lambda: chunks.extend(_perform(queue)))
    chunks.sort()
    print(
        f"{n_tasks:,} tasks get a new priority in {len(chunks)} chunks of {bulk.CHUNK:,}, {n_clients} clients labelling"
    )
    at_95 = chunks[int(0.95 * len(chunks))]
    print(f"a chunk: median {statistics.median(chunks):.0f} ms, p95 {at_95:.0f}, longest {chunks[-1]:.0f}")
    print(f"tasks a second: {1000 * n_tasks / sum(chunks):,.0f}")
    print(
        f"{'':<24} {'web':>7} {'database':>9} {'CPU':>8} {'next p50':>8} {'p95':>7} {'subm p50':>8} {'p95':>7}   per s"
    )
    for name, one in (("the stream alone", before), ("the stream beside the job", beside)):
        _show(name, one)
    print("CPU is in ms an annotation, without the job's own connection; its vacuums and checkpoints are in it.")


@dataclass(frozen=True)
class _Timed(Claim):
    """A claim that notes when each chunk ended."""

    ended: list[float] = field(default_factory=lambda: [time.perf_counter()])

    def beat(self, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        super().beat(done, total, message)
        self.ended.append(time.perf_counter())


def _perform(queue: Queue) -> list[float]:
    """Do the job here and not in a worker, so that its connection is known. Milliseconds of each chunk."""
    with transaction.atomic():  # the worker that is woken finds it taken
        job = bulk.start_prioritising(queue=queue, selection={}, priority=PRIORITY)
        claim = claim_job(job.pk)
    assert claim is not None
    timed = _Timed(job=claim.job, fence=claim.fence)
    timed.succeed(bulk.perform_prioritising(timed))
    return [1000 * (end - start) for start, end in pairwise(timed.ended)]


@contextmanager
def _stream(clients: Sequence[Client]) -> Iterator[None]:
    with working(clients, WITHOUT_END, threading.Event()):
        yield


def _cost_meanwhile(
    clients: Sequence[Client], meter: Meter, idle: tuple[float, float], work: Callable[[], None]
) -> Cost:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = psutil.Process(cursor.fetchone()[0])
    for client in clients:
        client.samples = Samples()
    before = own.cpu_times()
    with measured(meter, idle) as used:
        work()
    after = own.cpu_times()
    used["database"] -= after.user + after.system - before.user - before.system
    return cost(clients, used)


def _show(name: str, one: Cost) -> None:
    cpu = f"{one.web_ms:7.2f} {one.database_ms:9.2f} {one.total_ms:8.2f}"
    latency = f"{one.next_p50:8.1f} {one.next_p95:7.1f} {one.submit_p50:8.1f} {one.submit_p95:7.1f}"
    print(f"{name:<24} {cpu} {latency} {one.per_second:7.0f}", flush=True)
