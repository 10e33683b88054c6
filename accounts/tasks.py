from celery import shared_task

from accounts.services import idempotency, jobs, sign_in_limits


@shared_task(name="accounts.resend_stale_jobs", ignore_result=True)
def resend_stale_jobs() -> None:
    jobs.resend_stale_jobs()


@shared_task(name="accounts.prune_idempotency_keys", ignore_result=True)
def prune_idempotency_keys() -> None:
    idempotency.prune()


@shared_task(name="accounts.prune_sign_in_counts", ignore_result=True)
def prune_sign_in_counts() -> None:
    sign_in_limits.prune()
