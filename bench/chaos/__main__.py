"""32 annotators, and everything around them dies at random: is anything lost, doubled, or above the wanted number?

`make chaos-queue` runs it on a throw-away database with web and worker processes of its own; `COUNT=100000` for the
long run. It prints what it did and what it found, and ends with 1 unless every figure that ought to be 0 is.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  (after setup)
from django.db import connections  # noqa: E402

from annotation.models import Queue  # noqa: E402
from bench.chaos.annotator import Annotator  # noqa: E402
from bench.chaos.network import Network  # noqa: E402
from bench.chaos.processes import Processes  # noqa: E402
from bench.chaos.server_blows import cut_database, let_leases_run_out  # noqa: E402
from bench.chaos.verdict import Verdict, judge  # noqa: E402
from bench.crowd import make_annotators, make_queue  # noqa: E402
from config.launcher.broker import ensure_installed  # noqa: E402

LEASE_MINUTES = 1  # so that leases run out by themselves within the run
CALM_SECONDS = 300  # for the outboxes to empty after the last blow


def say(sentence: str) -> None:
    print(f"  {sentence}", file=sys.stderr, flush=True)


class Monkey:
    """Strikes again and again, each time somewhere else."""

    def __init__(self, processes: Processes, network: Network, dice: random.Random, pause: float) -> None:
        self.processes, self.network, self.dice, self.pause = processes, network, dice, pause
        self.blows = [self.kill_web, self.kill_web, self.kill_web_child, self.kill_worker, self.cut_network]
        self.blows += [self.cut_database, self.let_leases_run_out, self.let_leases_run_out]

    def strike(self) -> None:
        self.dice.choice(self.blows)()

    def kill_web(self) -> None:
        if webs := self.processes.webs_up():
            self.processes.kill(self.dice.choice(webs))

    def kill_web_child(self) -> None:
        if self.processes.webs_up():
            self.processes.kill_web_child(self.dice)

    def kill_worker(self) -> None:
        self.processes.kill(self.dice.choice(["worker", "beat"]))

    def cut_network(self) -> None:
        self.network.go_down()
        self.network.count("outages of the network")
        time.sleep(0.3 + 2 * self.dice.random())
        self.network.come_back()

    def cut_database(self) -> None:
        for _ in range(cut_database()):
            self.network.count("connections to the database cut")

    def let_leases_run_out(self) -> None:
        self.network.counts["leases run out at once"] += let_leases_run_out(0.4)


def run(options: argparse.Namespace, processes: Processes, network: Network, queue: Queue) -> list[Annotator]:
    dice = random.Random(options.seed)  # noqa: S311
    annotators = [
        Annotator(
            queue=str(queue.public_id), secret=secret, annotator=one.pk, network=network, seed=options.seed + 1 + i
        )
        for i, (one, secret) in enumerate(make_annotators(queue, options.annotators))
    ]
    monkey = Monkey(processes, network, dice, options.pause)
    finished = threading.Event()
    threads = [threading.Thread(target=work, args=(one, finished), daemon=True) for one in annotators]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    until = started + 60 * options.minutes
    while not all(one.is_idle for one in annotators) and time.monotonic() < until:
        time.sleep(options.pause * (0.5 + dice.random()))
        monkey.strike()
        network.counts["processes that ended by themselves, started again"] += processes.revive()
        done = sum(len(one.ledger.stored()) for one in annotators)
        say(f"{time.monotonic() - started:5.0f} s  {done:,} stored  {dict(processes.n_killed)}  {dict(network.counts)}")
    settle(annotators, limit=time.monotonic() + CALM_SECONDS, drain=time.monotonic() < until)
    finished.set()
    for thread in threads:
        thread.join(60)
    return annotators


def work(annotator: Annotator, finished: threading.Event) -> None:
    while not finished.is_set():
        try:
            annotator.step()
        except Exception as error:
            annotator.ledger.unforeseen[f"{type(error).__name__}: {error}"] += 1
            time.sleep(1)


def settle(annotators: Sequence[Annotator], *, limit: float, drain: bool) -> None:
    """No blow falls any more: what is unsent gets its answer. drain: and the queue is worked to its end."""
    for one in annotators:
        one.takes_leases = drain
        one.empty_rounds = 0
    while not all(one.is_idle for one in annotators) and time.monotonic() < limit:
        time.sleep(0.2)
    for one in annotators:
        one.takes_leases = False
    while any(one.unsent for one in annotators) and time.monotonic() < limit:
        time.sleep(0.2)


def report(found: Verdict, annotators: Sequence[Annotator], processes: Processes, network: Network, asked: int) -> None:
    ledgers = [one.ledger for one in annotators]
    said = [
        (f"annotators, labels asked for (k = {Queue.objects.values_list('redundancy', flat=True).get()})",
         f"{len(annotators)}, {asked:,}"),
        ("labels in the database, tasks finished", f"{found.n_labels:,}, {found.n_finished:,}"),
        ("submissions acknowledged", f"{found.n_stored:,}"),
        ("sent again after they were stored", f"{sum(one.n_replays for one in ledgers):,}"),
        ("sent twice at the same time", f"{sum(one.n_doubles for one in ledgers):,}"),
        ("tabs that died with their leases", f"{sum(one.n_forgotten for one in ledgers):,}"),
        *[(f"killed with -9: {name}", f"{n:,}") for name, n in processes.n_killed.items()],
        *[(name, f"{n:,}") for name, n in sorted(network.counts.items())],
        *[(f"refused: {name}", f"{n:,}") for name, n in sorted(found.refusals.items())],
        ("ABOVE THE WANTED NUMBER", f"{found.above:,}"),
        ("LOST: acknowledged, and not in the database as sent", f"{found.lost:,}"),
        ("DOUBLED: stored twice, or refused and yet stored", f"{found.doubled:,}"),
        ("STORED, AND IN NO CLIENT'S LEDGER", f"{found.unknown:,}"),
        ("MISCOUNTED by the server's counters", f"{found.miscounted:,}"),
        ("UNSENT at the end", f"{found.unsettled:,}"),
        *[(f"UNFORESEEN: {name}", f"{n:,}") for name, n in sorted(found.unforeseen.items())],
    ]  # fmt: skip
    for name, figure in said:
        print(f"{name:<56}{figure:>16}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.chaos", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="labels wanted in all")
    parser.add_argument("--annotators", type=int, default=32)
    parser.add_argument("--redundancy", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=60, help="the blows end after that many minutes at the latest")
    parser.add_argument("--pause", type=float, default=1.0, help="mean seconds between two blows")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    ensure_installed(os.environ["DATABASE_URL"])
    call_command("migrate", verbosity=0, interactive=False)
    queue = make_queue(-(-options.count // options.redundancy), k=options.redundancy, classes=("cat", "dog", "car"))
    logs = Path(tempfile.mkdtemp(prefix="touchstone-chaos-"))
    processes = Processes(logs=logs, extra={"LEASE_MINUTES": str(LEASE_MINUTES)})
    network = Network(processes.ports)
    started = time.monotonic()
    try:
        say("starting two web processes, a worker and beat …")
        processes.start_all()
        annotators = run(options, processes, network, queue)
    finally:
        processes.end()
    connections.close_all()
    found = judge(queue_id=queue.pk, ledgers=[one.ledger for one in annotators])
    report(found, annotators, processes, network, queue.n_slots)
    print(f"{'seconds':<56}{time.monotonic() - started:>16,.0f}")
    if not found.is_clean:
        print(f"Not everything is 0. The logs are in {logs}.")
    return 0 if found.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
