"""How fast pictures come in: registered, given thumbnails and statistics, and recognised on a second look.

`make bench-import`. The reference in the same run is Pillow decoding the same files in full on one core, so the ratios
hold on a busy machine. Prints figures and asserts nothing.
"""

import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

import numpy as np  # noqa: E402  (after setup)
from django.db import transaction  # noqa: E402
from PIL import Image  # noqa: E402

from accounts.models import Job, Project  # noqa: E402
from accounts.services.jobs import Claim, claim_job  # noqa: E402
from datasets.models import Source  # noqa: E402
from datasets.services import derivation, imports  # noqa: E402

PHOTOS, ICONS = 300, 3_000


def photos(folder: Path, count: int) -> None:
    """JPEGs of 1,600 x 1,200 pixels, about 330 kB each."""
    for seed in range(count):
        rng = np.random.default_rng(seed)
        coarse = Image.fromarray(rng.integers(0, 256, (60, 80, 3), dtype=np.uint8))
        large = coarse.resize((1600, 1200), Image.Resampling.BICUBIC)
        grain = rng.integers(-9, 10, (1200, 1600, 1), dtype=np.int16)
        pixels = np.clip(np.asarray(large, dtype=np.int16) + grain, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{seed:06}.jpg", quality=85)


def icons(folder: Path, count: int) -> None:
    """PNGs of 64 x 64 pixels."""
    for seed in range(count):
        rng = np.random.default_rng(seed)
        Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)).resize((64, 64)).save(
            folder / f"{seed:06}.png"
        )


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def claimed(job: Job | None) -> Claim:
    """Claim in the transaction that made the job, so that no worker is faster."""
    assert job is not None
    claim = claim_job(job.pk)
    assert claim is not None
    return claim


def import_once(project: Project, source: Source, folder: Path) -> float:
    with transaction.atomic():
        request = imports.ImportRequest(path=str(folder))
        run = imports.request_import(project=project, source=source, request=request, by=None, trusted_path=True)
        claim = claimed(run.job)
    taken = seconds(lambda: claim.succeed(imports.perform(claim)))
    Job.objects.filter(project=project, state="queued").update(state="cancelled")
    return taken


def derive_once(project: Project) -> float:
    with transaction.atomic():
        claim = claimed(derivation.request_derivation(project=project))
    return seconds(lambda: claim.succeed(derivation.perform(claim)))


def decode_all(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        with Image.open(path) as image:
            image.load()


def measure(title: str, make: Callable[[Path, int], None], count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as name:
        folder = Path(name)
        make(folder, count)
        size = sum(path.stat().st_size for path in folder.iterdir()) / count
        project = Project.objects.create(slug=f"bench-{secrets.token_hex(4)}", name="Bench")
        source = Source.objects.create(project=project, name="Bench", kind="folder")
        reference = count / seconds(lambda: decode_all(folder))
        print(f"{title}: {count:,} files of {size / 1000:,.0f} kB; full decode, one core {reference:,.0f}/s")
        for step, taken in (
            ("registered", import_once(project, source, folder)),
            ("thumbnails and statistics", derive_once(project)),
            ("recognised as known", import_once(project, source, folder)),
        ):
            print(f"  {step:<26} {count / taken:>8,.0f}/s  {count / taken / reference:6.2f} x decode")
        project.delete()


def main() -> None:
    measure("Photos", photos, PHOTOS)
    measure("Icons", icons, ICONS)


if __name__ == "__main__":
    main()
