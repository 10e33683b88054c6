"""The courier and the clock."""

import logging
from datetime import timedelta

from celery import current_app, shared_task
from django.db import transaction
from django.utils import timezone

from common.jobs_registry import EVENT_QUEUES, JOB_TASKS, SCHEDULE, SUBSCRIPTIONS
from common.models import DueTime, OutboxEvent

logger = logging.getLogger(__name__)
JOB_QUEUED = "JobQueued"
BATCH = 100
KEEP_DELIVERED = timedelta(days=14)


@shared_task(name="common.deliver_outbox", acks_late=True, ignore_result=True)
def deliver_outbox() -> None:
    """Send every undelivered event to its receivers. Killed half-way, it sends again: receivers keep receipts."""
    while _deliver_batch() == BATCH:
        pass


def _deliver_batch() -> int:
    with transaction.atomic():
        events = list(
            OutboxEvent.objects.select_for_update(skip_locked=True).filter(delivered_at=None).order_by("id")[:BATCH]
        )
        for event in events:
            _send(event)
        OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(delivered_at=timezone.now())
    return len(events)


def _send(event: OutboxEvent) -> None:
    if event.name == JOB_QUEUED:
        known = JOB_TASKS.get(event.payload["kind"])
        if known is None:
            logger.error("No task does jobs of kind %s.", event.payload["kind"])
            return
        task, queue = known
        current_app.send_task(task, args=[event.payload["job_id"]], queue=queue)
        return
    for task in SUBSCRIPTIONS.get(event.name, []):
        current_app.send_task(task, args=[event.pk], queue=EVENT_QUEUES.get(task, "default"))


@shared_task(name="common.run_due", ignore_result=True)
def run_due() -> None:
    """Start the periodic tasks that are due. The claim is a conditional update: two clocks start one task once."""
    now = timezone.now()
    for periodic in SCHEDULE:
        DueTime.objects.get_or_create(name=periodic.task, defaults={"due_at": now})
        claimed = DueTime.objects.filter(name=periodic.task, due_at__lte=now).update(
            due_at=now + timedelta(seconds=periodic.every_seconds), ran_at=now
        )
        if claimed:
            current_app.send_task(periodic.task, queue=periodic.queue, expires=max(periodic.every_seconds, 60))


@shared_task(name="common.prune_outbox", ignore_result=True)
def prune_outbox() -> None:
    """Forget delivered events after two weeks, together with their receipts."""
    OutboxEvent.objects.filter(delivered_at__lt=timezone.now() - KEEP_DELIVERED).delete()
