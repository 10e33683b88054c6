from celery import shared_task
from django.db import transaction

from accounts.services.jobs import run_claimed
from annotation.services.acceptance import settle_free_answers
from annotation.services.bulk import perform_prioritising, perform_reopening
from annotation.services.completion import BATCH, announce_completed, dispute_audit_tasks
from annotation.services.consensus import perform_acceptance, perform_consensus
from annotation.services.hints import PRUNE_BATCH, begin_encoding, encode_picture
from annotation.services.hints import prune_embeddings as prune_batch
from annotation.services.hot.upkeep import SWEEP_BATCH, sweep_expired
from annotation.services.returns import reopen_returned
from annotation.services.review_plan import consider_finished, perform_draw
from annotation.services.schema_changes import perform_change
from annotation.services.selection import perform_fill
from common import outbox

MAX_ROUNDS = 50


@shared_task(name="annotation.fill_queue", acks_late=True, ignore_result=True)
def fill_queue(job_id: int) -> None:
    run_claimed(job_id, perform_fill)


@shared_task(name="annotation.prioritise", acks_late=True, ignore_result=True)
def prioritise(job_id: int) -> None:
    run_claimed(job_id, perform_prioritising)


@shared_task(name="annotation.reopen", acks_late=True, ignore_result=True)
def reopen(job_id: int) -> None:
    run_claimed(job_id, perform_reopening)


@shared_task(name="annotation.run_consensus", acks_late=True, ignore_result=True)
def run_consensus(job_id: int) -> None:
    run_claimed(job_id, perform_consensus)


@shared_task(name="annotation.accept_consensus", acks_late=True, ignore_result=True)
def accept_consensus(job_id: int) -> None:
    run_claimed(job_id, perform_acceptance)


@shared_task(name="annotation.draw_review", acks_late=True, ignore_result=True)
def draw_review(job_id: int) -> None:
    run_claimed(job_id, perform_draw)


@shared_task(name="annotation.change_schema", acks_late=True, ignore_result=True)
def change_schema(job_id: int) -> None:
    run_claimed(job_id, perform_change)


@shared_task(name="annotation.sweep_leases", ignore_result=True)
def sweep_leases() -> None:
    """Take back what ran out; what is left over comes with the next beat."""
    for _ in range(MAX_ROUNDS):
        if sweep_expired() < SWEEP_BATCH:
            return


@shared_task(name="annotation.announce_completed", ignore_result=True)
def announce() -> None:
    for _ in range(MAX_ROUNDS):
        if announce_completed() < BATCH:
            return


@shared_task(name="annotation.on_tasks_completed", acks_late=True, ignore_result=True)
def on_tasks_completed(event_id: int) -> None:
    """Tasks go to a reviewer: disputed ones of an audit, those of the queue's plan, and those that were sent back."""
    with transaction.atomic():
        if outbox.first_time(event_id, "annotation.on_tasks_completed"):
            said = outbox.payload(event_id)
            reopen_returned(task_ids=said["task_ids"])
            dispute_audit_tasks(queue_id=said["queue_id"], task_ids=said["task_ids"])
            settle_free_answers(queue_id=said["queue_id"], task_ids=said["task_ids"])
            consider_finished(queue_id=said["queue_id"], task_ids=said["task_ids"])


@shared_task(
    name="annotation.on_picture_wanted", acks_late=True, ignore_result=True, soft_time_limit=90, time_limit=110
)
def on_picture_wanted(event_id: int) -> None:
    """Run the operator's encoder. The attempt is counted first: what kills its worker is not begun for ever."""
    with transaction.atomic():
        embedding_id = outbox.payload(event_id)["embedding_id"]
        mine = outbox.first_time(event_id, "annotation.on_picture_wanted") and begin_encoding(embedding_id)
    if mine:
        encode_picture(embedding_id)


@shared_task(name="annotation.prune_embeddings", ignore_result=True)
def prune_embeddings() -> None:
    for _ in range(MAX_ROUNDS):
        if prune_batch() < PRUNE_BATCH:
            return
