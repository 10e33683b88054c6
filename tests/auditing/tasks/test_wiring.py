"""Events, jobs and clocks reach the services: every name in subscriptions is a task that exists."""

import numpy as np
import pytest
from django.db import transaction

from annotation.events import TasksCompleted
from auditing import subscriptions, tasks
from auditing.models import Audit
from common.outbox import publish
from tests.annotation.factories import make_queue
from tests.auditing.factories import answer, make_loop

NAMES = {getattr(one, "name", None) for one in vars(tasks).values()}


def test_every_name_is_a_task():
    wanted = {name for receivers in subscriptions.SUBSCRIPTIONS.values() for name in receivers}
    wanted |= {name for name, _queue in subscriptions.JOB_TASKS.values()}
    wanted |= {periodic.task for periodic in subscriptions.SCHEDULE}
    assert wanted <= NAMES


@pytest.mark.django_db
def test_completed_tasks_of_an_audit_move_its_number_once():
    loop = make_loop()
    loop.produce(40, wrong=0.2, rng=np.random.default_rng(0))
    audit = loop.audit(budget=20)
    answer(audit.queue, loop.truth)
    with transaction.atomic():
        event = publish(TasksCompleted(queue_id=audit.queue_id, task_ids=[1]))
    tasks.take_answers(event.pk)
    first = Audit.objects.get()
    assert first.result["judged"] == 20
    tasks.take_answers(event.pk)
    assert Audit.objects.get().result_at == first.result_at


@pytest.mark.django_db
def test_completed_tasks_of_a_labeling_queue_concern_nobody():
    queue = make_queue(n_items=1)
    with transaction.atomic():
        event = publish(TasksCompleted(queue_id=queue.pk, task_ids=[1]))
    tasks.take_answers(event.pk)
    assert not Audit.objects.exists()


@pytest.mark.django_db
def test_mining_is_a_job():
    loop = make_loop()
    loop.produce(40, wrong=0.2, rng=np.random.default_rng(0))
    batch = loop.mine()
    name, _queue = subscriptions.JOB_TASKS[batch.job.kind]
    assert name == tasks.run_mining.name
    tasks.run_mining(batch.job.pk)  # a second message finds nothing to do
    batch.job.refresh_from_db()
    assert (batch.job.state, batch.job.attempt) == ("succeeded", 1)


@pytest.mark.django_db
def test_clocks_run_without_anything_to_do():
    tasks.start_due_audits()
    tasks.make_partitions()
