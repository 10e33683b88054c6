import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from PIL import Image

from accounts.models import Job, JobState, Project
from accounts.services.jobs import STALE_AFTER
from common.storage import object_store
from datasets.imaging.pyramid import Pyramid
from datasets.imaging.tiling import Tile
from datasets.models import Item, TilePyramid
from datasets.selectors.tiles import tiles_prefix
from datasets.services import tiling
from datasets.services.imports import ImportRequest, request_import
from datasets.services.production import production_source, record_production_input
from tests.datasets import factories
from tests.datasets.runs import finish
from tests.datasets.services.test_import_killed import child_environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes 50 megapixels to need tiles needs a million here."""
    monkeypatch.setattr("datasets.imaging.pyramid.WHOLE_UP_TO_PIXELS", 1_000_000)


def stored_tiles(item: Item) -> dict[str, bytes]:
    store, prefix = object_store(), tiles_prefix(item.project_id, item.sha256)
    found = {}
    for key in store.iter_keys(prefix):
        with store.open(key) as file:
            found[key.removeprefix(prefix)] = file.read()
    return found


def imported(project: Project, folder: Path) -> Job:
    """The tiling job of an import that is done."""
    run = request_import(
        project=project, source=factories.source(project), request=ImportRequest(path=str(folder)), by=None,
        trusted_path=True,
    )  # fmt: skip
    finish(run.job)
    return Job.objects.get(project=project, kind=tiling.JOB_KIND)


@pytest.mark.usefixtures("small_limit")
def test_an_import_cuts_what_is_large_and_leaves_alone_what_is_not(tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(factories.picture(1, width=1301, height=901))
    (tmp_path / "small.png").write_bytes(factories.picture(2, width=999, height=1000))
    project = factories.project()
    job = finish(imported(project, tmp_path))
    assert (job.state, job.result) == ("succeeded", {"tiled": 1, "failed": 0})
    row = TilePyramid.objects.get(project=project)
    assert (row.item.width, row.state, row.n_tiles) == (1301, "ready", Pyramid(1301, 901).count())
    tiles = stored_tiles(row.item)
    assert len(tiles) == row.n_tiles == 9
    corner = Image.open(io.BytesIO(tiles["11/2_1.webp"]))
    assert corner.size == (1301 - 1024, 901 - 512)


@pytest.mark.usefixtures("small_limit")
def test_ending_the_job_is_no_death_of_its_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "large.png").write_bytes(factories.picture(1, width=1301, height=901))
    project = factories.project()
    job = imported(project, tmp_path)
    monkeypatch.setattr("accounts.services.jobs.PULSE_SECONDS", 0.0)
    cut = tiling.cut

    def ended_meanwhile(*args: Any, **options: Any) -> Iterator[Tile]:
        for tile in cut(*args, **options):
            Job.objects.filter(pk=job.pk).update(cancel_requested=True)
            yield tile

    monkeypatch.setattr(tiling, "cut", ended_meanwhile)
    assert finish(job).state == "cancelled"
    row = TilePyramid.objects.get(project=project)
    assert (row.state, row.attempts) == ("pending", 0)


@pytest.mark.usefixtures("small_limit")
def test_an_input_of_production_is_cut_by_the_sweep() -> None:
    project = factories.project()
    data = factories.picture(3, width=1200, height=900)
    record_production_input(project=project, source=production_source(project=project), data=data)
    assert tiling.sweep_pending() == 0  # an import could still announce it
    TilePyramid.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert tiling.sweep_pending() == 1
    assert tiling.sweep_pending() == 0
    finish(Job.objects.get(project=project, kind=tiling.JOB_KIND))
    assert TilePyramid.objects.get(project=project).state == "ready"


@pytest.mark.usefixtures("small_limit")
def test_a_picture_that_cannot_be_cut_says_why_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"{n}.png").write_bytes(factories.picture(n, width=1200, height=900))
    project = factories.project()
    job = imported(project, tmp_path)
    gone, poison, fine = TilePyramid.objects.filter(project=project).order_by("pk")
    object_store().delete(gone.item.object_key)
    TilePyramid.objects.filter(pk=poison.pk).update(attempts=tiling.MAX_ATTEMPTS)
    assert finish(job).result == {"tiled": 1, "failed": 2}
    for row in (gone, poison, fine):
        row.refresh_from_db()
    assert (gone.state, gone.problem) == ("failed", "The stored file is gone.")
    assert poison.state == "failed"
    assert "died 3 times" in poison.problem
    assert fine.state == "ready"


CHILD = "import sys, django; django.setup(); from datasets.tasks import run_tiling; run_tiling(int(sys.argv[1]))"


def cut_in_a_process(job: Job) -> "subprocess.Popen[bytes]":
    environment = child_environment() | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.Popen([sys.executable, "-c", CHILD, str(job.pk)], env=environment, cwd=settings.BASE_DIR)


def wait_for_tiles(item: Item, child: "subprocess.Popen[bytes]", count: int) -> int:
    for _ in range(12_000):
        found = sum(1 for _ in object_store().iter_keys(tiles_prefix(item.project_id, item.sha256)))
        if found >= count:
            return found
        assert child.poll() is None, "The child ended before it was in the middle."
        time.sleep(0.005)
    raise AssertionError("The cutting never began.")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_over_a_picture_leaves_the_next_one_the_rest_of_the_same_tiles(tmp_path: Path) -> None:
    """8,001 x 6,999 pixels, held sideways by the camera."""
    coarse = Image.fromarray(np.random.default_rng(5).integers(0, 256, (9, 11, 3), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = coarse.resize((6_999, 8_001), Image.Resampling.BILINEAR)
    picture.save(tmp_path / "large.jpg", quality=80, exif=exif)
    killed, whole = factories.project(), factories.project()

    job = imported(killed, tmp_path)
    item = Item.objects.get(project=killed)
    assert (item.width, item.height) == (8_001, 6_999)
    child = cut_in_a_process(job)
    try:
        begun = wait_for_tiles(item, child, 40)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    total = Pyramid(8_001, 6_999).count()
    assert begun < total
    assert TilePyramid.objects.get(project=killed).state == "pending"
    untouched = {
        key: os.stat(settings.DATA_DIR / key).st_mtime_ns for key in object_store().iter_keys(f"p/{killed.pk}/")
    }
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    Job.objects.filter(pk=job.pk).update(heartbeat_at=job.heartbeat_at - STALE_AFTER)  # type: ignore[operator]
    assert finish(job).result == {"tiled": 1, "failed": 0}
    assert all(os.stat(settings.DATA_DIR / key).st_mtime_ns == before for key, before in untouched.items())

    finish(imported(whole, tmp_path))
    first, second = stored_tiles(item), stored_tiles(Item.objects.get(project=whole))
    assert len(first) == total
    assert first == second
    assert not any((Path(settings.DATA_DIR) / "scratch").iterdir())
    assert connection.is_usable()
