"""Which task hears which event, does which kind of job, and runs how often: from each app's `subscriptions.py`."""

import importlib
import importlib.util
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Periodic:
    """A task without arguments that runs about every `every_seconds`, at most once at a time."""

    task: str
    every_seconds: int
    queue: str = "default"


SUBSCRIPTIONS: dict[str, list[str]] = {}
JOB_TASKS: dict[str, tuple[str, str]] = {}
SCHEDULE: list[Periodic] = []
EVENT_QUEUES: dict[str, str] = {}


def load(apps: list[str]) -> None:
    """Read every app's `subscriptions` module. Idempotent."""
    SUBSCRIPTIONS.clear()
    JOB_TASKS.clear()
    SCHEDULE.clear()
    EVENT_QUEUES.clear()
    for app in apps:
        name = f"{app}.subscriptions"
        if importlib.util.find_spec(name) is None:
            continue
        module = importlib.import_module(name)
        for event, tasks in getattr(module, "SUBSCRIPTIONS", {}).items():
            SUBSCRIPTIONS.setdefault(event, []).extend(tasks)
        JOB_TASKS.update(getattr(module, "JOB_TASKS", {}))
        EVENT_QUEUES.update(getattr(module, "EVENT_QUEUES", {}))
        SCHEDULE.extend(getattr(module, "SCHEDULE", []))
