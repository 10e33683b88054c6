from common.jobs_registry import Periodic

SCHEDULE = [
    Periodic(task="accounts.resend_stale_jobs", every_seconds=20),
    Periodic(task="accounts.prune_idempotency_keys", every_seconds=6 * 3600),
    Periodic(task="accounts.prune_sign_in_counts", every_seconds=3600),
]
