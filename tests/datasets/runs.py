"""Do the work of a job here and now, the way a worker would."""

from accounts.models import Job
from accounts.services.jobs import run_claimed
from datasets.services import derivation, imports

HANDLERS = {"datasets.import": imports.perform, "datasets.derive": derivation.perform}


def finish(job: Job | None) -> Job:
    assert job is not None
    run_claimed(job.pk, HANDLERS[job.kind])
    job.refresh_from_db()
    return job
