"""Answers that come late, from devices that were offline, and outcomes that come by themselves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Project
from auditing.models import Prediction
from auditing.services.prediction_log import LoggedPrediction, day_of, log_predictions, request_ids_for
from common.problems import InvalidInput, NotFound
from datasets.selectors.items import by_hashes

LARGEST_BATCH = 5_000
CLOCK_SKEW = timedelta(minutes=10)
JOINED_BY = "|"  # the keys of a multiple-choice answer


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


@dataclass(frozen=True, kw_only=True)
class TakenBatch:
    """taken: answers that are new in the log; known: sent before; without_input: new ones whose picture is not here."""

    taken: int
    known: int
    without_input: int


@transaction.atomic
def take_late_batch(*, project: Project, endpoint: Any, model: Any, batch: Sequence[LatePrediction]) -> TakenBatch:
    """Log what is new. endpoint, model: a training.Endpoint and the training.ModelVersion that answered on the device.

    Raises InvalidInput for a batch too large, from the future, or with answers that the model cannot have given.
    """
    if project.pk not in {endpoint.project_id} & {model.project_id}:
        raise InvalidInput("The endpoint or the model belongs to another project.")
    if len(batch) > LARGEST_BATCH:
        raise InvalidInput(f"A batch has at most {LARGEST_BATCH:,} answers; send {len(batch):,} in several.")
    _check(batch, model.serving_card)
    ours = request_ids_for(project=project, external_ids=[one.external_id for one in batch])
    fresh = list({one.external_id: one for one in reversed(batch) if one.external_id in ours}.values())
    items = by_hashes(project, [one.sha256 for one in fresh if one.sha256])
    rows = [_logged(one, ours[one.external_id], items) for one in fresh]
    taken = log_predictions(project_id=project.pk, endpoint_id=endpoint.pk, model_version_id=model.pk, predictions=rows)
    return TakenBatch(taken=taken, known=len(batch) - taken, without_input=sum(row.item_id is None for row in rows))


def _check(batch: Sequence[LatePrediction], card: dict[str, Any]) -> None:
    latest = timezone.now() + CLOCK_SKEW
    classes = {one["key"] for one in card["classes"]}
    for number, one in enumerate(batch):
        place = f"predictions[{number}]"
        if one.predicted_at > latest:
            raise InvalidInput(
                f"Answer {number} ({one.external_id}) lies in the future. Set the device's clock and send it again.",
                errors={f"{place}.predicted_at": ["In the future."]},
            )
        keys = _keys(one)
        if not set(keys) <= classes or (len(keys) != 1 and card["kind"] != "multi_label"):
            raise InvalidInput(
                f"Answer {number} ({one.external_id}) is “{one.predicted}”, which is no class of this model. Send the "
                "keys of classes, and name the model that the device has.",
                errors={f"{place}.predicted": ["Not a class of the model."]},
            )
        if not all(math.isfinite(share) and 0 <= share <= 1 for share in (one.score, *one.probabilities.values())):
            raise InvalidInput(
                f"Answer {number} ({one.external_id}) has a score or probability that is not a number from 0 to 1.",
                errors={f"{place}.score": ["0 to 1."]},
            )


def _keys(one: LatePrediction) -> list[str]:
    """Class keys, sorted; none when no class of several was given."""
    return sorted(filter(None, one.predicted.split(JOINED_BY)))


def _logged(one: LatePrediction, request_id: UUID, items: dict[str, Any]) -> LoggedPrediction:
    item = items.get(one.sha256) if one.sha256 else None
    return LoggedPrediction(
        request_id=request_id,
        predicted=JOINED_BY.join(_keys(one)),
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
