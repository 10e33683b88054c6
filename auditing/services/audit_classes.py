"""An audit class by class: precision, recall and share in production, and the confusion matrix scaled to production."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditing.estimation.by_class import MISSING, by_class
from auditing.estimation.shares import StratifiedAudit
from auditing.models import AuditItem

LEVEL = 0.95


def class_report(items: Sequence[AuditItem], strata: NDArray[np.int64], sizes: NDArray[np.int64]) -> dict[str, Any]:
    """`classes`, `by_class` and `confusion` of a random audit. The class "" is what no class of the model covers."""
    keys = sorted({item.predicted for item in items} | {item.truth for item in items if item.truth is not None})
    index = {key: number for number, key in enumerate(keys)}
    predicted = np.array([index[item.predicted] for item in items], dtype=np.int64)
    truth = np.array([MISSING if item.truth is None else index[item.truth] for item in items], dtype=np.int64)
    found = by_class(predicted, truth, StratifiedAudit(strata, sizes), n_classes=len(keys), level=LEVEL)
    return {
        "classes": keys,
        "by_class": [
            {
                "class": keys[one.class_index],
                "precision": one.precision.as_json(),
                "recall": one.recall.as_json(),
                "prevalence": one.prevalence.as_json(),
                "audited_predicted": one.audited_predicted,
                "audited_true": one.audited_true,
            }
            for one in found.classes
        ],
        "confusion": [
            {
                "truth": keys[cell.true_class],
                "predicted": keys[cell.predicted_class],
                "audited": cell.audited,
                "items": cell.items.as_json(),
            }
            for cell in found.cells
        ],
    }
