"""How fast annotators work, from the time spent on each label."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from common.numerics.checks import as_floats, check_level
from common.numerics.estimate import Estimate

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Throughput:
    """median_seconds: seconds per label. labels_per_hour: 3600 / median. idle: labels left out as interrupted."""

    median_seconds: Estimate
    labels_per_hour: Estimate
    idle: int


def throughput(seconds: ArrayLike, *, idle_after: float = 600.0, level: float = 0.95) -> Throughput:
    """Median time per label with the exact order-statistics interval, and the rate per hour of attention.

    seconds: shape (n,), time from showing an item to its submission, > 0. Times above `idle_after` count as
    interrupted and are left out (and counted), since the median of work must not depend on lunch.
    Limits are the order statistics r and n + 1 - r with P(r <= Binomial(n, 1/2) <= n - r) >= level: valid for any
    distribution, never below the level. Fewer than 6 labels (at 95%) give a median without an interval.
    Raises ValueError for times that are not positive or not finite.
    Source: David and Nagaraja 2003, Order Statistics, section 7.1.
    """
    check_level(level)
    times = as_floats("seconds", seconds)
    if times.ndim != 1:
        raise ValueError(f"seconds must be one-dimensional, got shape {times.shape}")
    if times.size and times.min() <= 0:
        raise ValueError("seconds has a time that is not positive")
    kept = np.sort(times[times <= idle_after])
    idle, n = int(times.size - kept.size), int(kept.size)
    method = "median, order statistics"
    if n == 0:
        unknown = Estimate.unknown("no timed labels", level=level, method=method)
        return Throughput(unknown, unknown, idle)
    median = float(np.median(kept))
    rank = int(stats.binom.ppf((1.0 - level) / 2.0, n, 0.5))
    if rank < 1:
        reason = f"{n} labels are too few for an interval"
        return Throughput(
            Estimate.point(median, reason, level=level, n=n, method=method),
            Estimate.point(SECONDS_PER_HOUR / median, reason, level=level, n=n, method=method),
            idle,
        )
    low, high = float(kept[rank - 1]), float(kept[n - rank])
    rate = (SECONDS_PER_HOUR / high, SECONDS_PER_HOUR / low)
    return Throughput(
        Estimate(value=median, low=low, high=high, level=level, n=n, method=method),
        Estimate(value=SECONDS_PER_HOUR / median, low=rate[0], high=rate[1], level=level, n=n, method=method),
        idle,
    )
