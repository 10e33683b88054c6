"""Box-plot numbers and the values that Tukey's fences call far out."""

from dataclasses import dataclass, replace

import numpy as np

from datasets.profiling.columns import FloatArray, IntArray


@dataclass(frozen=True)
class BoxPlot:
    """Five numbers, fences and outliers of a column, in its unit.

    low_whisker, high_whisker: the most extreme values inside the fences. outliers: row indices of values outside, the
    farthest (in IQRs) first, at most `max_outliers`; n_outliers counts all. reason: why there are no numbers (then all
    are None), or why outliers were not looked for.
    """

    n: int
    n_missing: int
    minimum: float | None = None
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    maximum: float | None = None
    low_fence: float | None = None
    high_fence: float | None = None
    low_whisker: float | None = None
    high_whisker: float | None = None
    n_outliers: int = 0
    outliers: tuple[int, ...] = ()
    reason: str | None = None


def box_plot(values: FloatArray, *, fence: float = 1.5, max_outliers: int = 100) -> BoxPlot:
    """Box plot of a numeric column.

    values: shape (n,), NaN is missing. fence: in IQRs beyond the quartiles; of normal data 1.5 calls 0.7% outliers and
    3.0 two in a million, so "outlier" is an invitation to look, not a verdict. Quartiles interpolate linearly (type 7).
    With an IQR of 0 half of the values are equal, every other value would be an outlier, and none is reported.
    Raises ValueError for fence <= 0. Source: Tukey 1977, Exploratory Data Analysis; Hyndman & Fan 1996 (quantiles).
    """
    if fence <= 0:
        raise ValueError("fence must be positive")
    finite = values[np.isfinite(values)]
    n, n_missing = int(finite.size), int(values.size - finite.size)
    if not n:
        return BoxPlot(0, n_missing, reason="The column has no values.")
    with np.errstate(over="ignore"):
        minimum, q1, median, q3, maximum = (float(q) for q in np.quantile(finite, (0, 0.25, 0.5, 0.75, 1)))
    plain = BoxPlot(n, n_missing, minimum, q1, median, q3, maximum)
    iqr = q3 - q1
    if iqr == 0:
        return replace(plain, reason="At least half of the values are equal, so there is no scale to call others far.")
    if not np.isfinite(iqr * (1 + fence)):
        return replace(plain, reason="The values span more than numbers can hold.")
    low, high = q1 - fence * iqr, q3 + fence * iqr
    inside = finite[(finite >= low) & (finite <= high)]
    rows = _outliers(values, low, high, iqr)
    return replace(
        plain,
        low_fence=low,
        high_fence=high,
        low_whisker=float(inside.min()),
        high_whisker=float(inside.max()),
        n_outliers=int(rows.size),
        outliers=tuple(int(row) for row in rows[:max_outliers]),
    )


def _outliers(values: FloatArray, low: float, high: float, iqr: float) -> IntArray:
    """Row indices outside [low, high], farthest first, ties by row."""
    distance = np.maximum(low - values, values - high) / iqr
    rows = np.flatnonzero(np.isfinite(values) & (distance > 0))
    return rows[np.argsort(-distance[rows], kind="stable")].astype(np.int64)
