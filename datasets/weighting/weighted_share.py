"""A share estimated from a weighted sample, with its interval."""

import numpy as np
from numpy.typing import NDArray

from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_bounds
from datasets.profiling.columns import FloatArray
from datasets.weighting.effective_sample_size import check_weights, effective_sample_size


def weighted_share(
    flags: NDArray[np.bool_], weights: FloatArray, *, strata: NDArray[np.int64] | None = None, level: float = 0.95
) -> Estimate:
    """Weighted share of true flags.

    flags, weights: shape (n,). The variance is that of a ratio of two sums (linearised), and Wilson's interval is taken
    at the number of equally weighted items that would give this variance. strata: shape (n,), the cell indices that
    the weights were post-stratified to; then only the variance within cells counts, which is right for
    post-stratified weights and narrower. Without variance (all flags equal) Kish's size is used.
    Fewer than 2 items with weight give a reason. Raises ValueError for unequal lengths or invalid weights.
    Source: Saerndal, Swensson & Wretman 1992, sections 5.7 and 7.6; Korn & Graubard 1998 (effective size).
    """
    check_weights(weights)
    if flags.shape != weights.shape or (strata is not None and strata.shape != weights.shape):
        raise ValueError("flags, weights and strata have different lengths")
    used = weights > 0
    method = "weighted, Wilson at the effective size"
    n = int(used.sum())
    size = effective_sample_size(weights)
    if n < 2 or size.effective is None:
        return Estimate.unknown("Fewer than 2 items have a weight above 0.", level=level, n=n, method=method)
    y, w = flags[used].astype(np.float64), weights[used]
    share = float((w * y).sum() / w.sum())
    residual = w * (y - share)
    if strata is not None:
        cells = np.unique(strata[used], return_inverse=True)[1]
        counts = np.bincount(cells)
        residual = residual - (np.bincount(cells, residual) / counts)[cells]
        correction = np.where(counts > 1, counts / np.maximum(counts - 1, 1), 1.0)[cells]
    else:
        correction = np.full(n, n / (n - 1))
    variance = float((correction * residual**2).sum() / w.sum() ** 2)
    effective = min(float(n), share * (1 - share) / variance) if variance > 0 and 0 < share < 1 else size.effective
    low, high = wilson_bounds(min(max(share, 0.0), 1.0), effective, level)
    return Estimate(share, min(low, share), max(high, share), level, n, method)
