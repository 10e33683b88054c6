from common.jobs_registry import Periodic
from datasets.events import ItemsImported

SUBSCRIPTIONS = {ItemsImported.NAME: ["training.embed_imported_items"]}

JOB_TASKS = {
    "training.run": ("training.run", "training"),
    "training.export": ("training.export", "training"),
    "training.evaluate_test": ("training.evaluate_test", "predictions"),
    "training.gate": ("training.gate", "predictions"),
    "training.embed_items": ("training.embed_items", "predictions"),
}

SCHEDULE = [
    Periodic(task="training.settle_runs", every_seconds=30),
    Periodic(task="training.embed_pending", every_seconds=60),
]
