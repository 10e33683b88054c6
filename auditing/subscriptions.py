from annotation.events import TasksCompleted
from common.jobs_registry import Periodic
from training.events import PredictionsMade

SUBSCRIPTIONS = {
    PredictionsMade.NAME: ["auditing.record_predictions"],
    TasksCompleted.NAME: ["auditing.take_answers"],
}

EVENT_QUEUES = {"auditing.record_predictions": "predictions"}

JOB_TASKS = {
    "auditing.mine": ("auditing.run_mining", "default"),
    "auditing.retrain": ("auditing.run_retrain", "default"),
}

SCHEDULE = [
    Periodic(task="auditing.make_partitions", every_seconds=3600),
    Periodic(task="auditing.start_due_audits", every_seconds=60),
]
