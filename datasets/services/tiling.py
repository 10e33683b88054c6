"""Tiles of pictures that are too large to be shown whole, made after an item is registered."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import Job, Project, User
from accounts.services.jobs import Claim, JobCancelled, Pulse
from common.storage import ObjectStore, object_store
from datasets.imaging.pyramid import Pyramid, comes_as_tiles
from datasets.imaging.rejection import RejectedImage
from datasets.imaging.tiling import cut
from datasets.models import Item, TilePyramid
from datasets.selectors.tiles import tile_address, tile_key, tiles_prefix
from datasets.services.importing.preparation import image_limits, storing
from datasets.services.pending import request_work, sweep_work

JOB_KIND = "datasets.tile"
MAX_ATTEMPTS = 3


def expect_tiles(items: Iterable[Item]) -> None:
    """Note which of these new items need tiles, in the caller's transaction."""
    large = [item for item in items if item.object_key and comes_as_tiles(item.width, item.height)]
    rows = [TilePyramid(project_id=item.project_id, item=item) for item in large]
    TilePyramid.objects.bulk_create(rows, ignore_conflicts=True)


def _pending() -> QuerySet[TilePyramid]:
    return TilePyramid.objects.filter(state=TilePyramid.State.PENDING)


def request_tiling(*, project: Project, by: User | None = None) -> Job | None:
    """A job for whatever is pending, unless one already waits."""
    return request_work(JOB_KIND, _pending(), project=project, by=by)


def perform(claim: Claim) -> dict[str, int]:
    """Cut the project's pending pictures in order. Repeatable: states and stored tiles are the progress."""
    pending = _pending().filter(project=claim.job.project)
    done, total, failed = 0, pending.count(), 0
    claim.beat(0, total)
    while row := pending.select_related("item").order_by("pk").first():
        done += 1
        claim.beat(done - 1, max(done, total), f"{done:,} of {max(done, total):,} large pictures")
        failed += not _make(claim, row)
    claim.beat(done, max(done, total))
    return {"tiled": done - failed, "failed": failed}


def _make(claim: Claim, row: TilePyramid) -> bool:
    """One picture. False when it cannot be cut."""
    if row.attempts >= MAX_ATTEMPTS:
        _settle(
            claim, row, TilePyramid.State.FAILED, problem=f"The worker died {row.attempts} times over this picture."
        )
        return False
    TilePyramid.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
    try:
        count = store_tiles(row.item, object_store(), Pulse(claim))
    except JobCancelled:  # nobody died
        TilePyramid.objects.filter(pk=row.pk).update(attempts=F("attempts") - 1)
        raise
    except RejectedImage as error:
        _settle(claim, row, TilePyramid.State.FAILED, problem=error.message)
        return False
    except FileNotFoundError:
        _settle(claim, row, TilePyramid.State.FAILED, problem="The stored file is gone.")
        return False
    _settle(claim, row, TilePyramid.State.READY, n_tiles=count)
    return True


def store_tiles(item: Item, store: ObjectStore, pulse: Pulse) -> int:
    """Make and store the tiles of an item that are not there yet. Returns how many there are in all."""
    assert item.width is not None
    assert item.height is not None
    prefix = tiles_prefix(item.project_id, item.sha256)
    with storing():
        known = {address for key in store.iter_keys(prefix) if (address := tile_address(key.removeprefix(prefix)))}
    scratch = Path(settings.DATA_DIR) / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    with store.local_path(item.object_key) as path:
        for tile in cut(path, known=known, scratch=str(scratch), limits=image_limits()):
            if tile.data is not None:
                with storing():
                    store.put(tile_key(item.project_id, item.sha256, tile.address), [tile.data])
            pulse()
    return Pyramid(item.width, item.height).count()


@transaction.atomic
def _settle(claim: Claim, row: TilePyramid, state: str, *, n_tiles: int = 0, problem: str = "") -> None:
    claim.hold()
    TilePyramid.objects.filter(pk=row.pk).update(state=state, n_tiles=n_tiles, problem=problem[:500])


def sweep_pending() -> int:
    """Start the work for pictures that no import announced. Returns the number of jobs."""
    return sweep_work(JOB_KIND, _pending())
