from celery import current_app

from common.jobs_registry import Periodic
from datasets import subscriptions, tasks


def test_every_kind_of_job_and_every_period_has_its_task() -> None:
    named = {value.name for value in vars(tasks).values() if hasattr(value, "name") and hasattr(value, "delay")}
    wanted = {name for name, _ in subscriptions.JOB_TASKS.values()} | {one.task for one in subscriptions.SCHEDULE}
    assert named == wanted
    assert wanted <= set(current_app.tasks)
    assert all(isinstance(one, Periodic) for one in subscriptions.SCHEDULE)


def test_queues_are_those_that_workers_listen_to() -> None:
    assert {queue for _, queue in subscriptions.JOB_TASKS.values()} <= {"default", "imports", "predictions", "training"}
