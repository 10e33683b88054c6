"""Exports that were asked for after a run had ended."""

from typing import Any

from accounts.models import Job, JobState
from training.modelling.catalogue import CATALOGUE
from training.models import Run, RunState

EXPORT_JOB = "training.export"


def latest_jobs(run: Run) -> dict[str, Job]:
    """The latest job of each format that was asked for."""
    found = Job.objects.filter(project_id=run.project_id, kind=EXPORT_JOB, payload__run_id=run.pk).order_by("pk")
    return {str(job.payload["format"]): job for job in found}


def missing_exports(run: Run) -> list[dict[str, Any]]:
    """Formats that the recipe knows and the run has not: each with the job that makes it, or that failed to."""
    if run.state != RunState.SUCCEEDED or run.recipe not in CATALOGUE or not CATALOGUE[run.recipe].needs_tensorflow:
        return []
    there = run.details.get("exports", {})
    wanted = [format for format in CATALOGUE[run.recipe].exports if format not in there]
    jobs = latest_jobs(run) if wanted else {}
    shown = {format: jobs.get(format) for format in wanted}
    # A cancelled job has nothing to say.
    return [
        {"format": format, "job": None if job is None or job.state == JobState.CANCELLED else job}
        for format, job in shown.items()
    ]
