"""Cohen's kappa: agreement beyond chance of two annotators."""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from annotation.consensus.responses import Responses
from common.numerics.bootstrap import bootstrap_interval
from common.numerics.checks import FloatArray, IntArray, as_indices
from common.numerics.estimate import Estimate

Weights = Literal["none", "linear", "quadratic"]


def cohen_kappa(
    first: ArrayLike,
    second: ArrayLike,
    *,
    rng: np.random.Generator,
    weights: Weights = "none",
    level: float = 0.95,
    resamples: int = 1000,
) -> Estimate:
    """1 - sum w o / sum w e with a percentile bootstrap interval over items.

    first, second: shape (n_items,), class index that each annotator gave to the same items. o and e are the observed
    and the chance table; w is 1 off the diagonal ("none"), |k - l| ("linear") or (k - l)^2 ("quadratic", for ordered
    classes). Symmetric in its arguments. Unknown, with its reason, without common items or when both used one and the
    same class throughout. Raises ValueError for unequal lengths or negative classes.
    Source: Cohen 1960, Educational and Psychological Measurement 20:37-46; Cohen 1968 (weights).
    """
    a = as_indices("first", first)
    b = as_indices("second", second, length=a.size)
    method = "Cohen's kappa" if weights == "none" else f"Cohen's kappa, {weights} weights"
    if a.size == 0:
        return Estimate.unknown("the two have no item in common", level=level, method=method)
    distance = _distances(a, b, weights)
    names = np.unique(np.concatenate([a, b]))
    table = _distances(names[:, None], names[None, :], weights)
    place_a, place_b = np.searchsorted(names, a), np.searchsorted(names, b)

    def kappa(index: IntArray) -> float:
        shares_a = np.bincount(place_a[index], minlength=names.size) / index.size
        shares_b = np.bincount(place_b[index], minlength=names.size) / index.size
        expected = float(shares_a @ table @ shares_b)
        return 1.0 - float(distance[index].mean()) / expected if expected > 1e-12 else math.nan

    if names.size == 1:
        reason = "both used one and the same class throughout"
        return Estimate.unknown(reason, level=level, n=int(a.size), method=method)
    return bootstrap_interval(kappa, int(a.size), rng=rng, level=level, resamples=resamples, name=method)


def common_items(responses: Responses, annotator_1: int, annotator_2: int) -> tuple[IntArray, IntArray]:
    """Classes that two annotators gave to the items that both labelled, two arrays of shape (n_common,).

    Ordered by item. Raises ValueError for an annotator that does not exist or when annotators may repeat items.
    """
    if responses.repeats_allowed:
        raise ValueError("an annotator with several labels on one item has no single answer to compare")
    answers: list[FloatArray] = []
    for annotator in (annotator_1, annotator_2):
        if not 0 <= annotator < responses.n_annotators:
            raise ValueError(f"annotator {annotator} does not exist")
        given = np.full(responses.n_items, -1.0)
        mine = responses.annotators == annotator
        given[responses.items[mine]] = responses.classes[mine]
        answers.append(given)
    both = (answers[0] >= 0) & (answers[1] >= 0)
    return answers[0][both].astype(np.int64), answers[1][both].astype(np.int64)


def _distances(a: IntArray, b: IntArray, weights: Weights) -> FloatArray:
    if weights == "none":
        return np.asarray(a != b, dtype=np.float64)
    gap = np.abs(a - b)
    return np.asarray(gap if weights == "linear" else gap**2, dtype=np.float64)
