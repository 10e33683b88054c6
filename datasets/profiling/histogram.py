"""Histograms that one outlier cannot flatten."""

import math
from dataclasses import dataclass

import numpy as np

from datasets.profiling.columns import FloatArray

MAX_BINS = 100
_LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True)
class Histogram:
    """Counts by bin.

    edges: n_bins + 1 ascending values in the data's unit; bin i is [edges[i], edges[i+1]), the last one closed.
    counts: n_bins. below, above: finite values outside the edges. n: finite values in all; n_missing: NaN and infinite.
    reason: why there are no bins, else None.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: int
    above: int
    n: int
    n_missing: int
    reason: str | None = None


def histogram(values: FloatArray, *, max_bins: int = 40) -> Histogram:
    """Histogram of a numeric column; the number of bins follows from the data.

    values: shape (n,). max_bins: 1 to 100. Whole numbers with few different values get a bin each. Otherwise the width
    is Freedman and Diaconis' 2 IQR n^(-1/3), and the range is limited to 3 IQR beyond the quartiles, so that far values
    are counted in `below` and `above` instead of squeezing everything else into one bin. Every finite value is counted
    exactly once. Raises ValueError for max_bins outside 1..100.
    Source: Freedman & Diaconis 1981; the fences are Tukey's "far out".
    """
    if not 1 <= max_bins <= MAX_BINS:
        raise ValueError(f"max_bins must be 1 to {MAX_BINS}")
    finite = np.sort(values[np.isfinite(values)].astype(np.float64))
    n_missing = int(values.size - finite.size)
    if not finite.size:
        return Histogram((), (), 0, 0, 0, n_missing, "The column has no values.")
    edges = bin_edges(finite, max_bins)
    inside = finite[(finite >= edges[0]) & (finite <= edges[-1])]
    counts = np.histogram(inside, edges)[0]
    below, above = int((finite < edges[0]).sum()), int((finite > edges[-1]).sum())
    return Histogram(
        tuple(float(edge) for edge in edges), tuple(int(c) for c in counts), below, above, finite.size, n_missing
    )


def bin_edges(ordered: FloatArray, max_bins: int) -> FloatArray:
    """Edges for sorted finite values, at least one; at most max_bins bins. See `histogram`."""
    q1, q3 = (float(q) for q in np.quantile(ordered, (0.25, 0.75)))
    # differences of halves: the difference of two large values of opposite sign may overflow
    half_iqr = q3 / 2 - q1 / 2
    low, high = float(ordered[0]), float(ordered[-1])
    if half_iqr > 0:
        low, high = max(low, q1 - 6 * half_iqr), min(high, q3 + 6 * half_iqr)
        low, high = float(ordered[ordered >= low][0]), float(ordered[ordered <= high][-1])
    if low == high or not math.isfinite(high - low):
        return _single_bin(low, high)
    distinct = np.unique(ordered[(ordered >= low) & (ordered <= high)])
    whole = bool(np.all(distinct == np.rint(distinct))) and abs(low) < 2**52 and abs(high) < 2**52
    if whole and high - low + 1 <= max_bins:
        return np.arange(low, high + 2) - 0.5
    width = 4 * half_iqr * ordered.size ** (-1 / 3)
    bins = max_bins if width <= 0 else min(max_bins, max(1, math.ceil((high - low) / width)))
    with np.errstate(over="ignore"):
        edges = np.linspace(low, high, bins + 1)
    edges = np.unique(edges[np.isfinite(edges)])
    return edges if edges.size > 1 else _single_bin(low, high)


def _single_bin(low: float, high: float) -> FloatArray:
    if low < high:
        return np.array([low, high])
    if low == 0:
        return np.array([-0.5, 0.5])
    return np.array([low, float(np.nextafter(low, math.inf))]) if low < _LARGEST else np.array([low * 0.5, low])
