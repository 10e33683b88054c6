"""Long work. A message is only a wake-up: the row decides who works, and an older claim can write nothing."""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.events import JobQueued
from accounts.models import Job, JobState, Project, User
from common.outbox import publish
from common.problems import DomainError, of_domain_error, problem

logger = logging.getLogger(__name__)
STALE_AFTER = timedelta(seconds=90)
PULSE_SECONDS = 10.0
RESEND_QUEUED_AFTER = timedelta(seconds=120)


class JobLost(Exception):
    """Another worker has claimed this job meanwhile; stop without writing."""


class JobCancelled(Exception):
    """Somebody asked for this job to end; stop, and leave nothing half-done."""


@transaction.atomic
def create_job(
    *, project: Project, kind: str, payload: dict[str, Any] | None = None, by: User | None = None, max_attempts: int = 5
) -> Job:
    """A queued job and the event that wakes its worker, in the caller's transaction."""
    job = Job.objects.create(
        project=project,
        kind=kind,
        payload=payload or {},
        created_by=by,
        max_attempts=max_attempts,
        heartbeat_at=timezone.now(),
    )
    publish(JobQueued(job_id=job.pk, kind=kind))
    return job


@dataclass(frozen=True)
class Claim:
    """The right to work on a job, until another claim with a higher fence takes over."""

    job: Job
    fence: int

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, fence=self.fence, state=JobState.RUNNING)

    def beat(self, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        """Show life and progress, in a transaction of its own. Raises JobLost or JobCancelled."""
        changes: dict[str, Any] = {"heartbeat_at": timezone.now()}
        if done is not None:
            changes["done"] = done
        if total is not None:
            changes["total"] = total
        if message is not None:
            changes["message"] = message[:300]
        if not self._mine().update(**changes):
            raise JobLost(f"Job {self.job.public_id} belongs to another worker now.")
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise JobCancelled(f"Job {self.job.public_id} was cancelled.")

    def hold(self) -> None:
        """Lock the claim until the caller's transaction ends, so that its writes and the fence agree."""
        if not self._mine().select_for_update().exists():
            raise JobLost(f"Job {self.job.public_id} belongs to another worker now.")

    def succeed(self, result: dict[str, Any] | None = None) -> None:
        self._end(JobState.SUCCEEDED, result=result, error=None)

    def fail(self, error: dict[str, Any]) -> None:
        self._end(JobState.FAILED, result=None, error=error)

    def cancelled(self) -> None:
        self._end(JobState.CANCELLED, result=None, error=None)

    def _end(self, state: JobState, *, result: dict[str, Any] | None, error: dict[str, Any] | None) -> None:
        now = timezone.now()
        if not self._mine().update(state=state, result=result, error=error, finished_at=now, heartbeat_at=now):
            raise JobLost(f"Job {self.job.public_id} belongs to another worker now.")


class Pulse:
    """Beats at most every few seconds however often it is called: for the insides of long steps."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._last = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._last >= PULSE_SECONDS:
            self._claim.beat()
            self._last = time.monotonic()


def claim_job(job_id: int) -> Claim | None:
    """Take a queued job, or a running one whose worker fell silent. None when there is nothing to take."""
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(free, pk=job_id).first()
        if job is None:
            return None
        if job.cancel_requested:
            _finish_unclaimed(job, JobState.CANCELLED, None)
            return None
        if job.attempt >= job.max_attempts:
            _finish_unclaimed(job, JobState.FAILED, _gave_up(job))
            return None
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING,
            fence=F("fence") + 1,
            attempt=F("attempt") + 1,
            heartbeat_at=now,
            started_at=job.started_at or now,
        )
        job.refresh_from_db()
    return Claim(job=job, fence=job.fence)


def _finish_unclaimed(job: Job, state: JobState, error: dict[str, Any] | None) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, error=error, finished_at=timezone.now())


def _gave_up(job: Job) -> dict[str, Any]:
    return problem(
        500,
        "job-worker-died",
        "The work was given up",
        f"Its worker died {job.attempt} times. Look into the worker's log, then start it again.",
    )


def run_claimed(job_id: int, handler: Callable[[Claim], dict[str, Any] | None]) -> None:
    """Claim, do, and finish: what every job task calls. Errors become the job's problem document."""
    claim = claim_job(job_id)
    if claim is None:
        return
    try:
        claim.succeed(handler(claim))
    except JobLost:
        logger.warning("Job %s was taken over by another worker.", claim.job.public_id)
    except JobCancelled:
        claim.cancelled()
    except DomainError as error:
        claim.fail(of_domain_error(error))
    except Exception:
        logger.exception("Job %s (%s) failed.", claim.job.public_id, claim.job.kind)
        last = traceback.format_exc(limit=0).strip().splitlines()[-1]
        claim.fail(problem(500, "job-failed", "The work failed", f"It stopped with: {last}. The log has the details."))


def request_cancel(*, job: Job) -> None:
    """Ask a job to end; a queued one ends at once."""
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).unfinished().update(cancel_requested=True)
        Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
            state=JobState.CANCELLED, finished_at=timezone.now()
        )


def resend_stale_jobs() -> int:
    """Wake a worker for every job whose worker fell silent or whose message was lost. Returns how many."""
    now = timezone.now()
    stale = Q(state=JobState.RUNNING, heartbeat_at__lt=now - STALE_AFTER) | Q(
        state=JobState.QUEUED, heartbeat_at__lt=now - RESEND_QUEUED_AFTER
    )
    sent = 0
    with transaction.atomic():
        for job in Job.objects.select_for_update(skip_locked=True).filter(stale)[:200]:
            if job.state == JobState.QUEUED:  # the heartbeat of a waiting job: when it was last announced
                Job.objects.filter(pk=job.pk).update(heartbeat_at=now)
            publish(JobQueued(job_id=job.pk, kind=job.kind))
            sent += 1
    return sent
