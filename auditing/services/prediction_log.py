"""Writing the prediction log. Append-only; a repeat meets the primary key and changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import Project
from auditing.models import Prediction, ReceivedRequest
from auditing.services.partitions import ensure_partitions
from common.ids import uuid7, uuid7_milliseconds
from training.selectors import endpoints


@dataclass(frozen=True, kw_only=True)
class LoggedPrediction:
    """One answer: `score` is the probability of `predicted` (0 to 1), `request_id` a UUIDv7.

    predicted: a class key; for multiple choice the sorted keys joined by |, empty for no class.
    """

    request_id: UUID
    predicted: str
    score: float
    predicted_at: datetime
    item_id: int | None = None
    probabilities: dict[str, float] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    latency_ms: float | None = None
    outcome: str | None = None


def day_of(request_id: UUID) -> date:
    """The UTC day inside a UUIDv7. Raises ValueError for other versions."""
    return datetime.fromtimestamp(uuid7_milliseconds(request_id) / 1000, UTC).date()


@transaction.atomic
def log_predictions(
    *, project_id: int, endpoint_id: int, model_version_id: int, predictions: Sequence[LoggedPrediction]
) -> int:
    """Append what is new; returns how many were."""
    rows = [
        Prediction(
            day=day_of(entry.request_id),
            request_id=entry.request_id,
            project_id=project_id,
            endpoint_id=endpoint_id,
            model_version_id=model_version_id,
            item_id=entry.item_id,
            predicted=entry.predicted,
            score=min(max(entry.score, 0.0), 1.0),
            probabilities=entry.probabilities,
            attributes=entry.attributes,
            latency_ms=entry.latency_ms,
            outcome=entry.outcome,
            predicted_at=entry.predicted_at,
        )
        for entry in predictions
    ]
    if not rows:
        return 0
    ensure_partitions(row.day for row in rows)
    known = set(
        Prediction.objects.filter(
            day__in={row.day for row in rows}, request_id__in=[row.request_id for row in rows]
        ).values_list("request_id", flat=True)
    )
    Prediction.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len({row.request_id for row in rows} - known)


def request_ids_for(*, project: Project, external_ids: Sequence[str]) -> dict[str, UUID]:
    """Our ids for those of a client's own that have not been here before; the others are left out.

    Kept in the caller's transaction. In one order, so that two batches which share ids wait for each other instead of
    dying in a deadlock; who waited finds the ids known.
    """
    minted = {external_id: uuid7() for external_id in sorted(set(external_ids))}
    ReceivedRequest.objects.bulk_create(
        [ReceivedRequest(project=project, external_id=key, request_id=ours) for key, ours in minted.items()],
        ignore_conflicts=True,
        batch_size=1000,
    )
    kept = ReceivedRequest.objects.filter(project=project, request_id__in=list(minted.values()))
    return dict(kept.values_list("external_id", "request_id"))


def record_event(said: Mapping[str, Any]) -> int:
    """Log the answers of a PredictionsMade event. An endpoint that was deleted meanwhile has no log any more."""
    endpoint = endpoints.endpoint_or_none(said["endpoint_id"])
    if endpoint is None:
        return 0
    return log_predictions(
        project_id=endpoint.project_id,
        endpoint_id=endpoint.pk,
        model_version_id=said["model_version_id"],
        predictions=[_logged(one) for one in said["predictions"]],
    )


def _logged(one: Mapping[str, Any]) -> LoggedPrediction:
    return LoggedPrediction(
        request_id=UUID(one["request_id"]),
        predicted=one["predicted"],
        score=float(one["score"]),
        predicted_at=datetime.fromisoformat(one["at"]),
        item_id=one.get("item_id"),
        probabilities=one.get("probabilities") or {},
        attributes=one.get("attributes") or {},
        latency_ms=one.get("latency_ms"),
    )
