"""The predictions that a model is judged by, and the scores of its class of concern."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from common.problems import InvalidInput
from training.models import Evaluation, ModelVersion, Split
from training.selectors.files import Floats, StoredPredictions, classes_of, read_predictions


@dataclass(frozen=True)
class Judged:
    """split: where the rows are from."""

    split: str
    predictions: StoredPredictions


def judged_by(model: ModelVersion, *, may_use_test: bool) -> Judged | None:
    """The validation predictions; the test's only where no choice is made by them, and then first. None without any."""
    evaluations: dict[str, Evaluation] = {e.split: e for e in reversed(list(model.evaluations.all()))}
    order = [Split.TEST, Split.VALIDATION] if may_use_test else [Split.VALIDATION]
    for split in order:
        if split in evaluations:
            found = read_predictions(evaluations[split].predictions_key, len(model.serving_card["classes"]))
            return Judged(str(split), found)
    return None


@dataclass(frozen=True)
class ConcernScores:
    """scores: (n,) probability of the class; is_concern: (n,)."""

    key: str
    name: str
    scores: Floats
    is_concern: npt.NDArray[np.bool_]
    is_chosen: npt.NDArray[np.bool_]


def concern_scores(model: ModelVersion, found: StoredPredictions, key: str = "") -> ConcernScores:
    """Scores of one class against the rest: the class of concern unless another is asked for. Raises InvalidInput."""
    keys = classes_of(model.serving_card)
    wanted = key or model.class_of_concern
    if not wanted:
        raise InvalidInput("The model has no class of concern: say which class is meant, or name one in the brief.")
    if wanted not in keys:
        raise InvalidInput(
            f"The model has no class “{wanted}”; it has {', '.join(keys[:10])}.", errors={"class": ["Unknown."]}
        )
    column = keys.index(wanted)
    if model.serving_card["kind"] == "multi_label":
        chosen = found.probabilities[:, column] >= 0.5
    else:
        chosen = found.probabilities.argmax(axis=1) == column
    name = str(model.serving_card["classes"][column]["name"])
    return ConcernScores(wanted, name, found.probabilities[:, column], found.truth[:, column] > 0, chosen)
