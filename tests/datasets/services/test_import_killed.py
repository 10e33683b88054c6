import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import Job, JobState, Project
from accounts.services.jobs import STALE_AFTER
from common.storage import object_store
from datasets.models import Import, ImportFile, Item, Occurrence
from tests.datasets import factories
from tests.datasets.runs import finish

FILES, DOUBLES = 400, 20


def child_environment() -> dict[str, str]:
    url = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return os.environ | {
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{name}")),
        "DATA_DIR": str(settings.DATA_DIR),
    }


def import_in_a_process(project: Project, folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "manage.py", "import_items", project.slug, str(folder), "--source", "pictures"]
    return subprocess.Popen(
        [*command, "--no-progress", "--no-thumbnails"], env=child_environment(), cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def wait_until_in_the_middle(project: Project, child: "subprocess.Popen[bytes]") -> int:
    for _ in range(6000):
        reported = ImportFile.objects.filter(run__project=project).count()
        if reported:
            return reported
        if child.poll() is not None:
            raise AssertionError((child.stdout and child.stdout.read() or b"").decode())
        time.sleep(0.005)
    raise AssertionError("The import never began.")


def contents(project: Project) -> set[tuple[str, str]]:
    return set(Occurrence.objects.filter(project=project).values_list("name", "item__sha256"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_import_killed_in_the_middle_and_resumed_ends_with_exactly_the_same_items(tmp_path: Path) -> None:
    for seed in range(FILES):
        (tmp_path / f"{seed:04}.png").write_bytes(factories.picture(seed))
    for seed in range(DOUBLES):
        (tmp_path / f"double-{seed}.png").write_bytes(factories.picture(seed))
    (tmp_path / "text.jpg").write_text("no picture")
    whole, killed = factories.project(), factories.project()

    child = import_in_a_process(killed, tmp_path)
    try:
        assert 0 < wait_until_in_the_middle(killed, child) < FILES
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    run = Import.objects.get(project=killed)
    assert run.job is not None
    assert run.job.state == JobState.RUNNING
    assert 0 < run.files.count() < FILES

    silent_since = run.job.heartbeat_at - STALE_AFTER  # type: ignore[operator]
    Job.objects.filter(pk=run.job.pk).update(heartbeat_at=silent_since)
    job = finish(run.job)
    assert (job.state, job.attempt) == ("succeeded", 2)

    child = import_in_a_process(whole, tmp_path)
    output, _ = child.communicate(timeout=120)
    assert child.returncode == 0, output.decode()
    assert f"{FILES} imported, {DOUBLES} duplicates, 0 known, 1 rejected" in output.decode()

    assert contents(killed) == contents(whole)
    assert Item.objects.filter(project=killed).count() == FILES
    run.refresh_from_db()
    assert (run.imported, run.duplicates, run.known, run.rejected) == (FILES, DOUBLES, 0, 1)
    assert run.files.count() == FILES + DOUBLES + 1
    store = object_store()
    assert all(store.exists(key) for key in Item.objects.filter(project=killed).values_list("object_key", flat=True))
