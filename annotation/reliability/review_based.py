"""How often labels are right, from a random sample of items that reviewers settled."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_bounds

METHOD = "reviewed sample, Hájek with Wilson limits"


def reviewed_quality(
    right: npt.NDArray[np.float64], inclusion: npt.NDArray[np.float64], *, level: float = 0.95, n_waiting: int = 0
) -> Estimate:
    """Share of right labels among all that could have been drawn, from those that were.

    right: shape (n,), share of an item's labels that are right, 0 to 1; for one annotator 0 or 1.
    inclusion: shape (n,), the probability with which each item was drawn, in (0, 1].
    n_waiting: items that were drawn and are not settled yet; with any the estimate says so, since reviewers may take
    the easy ones first.

    Hájek's ratio sum(right/inclusion) / sum(1/inclusion). Limits: Wilson's score interval with Kish's effective number
    (sum w)^2 / sum w^2, w = 1/inclusion, in place of n. For shares between 0 and 1 that is too wide rather than too
    narrow, for their variance is at most p(1 - p). No finite population correction: the question is how the person
    labels, not only how these items were labelled. Equal probabilities give Wilson's interval itself.
    Raises ValueError for unequal shapes or numbers out of range.
    Source: Hájek 1971; Kish 1965, Survey Sampling, 11.7; Wilson 1927; Dean and Pagano 2015, JSSAM 3:484-503.
    """
    if right.shape != inclusion.shape or right.ndim != 1:
        raise ValueError(f"need two vectors of one length, got {right.shape} and {inclusion.shape}")
    if np.any((inclusion <= 0) | (inclusion > 1)) or np.any((right < 0) | (right > 1)):
        raise ValueError("inclusion probabilities lie in (0, 1], shares of right labels in [0, 1]")
    waiting = f"{n_waiting} drawn items are not settled yet" if n_waiting else None
    if right.size == 0:
        return Estimate.unknown(waiting or "no item of these was drawn for review yet", level=level, method=METHOD)
    weight = 1.0 / inclusion
    value = float(np.clip(np.sum(weight * right) / np.sum(weight), 0.0, 1.0))
    effective = float(np.sum(weight) ** 2 / np.sum(weight**2))
    low, high = wilson_bounds(value, effective, level)
    found = Estimate(value=value, low=low, high=high, level=level, n=int(right.size), method=METHOD)
    return replace(found, reason=waiting)
