"""Upward messages: rows in the same transaction, delivered after commit and by a sweep, at least once.

A receiver is a Celery task that takes an event id and keeps a receipt, so that a second delivery changes nothing.
"""

import dataclasses
from typing import Any, ClassVar, Protocol

from django.db import transaction

from common import nudge
from common.models import OutboxEvent, Receipt


class Event(Protocol):
    """A frozen dataclass of JSON-able fields with a name and a version."""

    NAME: ClassVar[str]
    VERSION: ClassVar[int]
    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]


def publish(event: Event) -> OutboxEvent:
    """Write `event` in the caller's transaction. Raises TransactionManagementError outside of one."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event is published in the transaction that made it true.")
    row = OutboxEvent.objects.create(name=event.NAME, version=event.VERSION, payload=dataclasses.asdict(event))
    transaction.on_commit(nudge.wake, robust=True)
    return row


def first_time(event_id: int, task: str) -> bool:
    """Keep the receipt; False when this task has had this event. In the transaction of the work itself."""
    _, created = Receipt.objects.get_or_create(event_id=event_id, task=task)
    return created


def payload(event_id: int) -> dict[str, Any]:
    """What the event says."""
    found: dict[str, Any] = OutboxEvent.objects.values_list("payload", flat=True).get(pk=event_id)
    return found
