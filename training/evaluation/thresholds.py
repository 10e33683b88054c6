"""What each threshold would mean: rates, share flagged, cost a case in production; and the cheapest threshold."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from common.numerics.estimate import Estimate
from training.evaluation.intervals import grouped_share, number_groups

Floats = npt.NDArray[np.float64]
MOST_POINTS = 500


@dataclass(frozen=True)
class ThresholdCurve:
    """All arrays (m,), m <= 500, thresholds ascending; a case is flagged when its score >= threshold.

    flag_rate: share of the others flagged (false positive rate). miss_rate: share of concern cases not flagged.
    flagged_share, precision and cost_per_case hold for the production share of positives; precision is nan where
    nothing is flagged. best: index of the lowest cost.
    """

    thresholds: Floats
    flag_rate: Floats
    miss_rate: Floats
    flagged_share: Floats
    precision: Floats
    cost_per_case: Floats
    best: int
    positive_share: float
    false_positive_cost: float
    false_negative_cost: float

    @property
    def best_threshold(self) -> float:
        """The threshold with the lowest expected cost a case in production."""
        return float(self.thresholds[self.best])

    def as_json(self) -> dict[str, Any]:
        """Return the curve as a JSON object; precision is null where nothing is flagged."""
        names = ("thresholds", "flag_rate", "miss_rate", "flagged_share", "precision", "cost_per_case")
        arrays = {name: [None if np.isnan(v) else round(float(v), 6) for v in getattr(self, name)] for name in names}
        return arrays | {
            "best": self.best,
            "best_threshold": self.best_threshold,
            "positive_share": self.positive_share,
            "false_positive_cost": self.false_positive_cost,
            "false_negative_cost": self.false_negative_cost,
        }


@dataclass(frozen=True)
class Rates:
    """The two error rates at one threshold, with intervals."""

    miss_rate: Estimate
    flag_rate: Estimate


def threshold_curve(
    scores: Floats,
    is_concern: npt.NDArray[np.bool_],
    *,
    positive_share: float,
    false_positive_cost: float,
    false_negative_cost: float,
    weights: Floats | None = None,
    points: int = MOST_POINTS,
) -> ThresholdCurve:
    """Compute rates and cost for at most `points` thresholds, the observed scores among them.

    0 and just above 1 at the ends.

    scores: (n,) probability of the class of concern, of rows the model was not fitted on. is_concern: (n,).
    positive_share: share of concern cases in *production*, 0 to 1, from the brief or an audit. Costs are per case, any
    unit, not negative. cost = share x miss_rate x false_negative_cost + (1 - share) x flag_rate x false_positive_cost.
    Source: Elkan 2001. Raises ValueError when one of the two sides has no rows or a number is out of range.
    """
    _check(scores, is_concern, positive_share, false_positive_cost, false_negative_cost, points)
    base = np.ones(len(scores)) if weights is None else np.asarray(weights, dtype=np.float64)
    distinct = np.unique(scores)
    inner = points - 2
    if len(distinct) > inner:
        distinct = distinct[np.unique(np.round(np.linspace(0, len(distinct) - 1, inner)).astype(np.int64))]
    thresholds = np.unique(np.r_[0.0, distinct, np.nextafter(1.0, 2.0)])
    miss = _share_below(scores[is_concern], base[is_concern], thresholds)
    flag = 1.0 - _share_below(scores[~is_concern], base[~is_concern], thresholds)
    caught, wrong = positive_share * (1 - miss), (1 - positive_share) * flag
    flagged = caught + wrong
    cost = positive_share * miss * false_negative_cost + wrong * false_positive_cost
    return ThresholdCurve(
        thresholds=thresholds,
        flag_rate=flag,
        miss_rate=miss,
        flagged_share=flagged,
        precision=np.divide(caught, flagged, out=np.full_like(flagged, np.nan), where=flagged > 1e-12),
        cost_per_case=cost,
        best=int(np.argmin(cost)),
        positive_share=positive_share,
        false_positive_cost=false_positive_cost,
        false_negative_cost=false_negative_cost,
    )


def rates_at(
    scores: Floats,
    is_concern: npt.NDArray[np.bool_],
    threshold: float,
    *,
    groups: npt.NDArray[np.generic] | None = None,
    weights: Floats | None = None,
    level: float = 0.95,
) -> Rates:
    """Estimate miss rate and flag rate at a threshold with grouped Wilson intervals.

    Arguments as in `threshold_curve`.
    """
    base = np.ones(len(scores)) if weights is None else np.asarray(weights, dtype=np.float64)
    numbers = number_groups(groups, len(scores))
    flagged = scores >= threshold
    concern, other = base * is_concern, base * ~is_concern
    return Rates(
        miss_rate=grouped_share(
            concern * ~flagged, concern, numbers, level=level, missing="There is no case of the class of concern."
        ),
        flag_rate=grouped_share(
            other * flagged, other, numbers, level=level, missing="There is no case of another class."
        ),
    )


def _share_below(scores: Floats, weights: Floats, thresholds: Floats) -> Floats:
    order = np.argsort(scores)
    cumulative = np.r_[0.0, np.cumsum(weights[order])]
    return np.asarray(cumulative[np.searchsorted(scores[order], thresholds, side="left")] / cumulative[-1])


def _check(
    scores: Floats,
    is_concern: npt.NDArray[np.bool_],
    share: float,
    false_positive: float,
    false_negative: float,
    points: int,
) -> None:
    if scores.shape != is_concern.shape or scores.ndim != 1:
        raise ValueError("Scores and truth must be one value a row.")
    if not is_concern.any() or is_concern.all():
        raise ValueError("Both cases of the class of concern and others are needed.")
    if not 0 <= share <= 1:
        raise ValueError("The share of positives in production must be from 0 to 1.")
    if false_positive < 0 or false_negative < 0:
        raise ValueError("Costs cannot be negative.")
    if not 3 <= points <= MOST_POINTS:
        raise ValueError(f"Points must be from 3 to {MOST_POINTS}.")
