"""What an endpoint answered: traffic, mix of classes, latency, by day and in a window."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Project, User
from auditing.models import Prediction, PredictionCount, PredictionQuerySet
from common.problems import InvalidInput

DEFAULT_WINDOW = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Window:
    """Answers of one endpoint from `start` (inclusive) to `end` (exclusive), optionally of one model version."""

    endpoint_id: int
    start: datetime
    end: datetime
    model_version_id: int | None = None

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise InvalidInput(
                "The window ends before it starts. Choose a later end.", errors={"end": ["Not after the start."]}
            )

    def predictions(self) -> PredictionQuerySet:
        """The window's rows. The days are named too, so that only their partitions are read."""
        # A late batch is logged under the day of its request id, which may be later than the prediction itself.
        rows = Prediction.objects.filter(
            endpoint_id=self.endpoint_id,
            predicted_at__gte=self.start,
            predicted_at__lt=self.end,
            day__gte=self.start.date() - timedelta(days=1),
        )
        return rows if self.model_version_id is None else rows.filter(model_version_id=self.model_version_id)

    def as_json(self) -> dict[str, Any]:
        return {"from": self.start.isoformat(), "to": self.end.isoformat()}


def predictions_of(user: User, project: Project) -> QuerySet[Prediction]:
    return Prediction.objects.visible_to(user).filter(project=project)


@dataclass(frozen=True, kw_only=True)
class PredictionsMade:
    """total: predictions in the log; lately: those of UTC days after the asked one; endpoints: ids that answered."""

    total: int
    lately: int
    endpoints: frozenset[int]


def predictions_made(project: Project, *, since: date) -> PredictionsMade:
    """Read from the daily counters, a row an endpoint and day, so that the answer takes no longer as the log grows."""
    rows = PredictionCount.objects.filter(project=project, count__gt=0).values_list("endpoint_id")
    found = list(rows.annotate(total=Sum("count"), lately=Sum("count", filter=Q(day__gt=since), default=0)).order_by())
    return PredictionsMade(
        total=sum(total for _, total, _ in found),
        lately=sum(lately for _, _, lately in found),
        endpoints=frozenset(endpoint for endpoint, _, _ in found),
    )


def recent_window(endpoint_id: int, *, days: int = 30) -> Window:
    """The last `days` until now."""
    now = timezone.now()
    return Window(endpoint_id=endpoint_id, start=now - timedelta(days=days), end=now + timedelta(seconds=1))


def span(endpoint_id: int) -> tuple[datetime, datetime] | None:
    """Time of the first and the last answer."""
    found = Prediction.objects.filter(endpoint_id=endpoint_id).aggregate(Min("predicted_at"), Max("predicted_at"))
    if found["predicted_at__min"] is None:
        return None
    return found["predicted_at__min"], found["predicted_at__max"]


_BY_DAY = """
SELECT (predicted_at AT TIME ZONE 'UTC')::date AS day, model_version_id, count(*),
       count(item_id), avg(score),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms), percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms)
FROM auditing_prediction
WHERE endpoint_id = %s AND predicted_at >= %s AND predicted_at < %s AND day >= %s
GROUP BY 1, 2 ORDER BY 1, 2
"""


def traffic_by_day(window: Window) -> list[dict[str, Any]]:
    """One row a UTC day and model version: answers, how many kept their input, mean score, latency (ms)."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, [window.endpoint_id, window.start, window.end, window.start.date() - timedelta(days=1)])
        names = ("day", "model_version_id", "count", "with_input", "mean_score", "latency_p50_ms", "latency_p95_ms")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def class_mix(window: Window) -> list[tuple[str, int]]:
    """Predicted classes with their counts, the most frequent first."""
    return list(
        window.predictions()
        .values_list("predicted")
        .annotate(count=Count("request_id"))
        .order_by("-count", "predicted")
    )


def item_ids(window: Window, *, limit: int, seed: int = 0) -> list[int]:
    """Items whose input was kept: all of them up to `limit`, beyond that the same pseudo-random choice for a seed."""
    rows = (
        window.predictions().filter(item__isnull=False).order_by("item_id").values_list("item_id", flat=True).distinct()
    )
    found = list(rows)
    if len(found) <= limit:
        return found
    # A multiplicative hash spreads ids without a pattern of upload order, and needs no random state.
    return sorted(sorted(found, key=lambda n: ((n + seed) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)[:limit])
