"""Chi-square test of homogeneity for category counts, with Cramer's V."""

import math

import numpy as np
from scipy import stats

from datasets.profiling.columns import IntArray
from datasets.representativeness.comparison import TwoSampleTest

MIN_EXPECTED = 5.0


def chi_square(reference: IntArray, current: IntArray) -> TwoSampleTest:
    """Do two samples share one distribution over categories?

    reference, current: shape (n_categories,), counts in the same order. Rare categories are pooled until every
    expected count is at least 5, which keeps the level; a shift inside a pool is not seen. Effect: Cramer's V with
    Bergsma's bias correction, 0 to 1: about 0 on average without a difference, at any number of categories.
    Fewer than two categories after pooling, or an empty side, gives a reason.
    Raises ValueError for unequal shapes or negative counts.
    Source: Pearson 1900; Cochran 1954 (expected counts); Bergsma 2013 (correction).
    """
    if reference.shape != current.shape or reference.ndim != 1:
        raise ValueError("the counts must have the same one-dimensional shape")
    if (reference < 0).any() or (current < 0).any():
        raise ValueError("counts cannot be negative")
    n, m = int(reference.sum()), int(current.sum())
    if min(n, m) == 0:
        return _nothing(n, m, "One side has no values.")
    table = pool_rare(np.stack([reference, current]))
    if table.shape[1] < 2:
        return _nothing(n, m, "Fewer than two categories are frequent enough to compare.")
    statistic, p_value, *_ = stats.chi2_contingency(table, correction=False)
    v = cramers_v(float(statistic), n + m, table.shape[1])
    return TwoSampleTest("chi-square", float(statistic), float(p_value), v, "Cramer's V", n, m)


def pool_rare(table: IntArray) -> IntArray:
    """Pool rare columns of a 2 x k table until each expected count is at least 5; shape (2, k'), k' >= 1.

    Columns are taken from the rarest up and filled into pools one after the other, looking at column totals only, so
    that the choice does not depend on the difference that is tested; what remains too small joins the pool before it.
    """
    table = table[:, table.sum(axis=0) > 0]
    needed = MIN_EXPECTED * table.sum() / table.sum(axis=1).min()  # column total that gives the smaller row its 5
    order = np.argsort(table.sum(axis=0), kind="stable")
    starts, filled = [0], 0
    for position, total in enumerate(table.sum(axis=0)[order]):
        if filled >= needed:
            starts.append(position)
            filled = 0
        filled += int(total)
    if filled < needed and len(starts) > 1:
        starts.pop()
    return np.asarray(np.add.reduceat(table[:, order], starts, axis=1), dtype=np.int64)


def cramers_v(statistic: float, n: int, n_categories: int) -> float:
    """Bias-corrected Cramer's V of a 2 x n_categories table with n values, 0 to 1."""
    excess = max(0.0, statistic / n - (n_categories - 1) / (n - 1))
    rows = 2 - 1 / (n - 1)
    columns = n_categories - (n_categories - 1) ** 2 / (n - 1)
    smaller = min(rows, columns) - 1
    return min(1.0, math.sqrt(excess / smaller)) if smaller > 0 else 0.0


def _nothing(n: int, m: int, reason: str) -> TwoSampleTest:
    return TwoSampleTest("chi-square", None, None, None, "Cramer's V", n, m, reason)
