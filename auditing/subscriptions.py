from common.jobs_registry import Periodic
from training.events import PredictionsMade

SUBSCRIPTIONS = {
    PredictionsMade.NAME: ["auditing.record_predictions"],
}

EVENT_QUEUES = {"auditing.record_predictions": "predictions"}

JOB_TASKS: dict[str, tuple[str, str]] = {}

SCHEDULE = [
    Periodic(task="auditing.make_partitions", every_seconds=3600),
]
