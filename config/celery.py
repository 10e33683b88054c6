"""The Celery application. A message is only a wake-up; the work is claimed from rows."""

import logging
import os
from typing import Any

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config import pgmq_transport  # noqa: E402  (the settings module must be named first)
from config.database import libpq_conninfo  # noqa: E402
from config.environment import ENV  # noqa: E402

QUEUES = ("default", "imports", "predictions", "training", "encoding")
VISIBILITY_TIMEOUT_SECONDS = 120  # never renewed by pgmq: longer work lives in Job rows

logger = logging.getLogger(__name__)


def broker_settings() -> dict[str, Any]:
    """Broker URL and transport options: pgmq on our own PostgreSQL unless another broker is named."""
    if ENV.broker_url:
        options: dict[str, Any] = {"visibility_timeout": VISIBILITY_TIMEOUT_SECONDS}
        if ENV.broker_url.startswith("redis"):
            options["unacked_restore_limit"] = 10  # lost jobs come back in seconds, not after 100 s
        return {"broker_url": ENV.broker_url, "broker_transport_options": options}
    pgmq_transport.register()
    return {
        "broker_url": "pgmq://",
        "broker_transport_options": {
            "conn_string": libpq_conninfo(ENV),
            "init_extension": False,
            "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
            # A read that waits in the database would wait for each queue in turn: all are looked at, then one pause.
            "wait_time_seconds": 0,
            "polling_interval": 0.1,
            "pool_size": 2,
        },
    }


app = Celery("touchstone")
app.conf.update(
    **broker_settings(),
    task_queues=[Queue(name, routing_key=name) for name in QUEUES],
    task_default_queue="default",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,  # pgmq has none; cancel and liveness are rows
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=5,
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5},
    beat_scheduler="celery.beat:Scheduler",  # in memory: due times are claimed from rows
    beat_schedule={"run-due": {"task": "common.run_due", "schedule": 5.0, "options": {"expires": 30}}},
    timezone="UTC",
)
app.autodiscover_tasks(["common", "accounts", "datasets", "annotation", "training", "auditing"])


def nudge_outbox() -> None:
    """Wake the outbox's courier. When the broker is away the sweep delivers instead, so this never fails."""
    try:
        app.send_task("common.deliver_outbox", queue="default", expires=60)
    except Exception:  # any broker error: the row is safe and the sweep will find it
        logger.warning("The broker could not be reached; the sweep will deliver.", exc_info=True)
