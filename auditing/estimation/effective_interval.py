"""Score interval for a proportion whose variance comes from a design, not from a plain random sample."""

import math

from common.numerics.critical import critical_value
from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_bounds


def effective_interval(
    value: float,
    variance: float,
    *,
    n: int,
    kish: float,
    level: float,
    method: str,
    degrees_of_freedom: float = math.inf,
) -> Estimate:
    """Wilson's interval with the effective sample size value (1 - value) / variance and a t quantile.

    variance: of the estimator, >= 0. n: observations, reported. kish: (sum w)^2 / sum w^2 of the observations, the
    effective size when the variance says nothing: at 0 or 1, or when every residual is alike. A value outside [0, 1],
    possible with a control variate, gets the t interval, clipped.
    Raises ValueError for a negative variance or kish <= 0.
    Source: Korn and Graubard 1998, Survey Methodology 24:193-201, with the score interval instead of the exact one, as
    recommended by Franco, Little, Louis and Slud 2019, Journal of Survey Statistics and Methodology 7:334-364.
    """
    if variance < 0 or not math.isfinite(variance):
        raise ValueError(f"variance must be finite and not negative, got {variance}")
    if not kish > 0:
        raise ValueError(f"kish must be positive, got {kish}")
    critical = critical_value(level, degrees_of_freedom)
    clipped = min(max(value, 0.0), 1.0)
    spread = value * (1.0 - value)
    if spread <= 1e-12 or variance <= 1e-18:
        low, high = wilson_bounds(clipped, kish, level, critical=critical)
        if value != clipped or (variance > 1e-18 and spread <= 0):
            margin = critical * math.sqrt(variance)
            low, high = min(low, max(0.0, value - margin)), max(high, min(1.0, value + margin))
        return Estimate(value=clipped, low=low, high=high, level=level, n=n, method=method)
    low, high = wilson_bounds(value, spread / variance, level, critical=critical)
    return Estimate(value=value, low=low, high=high, level=level, n=n, method=method)
