"""Figures and refusals of the hot path."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings

from annotation.models import LEADING
from common.problems import DomainError

MAX_WANT = 60  # two pages of a grid; no more than one may hold
MAX_HELD = 60  # leases of one annotator in one queue over all tabs
HEARTBEAT_SECONDS = 60
ORPHANED_AFTER = timedelta(seconds=150)  # two heartbeats missed: another tab may take the lease over
EDIT_WINDOW = timedelta(minutes=15)
RESET_PAUSE_SECONDS = 20
RETURNED_LOOK = 50  # how many returned tasks are considered before the cursor
LABELLING_ROLES = frozenset({*LEADING, "annotator"})


def lease_time() -> timedelta:
    return timedelta(minutes=settings.LEASE_MINUTES)


def as_json() -> dict[str, int]:
    """What a client must know to keep its leases."""
    return {
        "lease_seconds": int(lease_time().total_seconds()),
        "heartbeat_seconds": HEARTBEAT_SECONDS,
        "max_want": MAX_WANT,
        "edit_seconds": int(EDIT_WINDOW.total_seconds()),
    }


class LeaseLost(DomainError):
    code: ClassVar[str] = "lease-lost"
    title: ClassVar[str] = "Others have finished this task"

    def __init__(self, detail: str = "", **context: Any) -> None:
        ran_out = "The lease ran out and the task has all its labels by now. Your answer was not taken; go on."
        super().__init__(detail or ran_out, **context)


class RevisionConflict(DomainError):
    code: ClassVar[str] = "revision-conflict"
    title: ClassVar[str] = "You have answered this already"


class NoLongerEditable(DomainError):
    code: ClassVar[str] = "no-longer-editable"
    title: ClassVar[str] = "This answer counts already"
