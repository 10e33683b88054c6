"""Intervals for scores when rows come in groups (copies of one thing.

Pictures of one site) that go right or wrong together.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_bounds

Floats = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]
V = TypeVar("V", bound=npt.NDArray[np.float64])


def number_groups(groups: npt.NDArray[np.generic] | None, rows: int) -> Groups:
    """Return (n,) group numbers 0, 1, … for any group keys; None makes every row its own group. Raises ValueError."""
    if groups is None:
        return np.arange(rows)
    if len(groups) != rows:
        raise ValueError(f"There are {len(groups)} group keys for {rows} rows.")
    return np.asarray(np.unique(groups, return_inverse=True)[1], dtype=np.int64)


def grouped_share(
    hits: Floats, bases: Floats, groups: Groups, *, level: float = 0.95, missing: str = "There are no cases."
) -> Estimate:
    """Estimate the share sum(hits) / sum(bases) with a Wilson interval on the effective number of cases.

    hits, bases: (n,), 0 <= hits <= bases, e.g. weight x right and weight. groups: (n,) group numbers. The effective
    number is 1 + p(1-p) / V (n, when every row is its own group), where V is the linearised variance of the ratio over
    groups (Cochran 1977, 6.3), never more than the number of rows; at 0 or 1, where V vanishes, it is the number of
    groups. Source: Korn & Graubard 1998 for the idea, Wilson 1927 for the interval. Without any case the value is None
    with `missing` as the reason.
    """
    total = float(bases.sum())
    if total <= 0:
        return Estimate(None, None, None, level, 0, "Wilson, by group", missing)
    used = bases > 0
    share = min(1.0, float(hits.sum()) / total)
    residuals = np.bincount(groups, hits - share * bases)
    count = len(np.unique(groups[used]))
    effective = float(count)
    if count > 1 and 0 < share < 1:
        variance = count / (count - 1) * float((residuals**2).sum()) / total**2
        effective = float(used.sum()) if variance <= 0 else min(float(used.sum()), 1 + share * (1 - share) / variance)
    low, high = wilson_bounds(share, effective, level)
    method = f"Wilson on {effective:.0f} effective cases of {count} groups"
    return Estimate(share, low, high, level, int(used.sum()), method, None)


def bootstrap_groups(
    statistic: Callable[[Floats], Floats], groups: Groups, *, rng: np.random.Generator, resamples: int
) -> Floats:
    """Return (resamples, k): the statistic under so many draws of whole groups with replacement.

    statistic: takes (n,) row weights (how often the row was drawn) and returns (k,). groups: (n,) group numbers.
    Source: Davison & Hinkley 1997, 3.8 (cluster bootstrap, groups drawn, rows kept).
    """
    count = int(groups.max()) + 1
    return np.stack(
        [
            statistic(np.bincount(rng.integers(0, count, count), minlength=count)[groups].astype(np.float64))
            for _ in range(resamples)
        ]
    )


def percentile_estimate(
    value: float, draws: Floats, *, n: int, groups: int, level: float, method: str = "bootstrap over groups"
) -> Estimate:
    """Return an estimate with the percentile interval of bootstrap draws; says why when there is none.

    draws: (resamples,), nan where the score could not be computed in a resample; up to one in ten may be.
    """
    if not np.isfinite(value):
        return Estimate(
            None, None, None, level, n, method, "It cannot be computed: a class or an outcome does not occur."
        )
    usable = draws[np.isfinite(draws)]
    if groups < 2:
        return Estimate(float(value), None, None, level, n, method, "No interval: all rows belong to one group.")
    if len(usable) < 0.9 * len(draws) or len(usable) == 0:
        return Estimate(float(value), None, None, level, n, method, "No interval: too few cases of some class.")
    if np.ptp(usable) == 0:
        return Estimate(float(value), None, None, level, n, method, "No interval: every resample gave the same value.")
    low, high = np.quantile(usable, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(value), min(float(low), float(value)), max(float(high), float(value)), level, n, method, None)
