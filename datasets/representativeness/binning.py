"""Common bins for two samples, which PSI and Jensen-Shannon need."""

import numpy as np

from datasets.profiling.columns import FloatArray, IntArray

N_BINS = 10


def pooled_quantile_counts(
    reference: FloatArray, current: FloatArray, *, n_bins: int = N_BINS
) -> tuple[IntArray, IntArray]:
    """Counts of both samples in bins that hold about equal shares of the pooled values.

    reference, current: shape (n,), non-finite values are left out. Returns two arrays of the same shape, at most
    n_bins long, fewer with ties. Both samples make the edges, so the result is symmetric and, given the bins, the
    reference's counts are a draw without replacement from the pooled ones if nothing has shifted.
    Raises ValueError if n_bins < 2 or a side is empty.
    """
    a, b = reference[np.isfinite(reference)], current[np.isfinite(current)]
    if n_bins < 2 or not a.size or not b.size:
        raise ValueError("two bins and a value on each side are needed")
    pooled = np.concatenate([a, b])
    distinct = np.unique(pooled)
    if distinct.size <= n_bins:
        edges = distinct[:-1]
    else:
        edges = np.unique(np.quantile(pooled, np.arange(1, n_bins) / n_bins, method="inverted_cdf"))
        edges = edges[edges < distinct[-1]]
    counts = [np.bincount(np.searchsorted(edges, side, side="left"), minlength=edges.size + 1) for side in (a, b)]
    return counts[0].astype(np.int64), counts[1].astype(np.int64)
