"""Two-sided critical values of the normal and of Student's distribution."""

import math

from scipy import stats

from common.numerics.checks import check_level


def critical_value(level: float, degrees_of_freedom: float = math.inf) -> float:
    """The c with P(-c < X < c) = level, X standard normal or Student's t.

    degrees_of_freedom: > 0; infinite means the normal distribution.
    Raises ValueError for a level outside (0, 1) or degrees_of_freedom <= 0.
    >>> round(critical_value(0.95), 3)
    1.96
    """
    check_level(level)
    if degrees_of_freedom <= 0:
        raise ValueError(f"degrees_of_freedom must be positive, got {degrees_of_freedom}")
    tail = (1.0 + level) / 2.0
    if math.isinf(degrees_of_freedom):
        return float(stats.norm.ppf(tail))
    return float(stats.t.ppf(tail, degrees_of_freedom))
