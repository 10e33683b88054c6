"""Real processes, really killed."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Job
from tests.training import factories
from training.models import EpochPoint, Run
from training.services import runs

LONG = {"epochs": 500, "image_size": 16, "filters": 4, "blocks": 1, "augmentation": False}


def start_worker(run):
    """Another process that claims the run's job on the test's own database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    env = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    script = Path(__file__).parents[1] / "worker.py"
    return subprocess.Popen([sys.executable, str(script), str(run.job_id)], env=env, start_new_session=True)


def wait_for(what, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.2)
    pytest.fail("It did not happen in time.")


def processes_in(folder):
    """Pids of processes that were started on a run's folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in line and b"training.modelling" in line:
                found.append(int(entry.name))
    return found


@pytest.fixture
def long_run(transactional_db):
    version = factories.frozen_version(factories.project(), counts={"disc": 6, "square": 6})
    return runs.start_run(
        project=version.project, version=version, recipe="small_cnn", settings=LONG, by=None, with_baselines=False,
        exports=("onnx",),
    )  # fmt: skip


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_leaves_a_run_that_the_next_one_does_from_scratch(long_run):
    folder = Path(settings.DATA_DIR) / "training" / "runs" / str(long_run.public_id)
    worker = start_worker(long_run)
    try:
        wait_for(lambda: EpochPoint.objects.filter(run=long_run).count() >= 3)
        assert processes_in(folder)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    wait_for(lambda: not processes_in(folder), seconds=30)  # the child notices that its parent is gone
    long_run.refresh_from_db()
    assert long_run.state == "running"
    # While the heartbeat is fresh nobody takes the job over.
    factories.finish(long_run.job)
    long_run.refresh_from_db()
    assert (long_run.state, long_run.attempt) == ("running", 1)
    # The worker stays silent; beat sends the job again. One epoch will do.
    Job.objects.filter(pk=long_run.job_id).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    Run.objects.filter(pk=long_run.pk).update(settings=long_run.settings | {"epochs": 1})
    job = factories.finish(long_run.job)
    long_run.refresh_from_db()
    assert (long_run.state, long_run.attempt, job.state) == ("succeeded", 2, "succeeded")
    assert EpochPoint.objects.filter(run=long_run).count() == 1
    assert not folder.exists() or not any(folder.rglob("*.json"))


@pytest.mark.slow
def test_a_running_run_is_cancelled_from_another_process(long_run):
    folder = Path(settings.DATA_DIR) / "training" / "runs" / str(long_run.public_id)
    worker = start_worker(long_run)
    try:
        wait_for(lambda: EpochPoint.objects.filter(run=long_run).exists())
        runs.cancel_run(run=long_run, by=None)
        assert worker.wait(timeout=60) == 0
    finally:
        if worker.poll() is None:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
    long_run.refresh_from_db()
    assert (long_run.state, Job.objects.get(pk=long_run.job_id).state) == ("cancelled", "cancelled")
    assert not processes_in(folder)
    assert long_run.failure == ""


@pytest.mark.slow
def test_a_killed_child_fails_the_run_and_names_the_likely_cause(long_run):
    folder = Path(settings.DATA_DIR) / "training" / "runs" / str(long_run.public_id)
    worker = start_worker(long_run)
    try:
        wait_for(lambda: EpochPoint.objects.filter(run=long_run).exists())
        for pid in processes_in(folder):
            os.kill(pid, signal.SIGKILL)
        assert worker.wait(timeout=60) == 0
    finally:
        if worker.poll() is None:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
    long_run.refresh_from_db()
    assert long_run.state == "failed"
    assert "killed by signal 9" in long_run.failure
    assert "out of memory" in long_run.failure


@pytest.mark.django_db
def test_a_run_whose_workers_always_die_is_given_up():
    version = factories.frozen_version(factories.project())
    run = runs.start_run(project=version.project, version=version, recipe="baseline_majority", by=None)
    Run.objects.filter(pk=run.pk).update(state="running")
    silent = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=run.job_id).update(state="running", attempt=3, heartbeat_at=silent)
    assert runs.settle_runs() == 0  # the job may still be taken
    assert factories.finish(run.job).state == "failed"
    assert runs.settle_runs() == 1
    run.refresh_from_db()
    assert run.state == "failed"
    assert "died 3 times" in run.failure
    assert runs.settle_runs() == 0
