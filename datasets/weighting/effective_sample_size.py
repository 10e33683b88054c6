"""How many equally weighted items a weighted sample is worth."""

from dataclasses import dataclass

import numpy as np

from datasets.profiling.columns import FloatArray


@dataclass(frozen=True)
class EffectiveSampleSize:
    """Kish's measure of a set of weights.

    n: items with weight > 0. effective: (sum w)^2 / sum w^2, 1 to n. design_effect: n / effective, the factor by which
    weighting widens variances. ratio: largest / smallest positive weight. reason: why there is no number, else None.
    """

    n: int
    effective: float | None
    design_effect: float | None
    ratio: float | None
    reason: str | None = None


def effective_sample_size(weights: FloatArray) -> EffectiveSampleSize:
    """Kish's effective sample size of weights, shape (n,), finite and >= 0; scale does not matter.

    It holds for quantities that have nothing to do with the weights; where the weights follow what is measured, the
    true loss is smaller, as post-stratification on a good variable shows. Raises ValueError for negative or non-finite
    weights. Source: Kish 1965, Survey Sampling, section 11.7.
    >>> effective_sample_size(np.array([1.0, 1.0, 2.0])).effective
    2.6666666666666665
    """
    check_weights(weights)
    positive = weights[weights > 0]
    if not positive.size:
        return EffectiveSampleSize(0, None, None, None, "No item has a weight above 0.")
    scaled = positive / positive.max()
    effective = float(scaled.sum() ** 2 / (scaled**2).sum())
    n = int(positive.size)
    return EffectiveSampleSize(n, effective, n / effective, float(positive.max() / positive.min()))


def check_weights(weights: FloatArray) -> None:
    """Raises ValueError unless the weights are one-dimensional, finite and not negative."""
    if weights.ndim != 1 or not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("weights must be one-dimensional, finite and not negative")
