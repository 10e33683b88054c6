from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class RunFinished:
    """A run reached its end. state: succeeded, failed or cancelled."""

    NAME: ClassVar[str] = "RunFinished"
    VERSION: ClassVar[int] = 1
    run_id: int
    state: str


@dataclass(frozen=True)
class ModelReleased:
    """An endpoint answers with another model version from now on (a release or a roll-back)."""

    NAME: ClassVar[str] = "ModelReleased"
    VERSION: ClassVar[int] = 1
    endpoint_id: int
    model_version_id: int


@dataclass(frozen=True)
class PredictionsMade:
    """Answers that an endpoint gave, in the order of the request.

    predictions: one object an answer: request_id (UUIDv7 text), item_id and occurrence_id (null when inputs are not
    logged), predicted (class key; sorted keys joined by | for multiple choice), score (probability of the predicted
    class),
    probabilities ({class key: probability} of the likeliest classes), latency_ms, at (ISO 8601, UTC), attributes (of
    the request).
    """

    NAME: ClassVar[str] = "PredictionsMade"
    VERSION: ClassVar[int] = 1
    endpoint_id: int
    model_version_id: int
    predictions: list[dict[str, Any]]
