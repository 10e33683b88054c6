"""How often an annotator agrees with the others on the same items."""

import numpy as np

from annotation.consensus.responses import Responses
from common.numerics.bootstrap import bootstrap_interval
from common.numerics.checks import FloatArray, IntArray
from common.numerics.estimate import Estimate
from common.numerics.sums import sum_by
from common.numerics.wilson import wilson_bounds


def observed_agreement(
    responses: Responses, *, rng: np.random.Generator, level: float = 0.95, resamples: int = 1000
) -> Estimate:
    """Share of agreeing pairs of labels, mean over items with two or more labels; bootstrap interval over items.

    Not corrected for chance: with few classes a coin reaches 1 / n_classes. Unknown when no item has two labels.
    """
    keep = np.flatnonzero(responses.labels_per_item >= 2)
    votes = responses.votes[keep]
    per_item = responses.labels_per_item[keep].astype(np.float64)
    squares = np.asarray(votes.multiply(votes).sum(axis=1), dtype=np.float64).ravel()
    shares = (squares - per_item) / (per_item * (per_item - 1.0))
    return _mean_of_shares(shares, rng, level, resamples, "observed agreement", "no item has two labels")


def agreement_with_others(
    responses: Responses, *, rng: np.random.Generator, level: float = 0.95, resamples: int = 1000
) -> tuple[Estimate, ...]:
    """One estimate per annotator, in the order of the annotator index.

    For each of the annotator's items, the share of the other labels on it that name the same class; the mean over the
    items that somebody else labelled too, with a bootstrap interval over these items (Wilson's when all shares are
    equal). `n` is the number of those items. Unknown, with its reason, for an annotator without shared items.
    Agreement is not correctness: who is right where most are wrong scores low.
    """
    same = responses.votes_of(responses.items, responses.classes)
    others = responses.labels_per_item[responses.items] - 1
    shared = others > 0
    share = np.divide(same - 1.0, others, out=np.zeros(responses.n_responses), where=shared)
    results = []
    for annotator in range(responses.n_annotators):
        mine = shared & (responses.annotators == annotator)
        shares = _mean_by_item(responses.items[mine], share[mine])
        reason = "no item was labelled by somebody else too"
        results.append(_mean_of_shares(shares, rng, level, resamples, "agreement with others", reason))
    return tuple(results)


def _mean_by_item(items: IntArray, shares: FloatArray) -> FloatArray:
    """Mean share of each item, so that repeated labels do not count as more items; shape (n_distinct_items,)."""
    distinct, place = np.unique(items, return_inverse=True)
    return sum_by(place, shares, distinct.size) / np.maximum(np.bincount(place, minlength=distinct.size), 1)


def _mean_of_shares(
    shares: FloatArray, rng: np.random.Generator, level: float, resamples: int, name: str, none: str
) -> Estimate:
    if shares.size == 0:
        return Estimate.unknown(none, level=level, method=name)
    if np.ptp(shares) <= 1e-12:
        value = float(np.clip(shares.mean(), 0.0, 1.0))
        low, high = wilson_bounds(value, shares.size, level)
        return Estimate(value=value, low=low, high=high, level=level, n=int(shares.size), method=f"{name}, wilson")

    def mean(index: IntArray) -> float:
        return float(shares[index].mean())

    return bootstrap_interval(mean, int(shares.size), rng=rng, level=level, resamples=resamples, name=name)
