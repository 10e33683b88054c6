"""What each threshold would mean, for the picker."""

from typing import Any

from common.problems import InvalidInput
from common.said import Phrase, Said
from training.evaluation.thresholds import threshold_curve
from training.models import ModelVersion
from training.selectors.brief_terms import terms_of
from training.selectors.expectations import expectations, notes_json
from training.selectors.judged import concern_scores, judged_by

SHARE_OF_VALIDATION = Phrase(
    "threshold.shareOfValidation",
    "The share of positives in production is not in the brief: that of the validation rows is used.",
)
NO_COSTS = Phrase("threshold.noCosts", "The brief names no costs: a wrongly flagged and a missed case count the same.")


def thresholds(model: ModelVersion, *, class_key: str = "") -> dict[str, Any]:
    """The curve over thresholds on the validation rows, the cheapest one, and the sentence at the chosen one.

    Raises InvalidInput for a model without a class of concern when none is asked for, and for a class that does not
    occur.
    """
    judged = judged_by(model, may_use_test=False)
    if judged is None:
        raise InvalidInput(
            "The model was fitted on its validation rows: a threshold chosen on them would flatter. Use a hold-out run."
        )
    found = judged.predictions
    scores = concern_scores(model, found, class_key)
    terms = terms_of(model.project)
    notes: list[Said] = []
    share = terms.positive_share
    if share is None:
        share = float((found.weights * scores.is_concern).sum() / found.weights.sum())
        notes.append(SHARE_OF_VALIDATION())
    false_positive, false_negative = terms.false_positive_cost, terms.false_negative_cost
    if false_positive is None or false_negative is None:
        false_positive = false_negative = 1.0
        notes.append(NO_COSTS())
    try:
        curve = threshold_curve(
            scores.scores,
            scores.is_concern,
            positive_share=share,
            false_positive_cost=false_positive,
            false_negative_cost=false_negative,
            weights=found.weights,
        )
    except ValueError as error:
        raise InvalidInput(f"There is no curve for “{scores.name}”: {error}") from error
    chosen = model.threshold if not class_key or class_key == model.class_of_concern else None
    return curve.as_json() | {
        "concern": {"key": scores.key, "name": scores.name},
        "rows": len(found.items),
        "chosen": chosen,
        **notes_json(notes),
        "at_best": expectations(model, threshold=min(curve.best_threshold, 1.0), class_key=scores.key),
        "at_chosen": expectations(model, threshold=chosen, class_key=scores.key),
    }
