"""Do the work of a job here and now, the way a worker would: through the task that its kind names."""

from accounts.models import Job
from datasets import subscriptions, tasks


def finish(job: Job | None) -> Job:
    assert job is not None
    name, _queue = subscriptions.JOB_TASKS[job.kind]
    task = getattr(tasks, name.removeprefix("datasets."))
    assert task.name == name
    task(job.pk)
    job.refresh_from_db()
    return job
