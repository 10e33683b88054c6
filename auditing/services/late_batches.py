"""Answers that come late, from devices that were offline, and outcomes that come by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Project
from auditing.models import Prediction
from auditing.services.prediction_log import LoggedPrediction, day_of, log_predictions, request_id_for
from common.problems import InvalidInput, NotFound
from datasets.selectors.items import by_hashes

LARGEST_BATCH = 5_000
CLOCK_SKEW = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class LatePrediction:
    """One answer of a device. external_id: minted there, unique in the project; sha256: of an item that is here."""

    external_id: str
    predicted: str
    score: float
    predicted_at: datetime
    probabilities: dict[str, float] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    sha256: str | None = None


@transaction.atomic
def take_late_batch(
    *, project: Project, endpoint_id: int, model_version_id: int, batch: Sequence[LatePrediction]
) -> int:
    """Log what is new; returns how many. Raises InvalidInput for a batch too large or from the future."""
    if len(batch) > LARGEST_BATCH:
        raise InvalidInput(f"A batch has at most {LARGEST_BATCH:,} answers; send {len(batch):,} in several.")
    latest = timezone.now() + CLOCK_SKEW
    for number, one in enumerate(batch):
        if one.predicted_at > latest:
            raise InvalidInput(
                f"Answer {number} ({one.external_id}) lies in the future. Set the device's clock and send it again.",
                errors={f"predictions[{number}].predicted_at": ["In the future."]},
            )
    items = by_hashes(project, [one.sha256 for one in batch if one.sha256])
    fresh = []
    for one in batch:
        request_id, is_new = request_id_for(project=project, external_id=one.external_id)
        if is_new:
            fresh.append(_logged(one, request_id, items))
    return log_predictions(
        project_id=project.pk, endpoint_id=endpoint_id, model_version_id=model_version_id, predictions=fresh
    )


def _logged(one: LatePrediction, request_id: UUID, items: dict[str, Any]) -> LoggedPrediction:
    item = items.get(one.sha256) if one.sha256 else None
    return LoggedPrediction(
        request_id=request_id,
        predicted=one.predicted,
        score=one.score,
        predicted_at=one.predicted_at,
        item_id=item.pk if item else None,
        probabilities=one.probabilities,
        attributes=one.attributes,
    )


def record_outcome(*, project: Project, request_id: UUID, outcome: str) -> None:
    """Write what turned out to be true. The last word wins. Raises NotFound for an unknown request."""
    try:
        day = day_of(request_id)
    except ValueError as error:
        raise InvalidInput(str(error), errors={"request_id": ["Not one of ours."]}) from error
    changed = Prediction.objects.filter(day=day, request_id=request_id, project=project).update(outcome=outcome)
    if not changed:
        raise NotFound(f"There is no prediction {request_id} in this project.")
