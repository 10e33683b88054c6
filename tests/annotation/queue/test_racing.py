"""Real processes race for the same tasks and are killed at any moment; connections are cut in mid-transaction."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from annotation.models import Assignment, Participation, Queue, Submission, Task
from annotation.services.hot.leasing import next_leases
from annotation.services.hot.submitting import NewSubmission, submit
from annotation.services.hot.upkeep import sweep_expired
from tests.annotation.factories import make_annotators, make_queue
from tests.annotation.queue.webs import database_url

ROOT = Path(__file__).resolve().parents[3]
N_RACERS = 4
KILLS = 6
N_TASKS = 150
K = 3


class Race:
    def __init__(self, folder: Path, queue: Queue, users: list[int]) -> None:
        self.folder, self.queue, self.users = folder, queue, users
        self.racers: list[subprocess.Popen[bytes]] = []
        self.started = 0

    def start_one(self) -> None:
        self.started += 1
        journal = self.folder / f"{self.started}.journal"
        arguments = [journal, self.queue.public_id, self.started, *self.users]
        environment = {**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT)}
        script = Path(__file__).with_name("racer.py")
        self.racers.append(subprocess.Popen([sys.executable, script, *map(str, arguments)], env=environment))

    def kill_one(self, dice: random.Random) -> None:
        victim = self.racers.pop(dice.randrange(len(self.racers)))
        victim.kill()
        victim.wait()

    def end(self) -> None:
        while self.racers:
            self.kill_one(random.Random(0))

    def acknowledged(self) -> set[str]:
        lines = (path.read_text().splitlines() for path in self.folder.glob("*.journal"))
        return {line for found in lines for line in found if len(line) == 36}

    def errors(self) -> list[str]:
        return [path.read_text() for path in self.folder.glob("*.error")]


@pytest.fixture
def race(tmp_path: Path, transactional_db: None) -> Iterator[Race]:
    queue = make_queue(n_items=N_TASKS, redundancy=K)
    users = [annotator.user_id for annotator in make_annotators(queue.project, 6) if annotator.user_id]
    race = Race(tmp_path, queue, users)
    yield race
    race.end()


def cut_a_connection() -> None:
    """As when the server restarts: some client's transaction ends in the middle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY random() LIMIT 1"
        )


def finish(queue: Queue) -> None:
    """Two who come later answer everything that is left."""
    Assignment.objects.leased().update(expires_at=timezone.now() - timedelta(hours=1))
    while sweep_expired():
        pass
    for helper in make_annotators(queue.project, K):
        while leases := next_leases(user_id=helper.user_id, queue=queue.public_id, want=20).leases:
            for lease in leases:
                answer = {"kind": "class", "classes": ["cat"]}
                new = NewSubmission(
                    id=lease.token, lease=lease.token, task=lease.task, revision=1, schema_version=1, answer=answer
                )
                submit(user_id=helper.user_id, new=new)


def check_rules(queue: Queue) -> None:
    tasks = Task.objects.filter(queue=queue).annotate(
        rows_out=Count("assignments", filter=Q(assignments__state__in=["leased", "submitted"])),
        rows_done=Count("assignments", filter=Q(assignments__state="submitted")),
    )
    for task in tasks:
        assert (task.n_out, task.n_done) == (task.rows_out, task.rows_done), task.pk
        assert task.n_out <= K
    double = Assignment.objects.values("annotator", "task").annotate(n=Count("pk")).filter(n__gt=1)
    assert not double.exists()
    counted = sum(Participation.objects.filter(queue=queue).values_list("n_done", flat=True))
    assert counted == Assignment.objects.submitted().filter(queue=queue).count()


def race_on(race: Race, n_more: int) -> None:
    """Until so many more answers are acknowledged, however long a busy machine takes for them."""
    wanted = len(race.acknowledged()) + n_more
    while len(race.acknowledged()) < wanted:
        assert not race.errors()
        assert all(racer.poll() is None for racer in race.racers), "a racer ended"
        time.sleep(0.02)


@pytest.mark.slow
def test_killed_racers_lose_nothing_and_double_nothing(race: Race):
    dice = random.Random(7)
    for _ in range(N_RACERS):
        race.start_one()
    for _ in range(KILLS):
        race_on(race, dice.randint(5, 20))
        race.kill_one(dice)
        cut_a_connection()
        late = Assignment.objects.leased().order_by("?").values("pk")[:5]
        Assignment.objects.filter(pk__in=list(late.values_list("pk", flat=True))).update(expires_at=timezone.now())
        race.start_one()
    race_on(race, N_TASKS // 3)
    race.end()
    assert race.errors() == []
    check_rules(race.queue)
    stored = {str(pk) for pk in Submission.objects.filter(queue=race.queue).values_list("pk", flat=True)}
    assert race.acknowledged() <= stored
    finish(race.queue)
    check_rules(race.queue)
    assert set(Task.objects.values_list("n_done", flat=True)) == {K}
    assert not Assignment.objects.submitted().exclude(submissions__revision=F("revision")).exists()
