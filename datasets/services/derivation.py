"""Thumbnails and image statistics, made after an item is registered and before anybody needs them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Job, Project, User
from accounts.services.jobs import Claim, Pulse
from common.storage import ObjectStore, object_store
from datasets.imaging.issues import image_issues
from datasets.imaging.rejection import RejectedImage
from datasets.imaging.statistics import image_statistics
from datasets.imaging.thumbnail import THUMBNAIL_SIDES, thumbnails
from datasets.models import Item
from datasets.selectors.media import thumbnail_key
from datasets.services.importing.preparation import image_limits, storing
from datasets.services.pending import request_work, sweep_work

JOB_KIND = "datasets.derive"
BATCH = 64
THREADS = 2


@dataclass(frozen=True)
class Derived:
    item: Item
    statistics: dict[str, float] | None


def _pending() -> QuerySet[Item]:
    return Item.objects.filter(derived=Item.Derived.PENDING)


def request_derivation(*, project: Project, by: User | None = None) -> Job | None:
    """A job for whatever is pending, unless one already waits."""
    return request_work(JOB_KIND, _pending(), project=project, by=by)


def perform(claim: Claim) -> dict[str, int]:
    """Work through the project's pending items in order of id. Repeatable: the state of the item is the progress."""
    project = claim.job.project
    pending = _pending().filter(project=project)
    done, total, failed = 0, pending.count(), 0
    claim.beat(0, total)
    store, pulse = object_store(), Pulse(claim)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="derive") as pool:
        while batch := list(pending.order_by("pk")[:BATCH]):
            results = []
            for one in pool.map(lambda item: derive(item, store), batch):
                results.append(one)
                pulse()
            failed += store_results(results)
            done += len(batch)
            claim.beat(done, max(done, total), f"{done:,} pictures")
    return {"derived": done - failed, "failed": failed}


def derive(item: Item, store: ObjectStore) -> Derived:
    """Make and store the thumbnails; compute the statistics. No database: runs in threads."""
    try:
        with store.local_path(item.object_key) as path:
            small = thumbnails(path, limits=image_limits())
            statistics = image_statistics(path, limits=image_limits())
    except (RejectedImage, OSError):
        return Derived(item, None)
    with storing():
        for side, data in small.items():
            store.put(thumbnail_key(item.project_id, item.sha256, side), [data])
    return Derived(item, statistics)


def store_results(results: Sequence[Derived]) -> int:
    """Write what was derived. Returns how many failed."""
    failed = 0
    for one in results:
        item = one.item
        if one.statistics is None:
            item.derived, failed = Item.Derived.FAILED, failed + 1
        else:
            item.derived, item.statistics = Item.Derived.DONE, one.statistics
            item.issues = [str(issue.code) for issue in image_issues(one.statistics)]
            item.thumbnail_sides = list(THUMBNAIL_SIDES)
    Item.objects.bulk_update([one.item for one in results], ["derived", "statistics", "issues", "thumbnail_sides"])
    return failed


def sweep_pending() -> int:
    """Start the work for pictures that no import announced. Returns the number of jobs."""
    return sweep_work(JOB_KIND, _pending())
