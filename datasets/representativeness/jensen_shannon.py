"""Jensen-Shannon divergence between two histograms: bounded, symmetric, finite with empty bins."""

import numpy as np

from datasets.profiling.columns import FloatArray, IntArray


def jensen_shannon(reference: IntArray, current: IntArray) -> float:
    """Divergence in bits, 0 (equal) to 1 (no bin in common).

    reference, current: shape (n_bins,), counts >= 0 in the same bins, total > 0. The square root is a metric.
    Not a test, and biased upwards in small samples: without drift its mean is about
    (n_bins - 1)(1/n_ref + 1/n_cur) / (8 ln 2). Raises ValueError for unequal shapes, negative counts or an empty total.
    Source: Lin 1991, Divergence measures based on the Shannon entropy.
    """
    if reference.shape != current.shape or reference.ndim != 1:
        raise ValueError("the histograms must have the same one-dimensional shape")
    if (reference < 0).any() or (current < 0).any() or reference.sum() == 0 or current.sum() == 0:
        raise ValueError("counts must be at least 0 and not all 0")
    p, q = reference / reference.sum(), current / current.sum()
    middle = (p + q) / 2
    return float(min(1.0, max(0.0, (_bits(p, middle) + _bits(q, middle)) / 2)))


def _bits(p: FloatArray, q: FloatArray) -> float:
    """Kullback-Leibler divergence in bits; q > 0 wherever p > 0."""
    used = p > 0
    return float((p[used] * np.log2(p[used] / q[used])).sum())
