"""Fleiss' kappa: agreement beyond chance of several annotators per item."""

import math

import numpy as np

from annotation.consensus.responses import Responses
from common.numerics.bootstrap import bootstrap_interval
from common.numerics.checks import IntArray
from common.numerics.estimate import Estimate


def fleiss_kappa(
    responses: Responses, *, rng: np.random.Generator, level: float = 0.95, resamples: int = 1000
) -> Estimate:
    """(P - Pe) / (1 - Pe) with a percentile bootstrap interval over items.

    P is the mean over items of the share of agreeing pairs, sum_c n[c](n[c] - 1) / (m (m - 1)); Pe = sum_c p[c]^2 with
    p[c] the share of all labels. The paper has the same m for every item; with unequal m items weigh the same in P and
    labels weigh the same in p, and items with a single label are left out. Annotators need not be the same people.
    `n` of the result is the number of items with two or more labels. Unknown, with its reason, when there are none or
    when only one class was ever used.
    Source: Fleiss 1971, Psychological Bulletin 76:378-382.
    """
    keep = np.flatnonzero(responses.labels_per_item >= 2)
    method = "Fleiss' kappa"
    if keep.size == 0:
        return Estimate.unknown("no item has two labels", level=level, method=method)
    votes = responses.votes[keep]
    if np.unique(votes.indices).size == 1:
        reason = "only one class was ever used, so agreement beyond chance is not defined"
        return Estimate.unknown(reason, level=level, n=int(keep.size), method=method)
    per_item = responses.labels_per_item[keep].astype(np.float64)
    squares = np.asarray(votes.multiply(votes).sum(axis=1), dtype=np.float64).ravel()
    agreeing = (squares - per_item) / (per_item * (per_item - 1.0))

    def kappa(index: IntArray) -> float:
        weights = np.bincount(index, minlength=keep.size).astype(np.float64)
        shares = np.asarray(votes.T @ weights, dtype=np.float64) / float(weights @ per_item)
        by_chance = float(shares @ shares)
        observed = float(weights @ agreeing) / index.size
        return (observed - by_chance) / (1.0 - by_chance) if by_chance < 1.0 - 1e-12 else math.nan

    return bootstrap_interval(kappa, int(keep.size), rng=rng, level=level, resamples=resamples, name=method)
