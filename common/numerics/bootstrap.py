"""Bootstrap intervals over independent units (items, not labels)."""

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy import stats

from common.numerics.checks import FloatArray, IntArray, check_level
from common.numerics.estimate import Estimate

Statistic = Callable[[IntArray], float]
"""From an index array of resampled units, shape (n_units,), to a number; nan where it is not defined."""

MOST_UNDEFINED = 0.05


def bootstrap_interval(
    statistic: Statistic,
    n_units: int,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    resamples: int = 1000,
    method: Literal["percentile", "bca"] = "percentile",
    name: str = "",
) -> Estimate:
    """Value of a statistic on all units, with a bootstrap interval from resampling units with replacement.

    statistic: called with index arrays into the units; the value is statistic(0, 1, ..., n_units - 1).
    method: "percentile" takes quantiles of the resampled values; "bca" corrects them for bias and skewness, at the
    price of n_units more calls (leave-one-out values for the acceleration).
    name: what the estimate is called in `Estimate.method`, before the kind of bootstrap.
    Both are first-order asymptotic: with fewer than about 20 units they are too narrow.

    There is no interval, with a reason, when fewer than 2 units exist, when more than 5% of the resamples leave the
    statistic undefined, or when every resample gives the same value (nothing varies, so nothing can be learned
    about variation). Raises ValueError for resamples < 100 or a level outside (0, 1).
    Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapters 13 and 14.
    """
    check_level(level)
    if resamples < 100:
        raise ValueError(f"resamples must be at least 100, got {resamples}")
    label = f"{name}, {method} bootstrap".removeprefix(", ")
    if n_units == 0:
        return Estimate.unknown("there are no units", level=level, method=label)
    everything = np.arange(n_units, dtype=np.int64)
    value = float(statistic(everything))
    if not math.isfinite(value):
        return Estimate.unknown("the statistic is not defined on these units", level=level, n=n_units, method=label)
    if n_units == 1:
        return Estimate.point(value, "one unit gives no interval", level=level, n=1, method=label)
    draws = np.array([statistic(rng.integers(0, n_units, n_units)) for _ in range(resamples)], dtype=np.float64)
    finite = draws[np.isfinite(draws)]
    if finite.size < (1.0 - MOST_UNDEFINED) * resamples:
        share = 1.0 - finite.size / resamples
        reason = f"the statistic is undefined in {share:.0%} of the resamples, too few units for an interval"
        return Estimate.point(value, reason, level=level, n=n_units, method=label)
    if np.ptp(finite) <= 1e-12 * max(1.0, abs(value)):
        reason = "every resample gives the same value, so the bootstrap cannot give an interval"
        return Estimate.point(value, reason, level=level, n=n_units, method=label)
    tails = np.array([(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    if method == "bca":
        tails = _corrected_tails(tails, finite, value, _acceleration(statistic, everything))
    low, high = np.quantile(finite, tails)
    return Estimate(value=value, low=float(low), high=float(high), level=level, n=n_units, method=label)


def _acceleration(statistic: Statistic, everything: IntArray) -> float:
    """Skewness of the leave-one-out values, divided by 6 (Efron and Tibshirani, equation 14.15)."""
    left_out = np.array([statistic(np.delete(everything, unit)) for unit in everything], dtype=np.float64)
    left_out = left_out[np.isfinite(left_out)]
    deviation = left_out.mean() - left_out
    spread = float((deviation**2).sum())
    return float((deviation**3).sum()) / (6.0 * spread**1.5) if spread > 0 else 0.0


def _corrected_tails(tails: FloatArray, draws: FloatArray, value: float, acceleration: float) -> FloatArray:
    """Tail probabilities after correction for bias and acceleration (equations 14.10 and 14.14)."""
    below = float(np.mean(draws < value) + np.mean(draws == value) / 2.0)
    below = min(max(below, 0.5 / draws.size), 1.0 - 0.5 / draws.size)
    bias = float(stats.norm.ppf(below))
    shifted = bias + stats.norm.ppf(tails)
    return np.asarray(stats.norm.cdf(bias + shifted / (1.0 - acceleration * shifted)), dtype=np.float64)
