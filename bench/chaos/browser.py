"""Real browsers, and everything around them dies at random: is one answer that somebody saw taken lost or doubled?

`make chaos-browser` runs it on a throw-away database with web and worker processes of its own; COUNT=10000 answers
unless told, MINUTES bounds the blows. Annotators answer by keyboard in several tabs of a Chromium each
(frontend/bench/chaos.people.ts); what they saw taken is written down on their side, and compared with the database at
the end. It prints what it did and what it found, and ends with 1 unless every figure that ought to be 0 is.
"""

import argparse
import hashlib
import io
import json
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402  (after setup)
from django.db import connection, connections  # noqa: E402
from PIL import Image  # noqa: E402

from accounts.models import Membership, User  # noqa: E402
from annotation.models import Queue  # noqa: E402
from bench.chaos.processes import ROOT, Processes, answers  # noqa: E402
from bench.chaos.seen import judge, read, show, table  # noqa: E402
from bench.chaos.server_blows import ServerBlows  # noqa: E402
from bench.crowd import make_queue  # noqa: E402
from common.storage import content_key, object_store  # noqa: E402
from config.bootstrap import node_folder  # noqa: E402
from config.launcher import chromium  # noqa: E402
from config.launcher.broker import ensure_installed  # noqa: E402
from config.launcher.parent_death import signal_when_parent_dies  # noqa: E402

LEASE_MINUTES = 2  # so that leases run out by themselves within the run
WEB_WORKERS = 2  # as `make demo` has
N_PICTURES = 40
PICTURE = (320, 240)
SLACK = 1.1  # so many more labels are wanted than are asked for, so that nobody stands idle at the end
CALM_SECONDS = 420  # for the outboxes to empty after the last blow
_SHOW_PICTURES = """
UPDATE annotation_taskpayload SET object_key = (%s::text[])[1 + task_id %% %s], width = %s, height = %s
WHERE queue_id = %s
"""


def say(sentence: str) -> None:
    print(f"  {sentence}", file=sys.stderr, flush=True)


def give_pictures(queue: Queue) -> None:
    """A few real pictures, shared by all items."""
    keys = []
    for n in range(N_PICTURES):
        buffer = io.BytesIO()
        Image.new("RGB", PICTURE, (n * 6, 255 - n * 6, n * 37 % 256)).save(buffer, "PNG")
        content = buffer.getvalue()
        key = content_key(queue.project_id, hashlib.sha256(content).hexdigest())
        object_store().put(key, [content])
        keys.append(key)
    with connection.cursor() as cursor:
        cursor.execute(_SHOW_PICTURES, [keys, N_PICTURES, *PICTURE, queue.pk])


def make_people(queue: Queue, n: int) -> list[dict[str, str]]:
    """Annotators who can sign in."""
    people = []
    for i in range(n):
        person = {"email": f"annotator-{i}-{secrets.token_hex(3)}@example.org", "password": secrets.token_hex(8)}
        user = User.objects.create_user(person["email"], person["password"], name=f"Annotator {i}")
        Membership.objects.create(project=queue.project, user=user, role="annotator")
        people.append(person)
    return people


class Crowd:
    """The browsers, in a process of their own, and the ledger that it writes."""

    def __init__(self, folder: Path, setup: dict[str, Any], browser: str) -> None:
        self.folder, self.ledger, self.calm = folder, folder / "ledger.jsonl", folder / "calm"
        self.ledger.touch()
        (folder / "setup.json").write_text(
            json.dumps({**setup, "ledger": str(self.ledger), "calm": str(self.calm), "homes": str(folder / "homes")})
        )
        playwright = [str(node_folder() / "node"), "node_modules/@playwright/test/cli.js", "test"]
        path = os.pathsep.join([str(node_folder()), os.environ.get("PATH", os.defpath)])
        self.process = subprocess.Popen(
            [*playwright, "-c", "bench/chaos.config.ts"],
            cwd=ROOT / "frontend",
            env={**os.environ, "PATH": path, "CHROMIUM": browser, "CHAOS_SETUP": str(folder / "setup.json")},
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
            preexec_fn=signal_when_parent_dies(signal.SIGTERM),  # noqa: PLW1509  (started from the main thread)
        )
        self.n_taken = 0
        self._read_to = 0

    def look(self) -> int:
        """Answers seen taken so far."""
        with self.ledger.open("rb") as lines:
            lines.seek(self._read_to)
            text = lines.read()
        text = text[: text.rfind(b"\n") + 1]
        self._read_to += len(text)
        self.n_taken += text.count(b'"what":"taken"')
        return self.n_taken

    @property
    def is_at_work(self) -> bool:
        return self.process.poll() is None

    def finish(self) -> int:
        """No blow falls any more: people stop and their browsers send what is left."""
        self.calm.touch()
        try:
            return self.process.wait(CALM_SECONDS)
        except subprocess.TimeoutExpired:
            return 1

    def end(self) -> None:
        if self.is_at_work:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def run(options: argparse.Namespace, crowd: Crowd, processes: Processes) -> tuple[Counter[str], float]:
    """Blows until so many answers were seen taken, or the time is over. Returns the blows, and the seconds it took."""
    dice = random.Random(options.seed)  # noqa: S311
    blows = ServerBlows(processes, dice)
    started = time.monotonic()
    until = started + 60 * options.minutes
    told = started
    # By answers, not by the clock: a slow machine gets as many blows for an answer as a fast one.
    next_blow = 0.0
    while crowd.look() < options.count and time.monotonic() < until and crowd.is_at_work:
        time.sleep(0.1)
        if n_ended := processes.revive():
            blows.counts["ended by itself, started again"] += n_ended
        if crowd.n_taken >= next_blow:
            blows.strike()
            next_blow = crowd.n_taken + options.gap * (0.5 + dice.random())
        if time.monotonic() - told > 20:
            told = time.monotonic()
            say(f"{told - started:5.0f} s  {crowd.look():,} taken  {dict(blows.counts)}")
    return blows.counts, time.monotonic() - started


def wait_for_web(processes: Processes) -> None:
    processes.revive()
    deadline = time.monotonic() + 60
    while not all(answers(port) for port in processes.ports) and time.monotonic() < deadline:
        time.sleep(0.2)


def main() -> int:
    options = parse()
    browser = chromium.find_or_install()
    if browser is None:
        raise SystemExit("No Chromium was found and none may be installed here; set CHROMIUM to its path.")
    ensure_installed(os.environ["DATABASE_URL"])
    call_command("migrate", verbosity=0, interactive=False)
    n_tasks = 100 + int(SLACK * options.count / options.redundancy)
    queue = make_queue(n_tasks, k=options.redundancy, classes=("cat", "dog", "car"))
    give_pictures(queue)
    folder = Path(tempfile.mkdtemp(prefix="touchstone-chaos-"))
    port = int(os.environ["PORT"])
    setup = {
        "url": os.environ["PUBLIC_URL"],
        "place": {"project": queue.project.slug, "queue": str(queue.public_id)},
        "people": make_people(queue, options.annotators),
        "tabs": options.tabs,
        "seed": options.seed,
    }
    processes = Processes(logs=folder, extra={"LEASE_MINUTES": str(LEASE_MINUTES)}, ports=[port], workers=WEB_WORKERS)
    crowd, code = None, 1
    try:
        say(f"seed {options.seed}; starting the web server, a worker and beat …")
        processes.start_all()
        crowd = Crowd(folder, setup, browser)
        blows, seconds = run(options, crowd, processes)
        wait_for_web(processes)
        say("no blow falls any more: what is unsent is sent …")
        code = crowd.finish()
    finally:
        if crowd is not None:
            crowd.end()
        processes.end()
    return report(options, queue, crowd, blows=blows, seconds=seconds, code=code)


def report(
    options: argparse.Namespace, queue: Queue, crowd: Crowd, *, blows: Counter[str], seconds: float, code: int
) -> int:
    connections.close_all()
    with crowd.ledger.open() as lines:
        account = read(lines)
    found = judge(queue=str(queue.public_id), since=datetime.fromtimestamp(0, UTC), account=account)
    setting = f"{options.annotators}, {options.tabs}, {options.redundancy}, {options.seed}"
    rows: Sequence[tuple[str, str]] = [
        ("annotators, tabs each, labels wanted a task, seed", setting),
        *[(name, f"{n:,}") for name, n in sorted(blows.items())],
        *table(found, account),
        ("minutes; answers a second", f"{seconds / 60:.1f}; {account.n_taken / max(seconds, 1):.1f}"),
    ]
    show(rows)
    enough = account.n_taken >= options.count
    if not enough:
        print(f"Only {account.n_taken:,} of {options.count:,} answers were given in the time.")
    if code != 0:
        print("The browsers did not come to an end by themselves.")
    clean = found.is_clean and code == 0 and account.n_taken > 0
    if clean:
        shutil.rmtree(crowd.folder, ignore_errors=True)
    else:
        print(f"Not everything is as it should be. The ledger and the logs are in {crowd.folder}.")
    return 0 if clean and enough else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.chaos.browser", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="answers that people see taken")
    parser.add_argument("--annotators", type=int, default=5)
    parser.add_argument("--tabs", type=int, default=2, help="of each annotator")
    parser.add_argument("--redundancy", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=60, help="the blows end after that many minutes at the latest")
    parser.add_argument("--gap", type=float, default=50, help="mean number of answers between two blows at the server")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
