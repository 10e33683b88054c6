from datetime import timedelta

import pytest
from django.utils import timezone

from annotation import subscriptions, tasks
from annotation.models import Assignment, ReviewCase, Task
from annotation.services.consensus import start_consensus
from annotation.services.hot.leasing import next_leases
from common.models import OutboxEvent, Receipt
from config.celery import app
from tests.annotation.factories import make_annotators, make_queue, say

pytestmark = pytest.mark.django_db


def test_every_name_in_the_subscriptions_is_a_task():
    named = {task for told in subscriptions.SUBSCRIPTIONS.values() for task in told}
    named |= {task for task, _ in subscriptions.JOB_TASKS.values()}
    named |= {periodic.task for periodic in subscriptions.SCHEDULE}
    assert named <= set(app.tasks)


def test_the_sweep_brings_expired_leases_back():
    queue = make_queue(n_items=1)
    (one,) = make_annotators(queue.project, 1)
    next_leases(user_id=one.user_id, queue=queue.public_id, want=1)
    Assignment.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    tasks.sweep_leases()
    assert not Assignment.objects.exists()
    assert (Task.objects.get().n_out, Task.objects.get().returned) == (0, True)


def test_a_disputed_audit_task_reaches_the_reviewers_once_however_often_it_is_told():
    queue = make_queue(n_items=1, redundancy=2, purpose="audit")
    for one, answer in zip(make_annotators(queue.project, 2), ("cat", "dog"), strict=True):
        say(one, Task.objects.get().pk, answer)
    tasks.announce()
    event = OutboxEvent.objects.get(name="TasksCompleted")
    for _ in range(2):
        tasks.on_tasks_completed(event.pk)
    assert ReviewCase.objects.count() == Receipt.objects.count() == 1


def test_a_job_is_done_by_its_task():
    queue = make_queue(n_items=1)
    job = start_consensus(queue=queue, method="majority").job
    tasks.run_consensus(job.pk)
    job.refresh_from_db()
    assert job.state == "succeeded"
    tasks.run_consensus(job.pk)
    assert job.attempt == 1
