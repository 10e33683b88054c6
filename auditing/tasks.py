from celery import shared_task
from django.db import OperationalError, transaction

from accounts.services.jobs import run_claimed
from auditing.selectors.audits import audits_of_queue
from auditing.services import mining, partitions, prediction_log, retraining, schedules
from auditing.services.audit_progress import take_in_answers
from common import outbox


@shared_task(
    name="auditing.record_predictions",
    acks_late=True,
    max_retries=30,  # an answer that was given belongs into the log: half an hour without a database loses none
    retry_backoff=True,
    retry_backoff_max=60,
    autoretry_for=(OperationalError,),
)
def record_predictions(event_id: int) -> None:
    with transaction.atomic():
        if outbox.first_time(event_id, "auditing.record_predictions"):
            prediction_log.record_event(outbox.payload(event_id))


@shared_task(
    name="auditing.take_answers", acks_late=True, max_retries=3, retry_backoff=True, autoretry_for=(OperationalError,)
)
def take_answers(event_id: int) -> None:
    """Tasks of a queue were completed: if it is an audit's, its number moves."""
    with transaction.atomic():
        if outbox.first_time(event_id, "auditing.take_answers"):
            for audit in audits_of_queue(outbox.payload(event_id)["queue_id"]):
                take_in_answers(audit)


@shared_task(name="auditing.run_mining", acks_late=True)
def run_mining(job_id: int) -> None:
    run_claimed(job_id, mining.perform)


@shared_task(name="auditing.run_retrain", acks_late=True)
def run_retrain(job_id: int) -> None:
    run_claimed(job_id, retraining.perform)


@shared_task(name="auditing.start_due_audits")
def start_due_audits() -> None:
    schedules.start_due_audits()


@shared_task(name="auditing.make_partitions")
def make_partitions() -> None:
    partitions.make_partitions_ahead()
