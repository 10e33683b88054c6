"""A challenger against the champion, class by class, on the same pictures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from common.numerics.estimate import Estimate
from training.evaluation.intervals import bootstrap_groups, number_groups, percentile_estimate
from training.models import ModelVersion
from training.selectors.files import Floats, StoredPredictions

MARGIN = 0.02
RESAMPLES = 500


@dataclass(frozen=True)
class SliceChange:
    """change: share right after minus before. is_worse: below the margin, and chance does not explain it."""

    name: str
    rows: int
    before: float
    after: float
    change: Estimate
    is_worse: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "rows": self.rows,
            "before": self.before,
            "after": self.after,
            "change": self.change.as_json(),
            "is_worse": self.is_worse,
        }


def compare_slices(
    challenger: StoredPredictions, champion: StoredPredictions, model: ModelVersion, before: ModelVersion
) -> list[SliceChange]:
    """Classes as slices, worst change first. Both predicted the same pictures; their columns may differ."""
    common, places, other = np.intersect1d(challenger.items, champion.items, assume_unique=True, return_indices=True)
    if len(common) == 0:
        return []
    one, two = challenger.at(places), champion.at(other)
    after, earlier = _right(one, model), _right(two, before)
    names = {str(c["key"]): str(c["name"]) for c in model.serving_card["classes"]}
    found = []
    for column, key in enumerate(names):
        inside = one.truth[:, column] > 0
        if inside.any():
            found.append(_change(names[key], after[inside], earlier[inside], one.groups[inside]))
    return sorted(found, key=lambda s: (s.after - s.before, s.name))


def _right(found: StoredPredictions, model: ModelVersion) -> Floats:
    """(n,) 1 where the decision is the truth."""
    if model.serving_card["kind"] == "multi_label":
        threshold = 0.5 if model.threshold is None else model.threshold
        right = ((found.probabilities >= threshold) == (found.truth > 0)).all(axis=1)
    else:
        right = found.probabilities.argmax(axis=1) == found.truth.argmax(axis=1)
    return np.asarray(right, dtype=np.float64)


def _change(name: str, after: Floats, before: Floats, groups: npt.NDArray[np.str_]) -> SliceChange:
    difference, numbers = after - before, number_groups(groups, len(groups))
    draws = bootstrap_groups(
        lambda w: np.array([(w @ difference) / w.sum()]), numbers, rng=np.random.default_rng(0), resamples=RESAMPLES
    )[:, 0]
    change = percentile_estimate(
        float(difference.mean()),
        draws,
        n=len(difference),
        groups=int(numbers.max()) + 1,
        level=0.95,
        method="paired bootstrap over groups",
    )
    worse = change.high is not None and change.high < 0 and float(difference.mean()) <= -MARGIN
    return SliceChange(name, len(difference), float(before.mean()), float(after.mean()), change, worse)
