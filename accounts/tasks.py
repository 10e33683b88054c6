from celery import shared_task

from accounts.services import idempotency, jobs


@shared_task(name="accounts.resend_stale_jobs", ignore_result=True)
def resend_stale_jobs() -> None:
    jobs.resend_stale_jobs()


@shared_task(name="accounts.prune_idempotency_keys", ignore_result=True)
def prune_idempotency_keys() -> None:
    idempotency.prune()
