from celery import shared_task
from django.db import OperationalError, transaction

from auditing.services import partitions, prediction_log
from common import outbox


@shared_task(
    name="auditing.record_predictions",
    acks_late=True,
    max_retries=3,
    retry_backoff=True,
    autoretry_for=(OperationalError,),
)
def record_predictions(event_id: int) -> None:
    with transaction.atomic():
        if outbox.first_time(event_id, "auditing.record_predictions"):
            prediction_log.record_event(outbox.payload(event_id))


@shared_task(name="auditing.make_partitions")
def make_partitions() -> None:
    partitions.make_partitions_ahead()
