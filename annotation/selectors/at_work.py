"""Who is at work in a queue: what they hold and till when, how near they are to its limits, and who should rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min
from django.utils import timezone

from annotation.models import Annotator, Assignment, Participation, Queue


@dataclass(frozen=True, kw_only=True)
class AtWork:
    """One annotator in one queue. n_given: answers in all rounds, gold included, as limits count them.

    n_leases: tasks held; those that a reviewer reserved are not counted. next_expiry: when the first of them comes back
    without a heartbeat. heard_at: the last sign of life of a tab that holds something.
    """

    annotator: Annotator
    n_given: int
    n_today: int
    gold_streak: int
    suggests_pause: bool
    n_leases: int
    next_expiry: datetime | None
    heard_at: datetime | None
    last_at: datetime | None

    @property
    def id(self) -> UUID:
        return self.annotator.public_id


def at_work(queue: Queue) -> list[AtWork]:
    """Everybody who has answered or holds something, those who hold something first. Three queries."""
    held = _held(queue)
    rows = {row.annotator_id: row for row in Participation.objects.filter(queue=queue)}
    people = Annotator.objects.filter(pk__in={*held, *rows})
    found = [_one(queue, person, rows.get(person.pk), held.get(person.pk, {})) for person in people]
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.next_expiry or never, one.annotator.pseudonym))


def _held(queue: Queue) -> dict[int, Mapping[str, Any]]:
    """By annotator, through their own index: a queue's leases have none."""
    people = Annotator.objects.filter(project_id=queue.project_id).values("pk")
    rows = Assignment.objects.leased().filter(annotator__in=people, queue=queue, reserved_until__isnull=True)
    counted = rows.values("annotator").annotate(n=Count("pk"), first=Min("expires_at"), last=Max("expires_at"))
    return {row["annotator"]: row for row in counted}


def _one(queue: Queue, person: Annotator, row: Participation | None, held: Mapping[str, Any]) -> AtWork:
    streak = row.gold_streak if row else 0
    today = row is not None and row.day == timezone.now().astimezone(UTC).date()
    return AtWork(
        annotator=person,
        n_given=row.n_done + row.n_past + row.n_gold if row else 0,
        n_today=row.n_today if row and today else 0,
        gold_streak=streak,
        suggests_pause=queue.gold_misses is not None and streak >= queue.gold_misses,
        n_leases=held.get("n", 0),
        next_expiry=held.get("first"),
        heard_at=held["last"] - timedelta(minutes=settings.LEASE_MINUTES) if held else None,
        last_at=row.last_at if row else None,
    )
