from celery import shared_task
from django.db import transaction

from accounts.services.jobs import run_claimed
from common import outbox
from training.services import embeddings, export_jobs, gate, run_execution, test_evaluation
from training.services.runs import settle_runs


@shared_task(name="training.run", acks_late=True, ignore_result=True)
def run(job_id: int) -> None:
    run_claimed(job_id, run_execution.perform)


@shared_task(name="training.evaluate_test", acks_late=True, ignore_result=True)
def evaluate_test(job_id: int) -> None:
    run_claimed(job_id, test_evaluation.perform)


@shared_task(name="training.gate", acks_late=True, ignore_result=True)
def run_gate(job_id: int) -> None:
    run_claimed(job_id, gate.perform)


@shared_task(name="training.export", acks_late=True, ignore_result=True)
def export(job_id: int) -> None:
    run_claimed(job_id, export_jobs.perform)


@shared_task(name="training.embed_items", acks_late=True, ignore_result=True)
def embed_items(job_id: int) -> None:
    run_claimed(job_id, embeddings.perform)


@shared_task(name="training.embed_imported_items", acks_late=True, ignore_result=True)
def embed_imported_items(event_id: int) -> None:
    with transaction.atomic():
        if outbox.first_time(event_id, "training.embed_imported_items"):
            embeddings.start(**outbox.payload(event_id))


@shared_task(name="training.settle_runs", ignore_result=True)
def settle() -> None:
    settle_runs()


@shared_task(name="training.embed_pending", ignore_result=True)
def embed_pending() -> None:
    embeddings.start_where_pending()
