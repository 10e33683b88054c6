"""A challenger against the champion, part by part of the data, on the same pictures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, false_discovery_control

from common.numerics.estimate import Estimate
from training.evaluation.intervals import bootstrap_groups, number_groups, percentile_estimate
from training.models import ModelVersion
from training.selectors.decisions import decisions
from training.selectors.files import Floats, StoredPredictions

MARGIN = 0.02
RESAMPLES = 500
FALSE_DISCOVERY_RATE = 0.05
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SliceChange:
    """by: "class", or the attribute whose value the slice is. change: share right after minus before.

    p: of so many groups turning worse by chance (one-sided sign test on groups that changed); q: after
    Benjamini-Hochberg over all slices. is_worse: by the margin, and chance does not explain it.
    """

    by: str
    name: str
    rows: int
    before: float
    after: float
    change: Estimate
    p: float
    q: float = 1.0

    @property
    def is_worse(self) -> bool:
        return self.after - self.before <= -MARGIN and self.q <= FALSE_DISCOVERY_RATE

    def as_json(self) -> dict[str, Any]:
        return {
            "by": self.by,
            "name": self.name,
            "rows": self.rows,
            "before": self.before,
            "after": self.after,
            "change": self.change.as_json(),
            "q": self.q,
            "is_worse": self.is_worse,
        }


def compare_slices(
    challenger: StoredPredictions,
    champion: StoredPredictions,
    model: ModelVersion,
    before: ModelVersion,
    facts: Mapping[str, Mapping[str, str]] | None = None,
) -> list[SliceChange]:
    """Classes and values of attributes as slices, worst change first.

    Both predicted the same pictures; their columns may differ. facts: attribute values by item.
    """
    common, places, other = np.intersect1d(challenger.items, champion.items, assume_unique=True, return_indices=True)
    if len(common) == 0:
        return []
    one, two = challenger.at(places), champion.at(other)
    after, earlier = _right(one, model), _right(two, before)
    found = [
        _change(by, name, after[inside], earlier[inside], one.groups[inside])
        for by, name, inside in _parts(one, model, facts or {})
    ]
    if found:
        corrected = false_discovery_control([one.p for one in found], method="bh")
        found = [replace(one, q=float(q)) for one, q in zip(found, corrected, strict=True)]
    return sorted(found, key=lambda s: (s.after - s.before, s.by, s.name))


def _parts(
    found: StoredPredictions, model: ModelVersion, facts: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, Mask]]:
    """Every slice that has rows: what it is cut by, its name, (n,) who is inside."""
    for column, one in enumerate(model.serving_card["classes"]):
        inside = found.truth[:, column] > 0
        if inside.any():
            yield "class", str(one["name"]), inside
    known = [facts.get(str(item), {}) for item in found.items]
    for attribute in sorted({name for values in known for name in values}):
        values = [row.get(attribute) for row in known]
        for value in sorted({value for value in values if value is not None}):
            yield attribute, value, np.array([one == value for one in values])


def _right(found: StoredPredictions, model: ModelVersion) -> Floats:
    """(n,) 1 where the decision is the truth."""
    right = (decisions(model, found.probabilities) == (found.truth > 0)).all(axis=1)
    return np.asarray(right, dtype=np.float64)


def _change(by: str, name: str, after: Floats, before: Floats, groups: npt.NDArray[np.str_]) -> SliceChange:
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
    turned = np.bincount(numbers, difference)
    worse, better = int((turned < 0).sum()), int((turned > 0).sum())
    p = float(binomtest(worse, worse + better, alternative="greater").pvalue) if worse + better else 1.0
    return SliceChange(by, name, len(difference), float(before.mean()), float(after.mean()), change, p)
