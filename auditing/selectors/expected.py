"""What a model promised when it was released."""

from typing import Any

from common.numerics.estimate import Estimate
from training.selectors.estimates import estimate_from

SPLITS = ("test", "validation")  # the sealed test split says more than the split that choices were made on


def promised_accuracy(model: Any) -> tuple[Estimate, str] | None:
    """Accuracy on the latest judged split, test before validation, and which it was. model: a training.ModelVersion."""
    latest = {str(evaluation.split): evaluation for evaluation in model.evaluations.order_by("id")}
    for split in SPLITS:
        scores = latest[split].metrics.get("scores", {}) if split in latest else {}
        if "accuracy" in scores:
            return estimate_from(scores["accuracy"]), split
    return None
