from django.apps import AppConfig

from common import jobs_registry, nudge
from config import celery as celery_module


class ConfigConfig(AppConfig):
    """Ties the outbox to the broker: the only place where the two meet."""

    name = "config"
    verbose_name = "Touchstone"

    def ready(self) -> None:
        jobs_registry.load(["common", "accounts", "datasets", "annotation", "training", "auditing"])
        nudge.register_nudge(celery_module.nudge_outbox)
