"""How fast a version is planned, frozen and written in every format, and what that costs in memory.

`make bench-export`. Tables are measured with 100,000 rows, formats that carry pictures with 2,000 and again with 6,000:
memory must not follow the rows. Memory is what the process had at most while the file was written, above what it had
before. Prints figures and asserts nothing.
"""

import secrets
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402  (after setup)

from accounts.models import Job, Project  # noqa: E402
from accounts.services.jobs import claim_job  # noqa: E402
from common.storage import content_key, object_store  # noqa: E402
from datasets.formats.exports import EXPORT_FORMATS  # noqa: E402
from datasets.models import DatasetVersion, Item  # noqa: E402
from datasets.selectors.versions import version_for  # noqa: E402
from datasets.services import exports, freezing  # noqa: E402
from datasets.services.labels import Acceptance, accept_labels  # noqa: E402
from datasets.services.schemas import create_schema  # noqa: E402

ROWS, PICTURES = 100_000, 2_000
CLASSES = [{"key": f"class-{i}", "names": {"en": f"Class {i}"}} for i in range(20)]
DOCUMENT = {
    "format": 1,
    "questions": [{"key": "kind", "kind": "single_choice", "title": {"en": "What is it?"}, "classes": CLASSES}],
}
INSERT = """
INSERT INTO datasets_item (project_id, sha256, kind, media_type, byte_size, width, height, group_key, phash,
    object_key, text, facts, statistics, issues, derived, thumbnail_sides, created_at)
SELECT %(p)s, encode(sha256((%(p)s || '-' || i)::bytea), 'hex'), 'image', 'image/png', 1, 64, 64, '',
    ('x' || substr(md5(i::text), 1, 16))::bit(64)::bigint, '', '', '{}', '{}', '{}', 'done', '{}', now()
FROM generate_series(1, %(n)s) i
"""


def labelled_project(count: int, *, with_bytes: bool) -> tuple[Project, dict[str, Any]]:
    """A project with so many labelled items and a recipe that takes all of them."""
    project = Project.objects.create(slug=f"bench-{secrets.token_hex(4)}", name="Bench")
    schema = create_schema(project=project, name="Things", document=DOCUMENT, by=None)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {"p": project.pk, "n": count})
    items = list(Item.objects.filter(project=project).order_by("pk"))
    if with_bytes:
        for item in items:
            item.object_key = content_key(project.pk, item.sha256)
            object_store().put(item.object_key, [secrets.token_bytes(20_000)])
        Item.objects.bulk_update(items, ["object_key"], batch_size=1000)
    start = time.perf_counter()
    accept_labels(
        project=project, schema=schema, question="kind",
        acceptances=[
            Acceptance(item_id=item.pk, answer={"choice": f"class-{item.pk % 20}"}, origin="import") for item in items
        ],
    )  # fmt: skip
    print(f"  labels accepted     {count / (time.perf_counter() - start):>10,.0f}/s")
    return project, {"name": "bench", "schema": str(schema.public_id), "question": "kind"}


def work(job: Job, handler: Any) -> tuple[dict[str, Any], float]:
    claim = claim_job(job.pk)
    assert claim is not None
    start = time.perf_counter()
    result = handler(claim)
    taken = time.perf_counter() - start
    claim.succeed(result)
    return result, taken


def frozen(project: Project, recipe: dict[str, Any], count: int) -> DatasetVersion:
    with transaction.atomic():
        job = freezing.request_freeze(project=project, recipe=recipe, by=None)
        result, taken = work(job, freezing.perform)
    print(f"  frozen              {count / taken:>10,.0f}/s")
    return version_for(project, result["version"])


def resident_mb(field: str) -> float:
    """VmRSS (now) or VmHWM (at most since the last reset), in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"this system has no {field}")


def forget_peak() -> float:
    """Reset the peak; returns what is resident now."""
    Path("/proc/self/clear_refs").write_text("5")
    return resident_mb("VmRSS")


def written(version: DatasetVersion, format: str, count: int) -> None:
    with transaction.atomic():
        export = exports.request_export(version=version, format=format, by=None)
        assert export.job is not None
        before = forget_peak()
        result, taken = work(export.job, exports.perform)
    grown = resident_mb("VmHWM") - before
    print(f"  {format:<18} {count / taken:>10,.0f}/s  {result['bytes'] / 1e6:>8,.1f} MB  {grown:>6,.0f} MB of memory")


def main() -> None:
    pictures = "With pictures of 20 kB"
    for title, count, with_bytes in (
        ("Tables", ROWS, False), (pictures, PICTURES, True), (pictures, 3 * PICTURES, True)
    ):  # fmt: skip
        print(f"{title}, {count:,} rows")
        project, recipe = labelled_project(count, with_bytes=with_bytes)
        version = frozen(project, recipe, count)
        for one in EXPORT_FORMATS.values():
            if one.with_content is with_bytes:
                written(version, one.key, count)
        project.delete()


if __name__ == "__main__":
    main()
