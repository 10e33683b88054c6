"""Wilson's score interval for a proportion."""

import math

from common.numerics.critical import critical_value
from common.numerics.estimate import Estimate


def wilson_bounds(
    proportion: float, n: float, level: float = 0.95, *, critical: float | None = None
) -> tuple[float, float]:
    """Limits of the score interval, both in [0, 1].

    Solves |proportion - p| = z sqrt(p (1 - p) / n) for p: with q = z^2 / n,
    (proportion + q/2 -+ sqrt(q proportion (1 - proportion) + q^2/4)) / (1 + q).
    n > 0 may be an effective sample size, not a whole number. `critical` replaces z (a t quantile, say).
    Raises ValueError for a proportion outside [0, 1] or n <= 0.
    Source: Wilson 1927, JASA 22:209-212.
    """
    if not 0.0 <= proportion <= 1.0:
        raise ValueError(f"proportion must lie in [0, 1], got {proportion}")
    if not n > 0:
        raise ValueError(f"n must be positive, got {n}")
    z = critical_value(level) if critical is None else critical
    q = z * z / n
    centre = proportion + q / 2.0
    spread = math.sqrt(q * proportion * (1.0 - proportion) + q * q / 4.0)
    low = 0.0 if proportion == 0.0 else max(0.0, (centre - spread) / (1.0 + q))
    high = 1.0 if proportion == 1.0 else min(1.0, (centre + spread) / (1.0 + q))
    return low, high


def wilson_interval(successes: int, n: int, level: float = 0.95) -> Estimate:
    """Proportion of successes among n independent trials, with Wilson's score interval.

    Mean coverage is close to the level for every n, also at 0 and n successes, where the Wald interval collapses.
    n = 0 gives an unknown estimate with its reason. Raises ValueError unless 0 <= successes <= n.
    Source: Wilson 1927; recommended by Brown, Cai and DasGupta 2001, Statistical Science 16:101-133.
    >>> wilson_interval(0, 20).high
    0.161...
    """
    if n < 0 or not 0 <= successes <= n:
        raise ValueError(f"need 0 <= successes <= n, got {successes} of {n}")
    if n == 0:
        return Estimate.unknown("nothing was observed yet", level=level, method="wilson")
    value = successes / n
    low, high = wilson_bounds(value, n, level)
    return Estimate(value=value, low=low, high=high, level=level, n=n, method="wilson")
