"""Two independent proportions: interval of the difference, and a test that they are equal."""

import math
from dataclasses import dataclass
from typing import Literal

from scipy import stats

from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_bounds

Alternative = Literal["two-sided", "greater", "less"]
SMALLEST_EXPECTED = 1.0


@dataclass(frozen=True)
class TwoProportions:
    """Comparison of a first and a second proportion.

    difference: first minus second, with Newcombe's interval. p_value: of the null hypothesis of equality, None when
    nothing was observed on one side. alternative: what the test looked for. test: name of the test that was used.
    """

    difference: Estimate
    p_value: float | None
    alternative: Alternative
    test: str


def newcombe_interval(successes_1: int, n_1: int, successes_2: int, n_2: int, level: float = 0.95) -> Estimate:
    """Difference p1 - p2 of independent proportions with Newcombe's hybrid score interval.

    With Wilson limits (l1, u1), (l2, u2): d - sqrt((p1-l1)^2 + (u2-p2)^2), d + sqrt((u1-p1)^2 + (p2-l2)^2).
    `n` of the result is n_1 + n_2. Raises ValueError unless 0 <= successes <= n on both sides.
    Source: Newcombe 1998, Statistics in Medicine 17:873-890, method 10.
    """
    for successes, n in ((successes_1, n_1), (successes_2, n_2)):
        if n < 0 or not 0 <= successes <= n:
            raise ValueError(f"need 0 <= successes <= n, got {successes} of {n}")
    if n_1 == 0 or n_2 == 0:
        reason = "one of the two groups has no observations"
        return Estimate.unknown(reason, level=level, n=n_1 + n_2, method="newcombe")
    p_1, p_2 = successes_1 / n_1, successes_2 / n_2
    low_1, high_1 = wilson_bounds(p_1, n_1, level)
    low_2, high_2 = wilson_bounds(p_2, n_2, level)
    difference = p_1 - p_2
    low = difference - math.hypot(p_1 - low_1, high_2 - p_2)
    high = difference + math.hypot(high_1 - p_1, p_2 - low_2)
    return Estimate(value=difference, low=low, high=high, level=level, n=n_1 + n_2, method="newcombe")


def two_proportions(
    successes_1: int,
    n_1: int,
    successes_2: int,
    n_2: int,
    *,
    level: float = 0.95,
    alternative: Alternative = "two-sided",
) -> TwoProportions:
    """Difference of two independent proportions with interval and p-value.

    alternative "greater" looks for p1 > p2. The test is the "N - 1" chi-square, z = d / sqrt(P(1-P)(1/n1+1/n2) N/(N-1))
    with P pooled, when every expected count is at least 1, and Fisher's exact test otherwise.
    Raises ValueError unless 0 <= successes <= n on both sides.
    Source: Campbell 2007, Statistics in Medicine 26:3661-3675.
    """
    interval = newcombe_interval(successes_1, n_1, successes_2, n_2, level)
    if interval.value is None:
        return TwoProportions(difference=interval, p_value=None, alternative=alternative, test="none")
    total = n_1 + n_2
    pooled = (successes_1 + successes_2) / total
    if min(n_1, n_2) * min(pooled, 1.0 - pooled) < SMALLEST_EXPECTED:
        table = [[successes_1, n_1 - successes_1], [successes_2, n_2 - successes_2]]
        p_value = float(stats.fisher_exact(table, alternative=alternative).pvalue)
        return TwoProportions(difference=interval, p_value=p_value, alternative=alternative, test="fisher exact")
    variance = pooled * (1.0 - pooled) * (1.0 / n_1 + 1.0 / n_2) * total / (total - 1.0)
    z = interval.value / math.sqrt(variance)
    tails = {"greater": stats.norm.sf(z), "less": stats.norm.cdf(z), "two-sided": 2.0 * stats.norm.sf(abs(z))}
    return TwoProportions(
        difference=interval, p_value=float(tails[alternative]), alternative=alternative, test="N - 1 chi-square"
    )
