"""Exports after the fact: a finished run's model in another format, by a job, measured like those of the run itself."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Job, JobState, User
from accounts.services.audit_trail import record
from accounts.services.jobs import Claim, JobCancelled, create_job
from common.problems import Conflict, DomainError, InvalidInput
from common.storage import object_store
from training.modelling.catalogue import CATALOGUE
from training.models import ModelExport, ModelVersion, Run, RunFile, RunState
from training.selectors.export_jobs import EXPORT_JOB, latest_jobs
from training.selectors.leaving import DEVICE_FORMATS, blocked, sensitivity_of, why_blocked
from training.services.child_process import ChildProcess
from training.services.exports import EXPORT_FILES, ORIGINAL_FILES, export_row
from training.services.leaving import ExportBlocked
from training.services.pictures import training_folder
from training.services.run_execution import MODULE, SPLITS, TICK_SECONDS, target_of, write_request
from training.services.run_results import keep_file
from training.services.run_rows import learnable_rows, write_manifest
from training.services.runs import MANIFEST_NAME

MAX_ATTEMPTS = 3


class ExportFailed(DomainError):
    code = "export-failed"
    title = "The export failed"


@dataclass(frozen=True)
class Requested:
    """An export that was asked for. job: who makes it; None when the file is there."""

    format: str
    job: Job | None


@transaction.atomic
def start_export(*, run: Run, format: str, by: User | None) -> Requested:
    """Ask for the model of a finished run in a format.

    Asked again while it is made, or after, nothing new is started. Raises Conflict for a run without a kept network,
    InvalidInput for a format that the recipe does not know, ExportBlocked for a device's format of sensitive data that
    nobody signed for.
    """
    locked = Run.objects.select_for_update(of=("self",)).select_related("project", "version").get(pk=run.pk)
    _check(locked, format)
    if locked.files.filter(name=EXPORT_FILES[format]).exists():
        return Requested(format, None)
    earlier = latest_jobs(locked).get(format)
    if earlier is not None and earlier.state in (JobState.QUEUED, JobState.RUNNING):
        return Requested(format, earlier)
    payload = {"run_id": locked.pk, "format": format}
    job = create_job(project=locked.project, kind=EXPORT_JOB, payload=payload, by=by, max_attempts=MAX_ATTEMPTS)
    record(
        project=locked.project,
        actor=by,
        action="training.export_started",
        subject=str(locked.public_id),
        data={"format": format},
    )
    return Requested(format, job)


def _check(run: Run, format: str) -> None:
    known = CATALOGUE[run.recipe].exports if run.recipe in CATALOGUE else ()
    if format not in known:
        raise InvalidInput(
            f"{run.recipe} cannot be exported as “{format}”; it can as {', '.join(known) or 'nothing'}.",
            errors={"format": ["Unknown."]},
        )
    if run.state != RunState.SUCCEEDED:
        raise Conflict(f"This run is {run.get_state_display().lower()}: only a run that succeeded has a model.")
    if not run.files.filter(name__in=[*ORIGINAL_FILES, EXPORT_FILES[format]]).exists():
        raise Conflict("This run kept no network to export from. Run it again: the new run writes the file itself.")
    if format in DEVICE_FORMATS and (sentence := _blocked(run)):
        raise ExportBlocked(sentence)


def _blocked(run: Run) -> str:
    model = ModelVersion.objects.select_related("export_signature", "run").filter(run=run).first()
    if model is not None:
        return blocked(model)
    sentence = why_blocked(sensitivity_of(run))
    return sentence and f"{sentence} Register the run as a model, and sign there."


def perform(claim: Claim) -> dict[str, Any]:
    """Export in a child process and keep the file with its measurement. Done again it finds the file and stops."""
    payload = claim.job.payload
    run = Run.objects.select_related("project", "version__schema").get(pk=payload["run_id"])
    format = str(payload["format"])
    if not run.files.filter(name=EXPORT_FILES[format]).exists():
        folder = training_folder() / "exports" / f"{run.public_id}-{format}"
        shutil.rmtree(folder, ignore_errors=True)  # what a killed attempt left
        (folder / "out").mkdir(parents=True)
        try:
            _export(run, _prepare(run, format, folder, claim), folder / "out", claim)
            _store(run, format, folder / "out", claim)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return {"run": str(run.public_id), "format": format}


def _prepare(run: Run, format: str, folder: Path, claim: Claim) -> Path:
    """The kept network, the rows that it was fitted and judged on, and what is to be done."""
    claim.beat(0, 0, "Collecting the pictures")
    kept = run.files.get(name__in=ORIGINAL_FILES)
    with object_store().open(kept.object_key) as stored, (folder / "out" / kept.name).open("wb") as out:
        shutil.copyfileobj(stored, out)
    learnable = learnable_rows(run, target_of(run), splits=SPLITS)
    if [c.key for c in learnable.target.classes] != [c["key"] for c in run.task["classes"]]:
        raise ExportFailed(
            f"The rows of {run.version} teach other classes today than the model knows; train it again instead."
        )
    manifest = folder / MANIFEST_NAME
    write_manifest(
        learnable, path=manifest, beat=lambda done, total: claim.beat(done, total, "Collecting the pictures")
    )
    return write_request(run, manifest, exports=[format])


def _export(run: Run, request: Path, out: Path, claim: Claim) -> None:
    """Run the child and follow it. Raises ExportFailed with its last sentence, JobCancelled, JobLost."""
    last, failure = "", ""
    with ChildProcess(MODULE, [str(request), str(out), "export"], out) as child:
        try:
            for event in child.events(tick_seconds=TICK_SECONDS):
                last = last if event is None else str(event.get("event"))
                if event is not None and last in ("failed", "cancelled"):
                    failure = str(event.get("error") or event.get("reason"))
                claim.beat(message=str(event["text"]) if event is not None and last == "message" else None)
        except JobCancelled:
            child.stop()
            raise
        status, words = child.wait(), child.last_words()
    if status != 0 or last != "done":
        ended = f"the process ended with status {status}. {words[-300:]}".strip()
        raise ExportFailed(f"There is no file: {failure or ended}")


def _store(run: Run, format: str, out: Path, claim: Claim) -> None:
    """The file, its measurement, and the registered model's row of it, all or nothing."""
    claim.beat(message="Keeping the file")
    file = keep_file(run, out / EXPORT_FILES[format])
    measured: Mapping[str, Any] = json.loads((out / "exports.json").read_text("utf-8"))[0]
    with transaction.atomic():
        claim.hold()
        locked = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
        RunFile.objects.get_or_create(
            run=locked,
            name=file.name,
            defaults={"object_key": file.object_key, "file_hash": file.file_hash, "size": file.size},
        )
        locked.details["exports"] = locked.details.get("exports", {}) | {format: dict(measured)}
        locked.save(update_fields=["details"])
        model = ModelVersion.objects.filter(run=locked).first()
        if model is not None and not ModelExport.objects.filter(model_version=model, format=format).exists():
            export_row(model, format, file, locked.details).save()
