"""Wrong answers as pictures, the worst first."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from common.problems import InvalidInput
from training.models import ModelVersion
from training.selectors.decisions import decisions
from training.selectors.files import Floats, StoredPredictions, classes_of
from training.selectors.judged import judged_by


@dataclass(frozen=True)
class Failure:
    """badness: how sure the model was of what is wrong, above what it gave to the truth; 0 to 1."""

    sha256: str
    truth: list[str]
    predicted: list[str]
    score: float
    truth_score: float
    badness: float


@dataclass(frozen=True)
class Pair:
    truth: str
    predicted: str
    count: int


@dataclass(frozen=True)
class Failures:
    """total: wrong rows; rows: judged rows. pairs: confusions, the most frequent first (one-label tasks)."""

    rows: int
    total: int
    failures: list[Failure]
    pairs: list[Pair]


def failures(
    model: ModelVersion, *, truth: str = "", predicted: str = "", offset: int = 0, limit: int = 60
) -> Failures:
    """Wrong answers on the validation rows, as the model decides with its threshold.

    truth, predicted: only these classes. Test rows are never shown one by one.

    Raises InvalidInput for a class that the model does not have, and for a model without validation predictions.
    """
    keys = classes_of(model.serving_card)
    for key in filter(None, (truth, predicted)):
        if key not in keys:
            raise InvalidInput(f"The model has no class “{key}”.", errors={"class": ["Unknown."]})
    judged = judged_by(model, may_use_test=False)
    if judged is None:
        raise InvalidInput("The model was fitted on its validation rows, so there are no fair failures to show.")
    found = judged.predictions
    decided = decisions(model, found.probabilities)
    wrong = np.flatnonzero((decided != (found.truth > 0)).any(axis=1))
    pairs = [] if model.serving_card["kind"] == "multi_label" else _pairs(found, decided, wrong, keys)
    if truth:
        wrong = wrong[found.truth[wrong, keys.index(truth)] > 0]
    if predicted:
        wrong = wrong[decided[wrong, keys.index(predicted)]]
    badness = _badness(found, decided)
    order = wrong[np.argsort(-badness[wrong], kind="stable")]
    chosen = [_failure(found, decided, int(row), keys, float(badness[row])) for row in order[offset : offset + limit]]
    return Failures(len(found.items), len(order), chosen, pairs)


def _badness(found: StoredPredictions, decided: npt.NDArray[np.bool_]) -> Floats:
    """The largest probability on a wrong class minus the smallest on a true one, at least 0."""
    wrongly = np.where(decided & (found.truth == 0), found.probabilities, 0.0).max(axis=1)
    missed = np.where(found.truth > 0, found.probabilities, 1.0).min(axis=1)
    return np.asarray(np.clip(np.where(wrongly > 0, wrongly - missed, 1.0 - missed), 0.0, 1.0))


def _failure(
    found: StoredPredictions, decided: npt.NDArray[np.bool_], row: int, keys: list[str], badness: float
) -> Failure:
    true, chosen = np.flatnonzero(found.truth[row] > 0), np.flatnonzero(decided[row])
    probabilities = found.probabilities[row]
    return Failure(
        sha256=str(found.items[row]),
        truth=[keys[i] for i in true],
        predicted=[keys[i] for i in chosen],
        score=float(probabilities[chosen].max()) if len(chosen) else float(probabilities.max()),
        truth_score=float(probabilities[true].min()) if len(true) else 0.0,
        badness=badness,
    )


def _pairs(
    found: StoredPredictions,
    decided: npt.NDArray[np.bool_],
    wrong: npt.NDArray[np.int64],
    keys: list[str],
) -> list[Pair]:
    counts = np.zeros((len(keys), len(keys)), dtype=np.int64)
    np.add.at(counts, (found.truth[wrong].argmax(axis=1), decided[wrong].argmax(axis=1)), 1)
    order = np.argsort(-counts, axis=None, kind="stable")
    places = [np.unravel_index(int(i), counts.shape) for i in order[:50]]
    return [Pair(keys[int(i)], keys[int(j)], int(counts[i, j])) for i, j in places if counts[i, j] > 0]
