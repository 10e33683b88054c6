from common.jobs_registry import Periodic

SCHEDULE = [
    Periodic(task="common.deliver_outbox", every_seconds=5),
    Periodic(task="common.prune_outbox", every_seconds=6 * 3600),
]
