"""Krippendorff's alpha: agreement beyond chance for any number of annotators, with missing labels."""

import math

import numpy as np
from numpy.typing import ArrayLike

from annotation.consensus.responses import Responses
from common.numerics.bootstrap import bootstrap_interval
from common.numerics.checks import FloatArray, IntArray, as_floats, as_indices
from common.numerics.estimate import Estimate
from common.numerics.sums import sum_by


def krippendorff_alpha(
    responses: Responses, *, rng: np.random.Generator, level: float = 0.95, resamples: int = 1000
) -> Estimate:
    """Nominal alpha = 1 - observed / expected disagreement, with a percentile bootstrap interval over items.

    Over pairable items (two or more labels) with m[u] labels, n[u,c] of class c, and n labels in all:
    observed = (1/n) sum_u (m[u]^2 - sum_c n[u,c]^2) / (m[u] - 1), expected = (n^2 - sum_c n[c]^2) / (n (n - 1)).
    1 is perfect, 0 is chance, below 0 is systematic disagreement. An item with a single label does not count.
    `n` of the result is the number of pairable items. Unknown, with its reason, when no item is pairable or when only
    one class was ever used. With no disagreement at all there is a value but no interval.
    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    keep = np.flatnonzero(responses.labels_per_item >= 2)
    votes = responses.votes[keep]
    per_item = responses.labels_per_item[keep].astype(np.float64)
    squares = np.asarray(votes.multiply(votes).sum(axis=1), dtype=np.float64).ravel()
    disagreement = (per_item**2 - squares) / (per_item - 1.0)

    def alpha(index: IntArray) -> float:
        weights = np.bincount(index, minlength=keep.size).astype(np.float64)
        n = float(weights @ per_item)
        classes = np.asarray(votes.T @ weights, dtype=np.float64)
        expected = n * n - float(classes @ classes)
        return 1.0 - (n - 1.0) * float(weights @ disagreement) / expected if expected > 0 else math.nan

    if keep.size == 0:
        return Estimate.unknown("no item has two labels", level=level, method="Krippendorff's alpha")
    if np.unique(votes.indices).size == 1:
        reason = "only one class was ever used, so agreement beyond chance is not defined"
        return Estimate.unknown(reason, level=level, n=int(keep.size), method="Krippendorff's alpha")
    return bootstrap_interval(
        alpha, int(keep.size), rng=rng, level=level, resamples=resamples, name="Krippendorff's alpha"
    )


def krippendorff_alpha_interval(
    items: ArrayLike,
    values: ArrayLike,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    resamples: int = 1000,
) -> Estimate:
    """Alpha with the interval distance (x - y)^2, for numeric answers.

    items, values: shape (n_responses,); the item index of every answer, and the number that was given. Which annotator
    gave it does not matter. With S1, S2 the sum and sum of squares in an item, sum over pairs of (x-y)^2 is
    2 (m S2 - S1^2). Unknown when no item has two answers or all answers are equal.
    Raises ValueError for unequal lengths or values that are not finite. Source: as `krippendorff_alpha`.
    """
    item = as_indices("items", items)
    numbers = as_floats("values", values, shape=item.shape)
    counts = np.bincount(item)
    keep = np.flatnonzero(counts >= 2)
    method = "Krippendorff's alpha, interval distance"
    if keep.size == 0:
        return Estimate.unknown("no item has two answers", level=level, method=method)
    pairable = counts[item] >= 2
    item, numbers = np.searchsorted(keep, item[pairable]), numbers[pairable]
    numbers = numbers - numbers.mean()
    size = sum_by(item, np.ones_like(numbers), keep.size)
    first, second = sum_by(item, numbers, keep.size), sum_by(item, numbers**2, keep.size)
    if float(second.sum()) <= 1e-24:
        return Estimate.unknown("all answers are equal", level=level, n=int(keep.size), method=method)
    disagreement: FloatArray = np.maximum(size * second - first**2, 0.0) / (size - 1.0)

    def alpha(index: IntArray) -> float:
        n, total, squares = float(size[index].sum()), float(first[index].sum()), float(second[index].sum())
        expected = n * squares - total**2
        return 1.0 - (n - 1.0) * float(disagreement[index].sum()) / expected if expected > 1e-24 else math.nan

    return bootstrap_interval(alpha, int(keep.size), rng=rng, level=level, resamples=resamples, name=method)
