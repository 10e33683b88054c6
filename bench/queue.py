"""What one annotation costs: CPU of web and PostgreSQL, and latency, at 10,000 and at 1,000,000 tasks.

`make bench-queue` (TASKS=10000000 for as many in the large queue) runs it against a complete server with a throw-away
database. Stateful clients do what a workbench does: lease five, answer them, lease again. CPU is read from /proc and
holds still on a busy machine; latency does not, so judge by the ratio. The throw-away database does not wait for the
disk. PRIORITISE=1000000 instead gives so many tasks a new priority while people go on. Prints figures, asserts nothing.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import django

django.setup()

from django.db import connection, connections  # noqa: E402  (after setup)
from django.db.models import Max, Min  # noqa: E402

from annotation.models import Queue, Task  # noqa: E402
from annotation.services.places import announce  # noqa: E402
from bench.crowd import DONE_BY_VETERANS, K, make_annotators, make_queue, make_veterans, say  # noqa: E402
from bench.load import ANNOTATIONS, BATCH, Cost, Meter, cost_of, idle_rates  # noqa: E402
from bench.prioritising import prioritise  # noqa: E402

SMALL, LARGE = 10_000, 1_000_000
LEAST = DONE_BY_VETERANS + 2 * SMALL  # so that veterans have as much left as newcomers have in the small queue
CLIENTS = 6
ROUNDS = 8  # a busy machine makes CPU dearer, so rounds are short, take turns, and the best one counts


@dataclass(frozen=True)
class Row:
    """Who asks which queue; and what happens before each round's annotations."""

    queue: Queue
    tokens: list[str]
    before: Callable[[], None] = lambda: None


def change_everything(queue: Queue) -> Callable[[], None]:
    """What a new order of the whole queue tells the cursors: all that people have done lies ahead of them again."""
    ends = Task.objects.filter(queue=queue).aggregate(Min("rank"), Max("rank"), Min("pk"), Max("pk"))
    first, last = (ends["rank__min"], ends["pk__min"]), (ends["rank__max"], ends["pk__max"])

    def change() -> None:
        announce(queue_id=queue.pk, places={0: [first, last]})
        connection.close()

    return change


def show(name: str, cost: Cost) -> None:
    cpu = f"{cost.web_ms:7.2f} {cost.database_ms:9.2f} {cost.total_ms:8.2f}"
    latency = f"{cost.next_p50:8.1f} {cost.next_p95:7.1f} {cost.submit_p50:8.1f} {cost.submit_p95:7.1f}"
    print(f"{name:<54} {cpu} {latency} {cost.per_second:7.0f}", flush=True)


def crowd_of(n_large: int) -> dict[str, Row]:
    rows = {}
    for n in (SMALL, n_large):
        queue = make_queue(n)
        rows[f"{n:,} tasks, newcomers"] = Row(queue, [secret for _, secret in make_annotators(queue, CLIENTS)])
    veterans = make_annotators(queue, CLIENTS)
    make_veterans(queue, [annotator for annotator, _ in veterans])
    tokens = [secret for _, secret in veterans]
    name = f"{n_large:,} tasks, veterans of {DONE_BY_VETERANS:,}"
    rows[name] = Row(queue, tokens)
    rows[f"{name}, after a change"] = Row(queue, tokens, before=change_everything(queue))
    return rows


def _in_turn(rows: dict[str, Row], i: int) -> list[tuple[str, Row]]:
    """Another one first in each round: whoever comes after the pause in which nobody asks finds everything cold."""
    found = list(rows.items())
    return found[i % len(found) :] + found[: i % len(found)]


def compare(n_large: int, rounds: int) -> None:
    meter = Meter()
    rows = crowd_of(n_large)
    connections.close_all()
    time.sleep(1)  # the closed backend's CPU is counted with its parent from now on
    costs: dict[str, Cost] = {}
    for i in range(rounds):
        idle = idle_rates(meter)
        for name, row in _in_turn(rows, i):
            say(f"round {i + 1} of {rounds}: {name}")
            cost = cost_of(row.queue, row.tokens, meter, idle, before=row.before)
            costs[name] = min(cost, costs.get(name, cost), key=lambda one: one.total_ms)
    best = f"the best of {rounds} x {ANNOTATIONS:,} annotations, ms"
    print(f"{CLIENTS} clients, {BATCH} leases a call, k = {K}, {best}")
    latency = f"{'next p50':>8} {'p95':>7} {'subm p50':>8} {'p95':>7}"
    print(f"{'':<54} {'web':>7} {'database':>9} {'CPU':>8} {latency}   per s")
    for name in rows:
        show(name, costs[name])
    small, large, veteran, after = (costs[name].total_ms for name in rows)
    print(f"CPU at {n_large:,} tasks / at {SMALL:,}: {large / small:.2f}")
    print(f"CPU of a veteran of {DONE_BY_VETERANS:,} / of a newcomer: {veteran / large:.2f}")
    print(f"  when all of it lies ahead again after a change: {after / large:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.queue", description=__doc__)
    parser.add_argument("--tasks", type=int, default=LARGE, help=f"size of the large queue, {LEAST:,} at least")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--prioritise", type=int, help="only give so many tasks a new priority while people go on")
    options = parser.parse_args()
    if options.tasks < LEAST:
        parser.error(
            f"--tasks {options.tasks:,} is too few: veterans have done {DONE_BY_VETERANS:,}; {LEAST:,} at least."
        )
    if options.prioritise:
        prioritise(options.prioritise, n_clients=CLIENTS)
    else:
        compare(options.tasks, options.rounds)


if __name__ == "__main__":
    main()
