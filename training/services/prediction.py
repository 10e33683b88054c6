"""Answers of an endpoint: predict, keep the inputs if wanted, tell the log, all or nothing."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import transaction

from common.ids import uuid7
from common.outbox import publish
from common.problems import DomainError, InvalidInput
from datasets.services.production import record_production_input
from training.events import PredictionsMade
from training.models import Endpoint, ModelExport, ModelVersion
from training.services.endpoint_errors import EMPTY, MODEL_FAILED, UNREADABLE, count_errors
from training.services.predictors import SERVED_FORMAT, predictor_of_export
from training.serving.predictor import CHUNK, Predictor
from training.serving.preprocessing import BrokenImage, prepare_valid

MOST_IMAGES = 100  # as many files as Django takes in one form
MULTI_LABEL_THRESHOLD = 0.5


class EndpointEmpty(DomainError):
    code = "endpoint-empty"
    title = "No model answers here yet"


@dataclass(frozen=True, kw_only=True)
class Input:
    """One picture. item_id: set for an item that is known already, which is then not kept a second time."""

    data: bytes
    name: str = ""
    item_id: int | None = None
    sha256: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    captured_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the endpoint says of one picture. problem: a sentence, and then nothing was predicted."""

    request_id: str
    name: str
    sha256: str = ""
    predicted: str | list[str] | None = None
    score: float | None = None
    is_flagged: bool | None = None
    probabilities: dict[str, float] = field(default_factory=dict)
    latency_ms: float | None = None
    item_id: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class Decision:
    """predicted: the class key, or the keys for multiple choice. score: probability of the predicted class."""

    predicted: str | list[str]
    score: float
    is_flagged: bool | None
    probabilities: dict[str, float]


def predict(
    *, endpoint: Endpoint, inputs: Sequence[Input], by: tuple[ModelVersion, ModelExport] | None = None
) -> list[Answer]:
    """Answer every picture that can be read; one that cannot gets a problem and does not spoil the others.

    by: what `served` said, so that a release in between does not part the answer from what is told of the model.

    Kept inputs and the event PredictionsMade are written in one transaction: an answer that was given is in the log.
    Raises EndpointEmpty without a released model, InvalidInput for no pictures or more than 100.
    """
    if not inputs:
        raise InvalidInput("The request holds no picture.", errors={"images": ["Send at least one."]})
    if len(inputs) > MOST_IMAGES:
        raise InvalidInput(
            f"At most {MOST_IMAGES} pictures a request, not {len(inputs)}.", errors={"images": ["Too many."]}
        )
    model, export = served(endpoint) if by is None else by
    answers: list[Answer] = []
    try:
        predictor = predictor_of_export(export, model)
        for start in range(0, len(inputs), CHUNK):
            answers += _answer_chunk(inputs[start : start + CHUNK], predictor, model, endpoint.top_k)
    except Exception as error:  # whatever it was, the request is not answered, and that is counted
        count_errors(endpoint=endpoint, code=MODEL_FAILED, last=f"{model}: {error}")
        raise
    answered = _log(endpoint, model, inputs, answers)
    unread = [answer.problem for answer in answered if answer.problem]
    if unread:
        count_errors(endpoint=endpoint, code=UNREADABLE, last=unread[-1], times=len(unread))
    return answered


def served(endpoint: Endpoint) -> tuple[ModelVersion, ModelExport]:
    """The model that answers, with the file that does it, in one query. Raises EndpointEmpty, and counts it."""
    export = (
        ModelExport.objects.select_related("model_version__line")
        .filter(format=SERVED_FORMAT, model_version__endpoints=endpoint)
        .first()
    )
    if export is None:
        sentence = f"No model was released to “{endpoint.name}” yet. Release one on its page under Models."
        count_errors(endpoint=endpoint, code=EMPTY, last=sentence)
        raise EndpointEmpty(sentence)
    return export.model_version, export


def _answer_chunk(inputs: Sequence[Input], predictor: Predictor, model: ModelVersion, top_k: int) -> list[Answer]:
    started = time.perf_counter()
    prepared = prepare_valid([one.data for one in inputs], predictor.card.preprocessing)
    probabilities = predictor.predict_pixels(prepared.pixels)
    latency_ms = (time.perf_counter() - started) * 1000 / max(len(inputs), 1)
    row_of = {int(place): row for row, place in enumerate(prepared.kept)}
    broken: dict[int, BrokenImage] = {error.index: error for error in prepared.broken}
    answers = []
    for place, one in enumerate(inputs):
        answer = Answer(request_id=str(uuid7()), name=one.name, sha256=one.sha256, item_id=one.item_id)
        if place in broken:
            answers.append(replace(answer, problem=broken[place].reason))
            continue
        made = decide(probabilities[row_of[place]], model, top_k)
        answers.append(
            replace(
                answer,
                predicted=made.predicted,
                score=made.score,
                is_flagged=made.is_flagged,
                probabilities=made.probabilities,
                latency_ms=round(latency_ms, 3),
            )
        )
    return answers


def decide(probabilities: npt.NDArray[np.float64], model: ModelVersion, top_k: int) -> Decision:
    """Turn (classes,) probabilities into an answer, by the model's threshold if it has one."""
    keys = [c["key"] for c in model.serving_card["classes"]]
    order = np.argsort(-probabilities, kind="stable")
    top = {keys[i]: round(float(probabilities[i]), 6) for i in order[:top_k]}
    if model.serving_card["kind"] == "multi_label":
        threshold = MULTI_LABEL_THRESHOLD if model.threshold is None else model.threshold
        chosen = [keys[i] for i in order if probabilities[i] >= threshold]
        return Decision(chosen, float(probabilities[order[0]]), None, top)
    best = int(order[0])
    flagged: bool | None = None
    if model.class_of_concern and model.threshold is not None:
        concern = keys.index(model.class_of_concern)
        flagged = bool(probabilities[concern] >= model.threshold)
        best = concern if flagged else next(int(i) for i in order if i != concern)
    return Decision(keys[best], float(probabilities[best]), flagged, top)


@transaction.atomic
def _log(endpoint: Endpoint, model: ModelVersion, inputs: Sequence[Input], answers: list[Answer]) -> list[Answer]:
    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = []
    told: list[Answer] = []
    for one, answer in zip(inputs, answers, strict=True):
        if not answer.problem:
            answer = _kept(endpoint, one, answer, now)
        if not answer.problem:
            rows.append(_log_row(one, answer, now))
        told.append(answer)
    if rows:
        publish(PredictionsMade(endpoint_id=endpoint.pk, model_version_id=model.pk, predictions=rows))
    return told


def _kept(endpoint: Endpoint, one: Input, answer: Answer, now: datetime) -> Answer:
    """The answer with the item its input was kept as. A picture that the project refuses is not answered either."""
    if one.item_id is not None or not endpoint.log_inputs or endpoint.source is None:
        return answer
    try:
        item = record_production_input(
            project=endpoint.project,
            source=endpoint.source,
            data=one.data,
            name=one.name,
            attributes=dict(one.attributes),
            captured_at=one.captured_at or now,
            external_id=answer.request_id,
        )
    except InvalidInput as error:
        return replace(answer, predicted=None, score=None, is_flagged=None, probabilities={}, problem=str(error))
    return replace(answer, item_id=item.pk, sha256=item.sha256)


def _log_row(one: Input, answer: Answer, now: datetime) -> dict[str, Any]:
    return {
        "request_id": answer.request_id,
        "item_id": answer.item_id,
        "occurrence_id": None,
        "predicted": answer.predicted
        if isinstance(answer.predicted, str)
        else "|".join(sorted(answer.predicted or [])),
        "score": answer.score,
        "probabilities": answer.probabilities,
        "latency_ms": answer.latency_ms,
        "at": now.isoformat(),
        "attributes": dict(one.attributes),
    }
