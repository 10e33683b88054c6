"""What a finished child process left in its folder becomes rows and stored files, all of it or nothing."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.services.jobs import Claim
from common.storage import content_key, object_store
from training.models import Run, RunFile, RunState, ValidationLook
from training.selectors.files import PREDICTIONS, SERVING_CARD, sha256_of
from training.services.runs import end_run

KEPT = (PREDICTIONS, SERVING_CARD, "metrics.json", "history.json", "exports.json", "versions.json", "spec.json")
MODEL_SUFFIXES = {".keras", ".onnx", ".tflite", ".npz"}


def store_results(*, run: Run, folder: Path, claim: Claim) -> None:
    """Keep the files, then end the run as succeeded and count the look at the validation rows, in one transaction.

    Files go first: content-addressed bytes without a row are collected some day, a row without its bytes never heals.
    """
    claim.beat(message="Keeping the model")
    files = [keep_file(run, path) for path in sorted(folder.iterdir()) if _is_kept(path)]
    written = json.loads((folder / "metrics.json").read_text("utf-8"))
    details = run.details | _details(written, folder)
    with transaction.atomic():
        claim.hold()
        RunFile.objects.filter(run=run).delete()
        RunFile.objects.bulk_create(files)
        if written["validation"]:
            ValidationLook.objects.get_or_create(
                run=run,
                defaults={
                    "project_id": run.project_id,
                    "version_id": run.version_id,
                    "question": run.question,
                    "rows": written["validation"]["rows"],
                },
            )
        end_run(
            run=run,
            state=RunState.SUCCEEDED,
            metrics=written["validation"],
            details=details,
            overfitting=written["overfitting"],
        )


def _is_kept(path: Path) -> bool:
    return path.is_file() and (path.name in KEPT or path.suffix in MODEL_SUFFIXES)


def keep_file(run: Run, path: Path) -> RunFile:
    """Put a file into the object store under its content; the row is not saved yet."""
    digest = sha256_of(path.read_bytes())
    key = content_key(run.project_id, digest)
    store = object_store()
    if not store.exists(key):
        store.put_file(key, path)
    return RunFile(run=run, name=path.name, object_key=key, file_hash=digest, size=path.stat().st_size)


def _details(written: dict[str, Any], folder: Path) -> dict[str, Any]:
    exports = json.loads((folder / "exports.json").read_text("utf-8"))
    return {
        "model": written["model"],
        "best_epoch": written["best_epoch"],
        "exports": {one["format"]: one for one in exports},
    }
