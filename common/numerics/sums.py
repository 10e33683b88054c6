"""Sums by group."""

import numpy as np
from numpy.typing import ArrayLike

from common.numerics.checks import FloatArray, IntArray


def sum_by(groups: IntArray, values: ArrayLike, n_groups: int) -> FloatArray:
    """Sum of `values` in each group, shape (n_groups,); 0 for a group that does not occur.

    groups, values: shape (n,). Raises ValueError for a group outside [0, n_groups).
    >>> sum_by(np.array([0, 2, 2]), [1.0, 2.0, 3.0], 3).tolist()
    [1.0, 0.0, 5.0]
    """
    totals = np.bincount(groups, weights=np.asarray(values, dtype=np.float64), minlength=n_groups)
    if totals.size > n_groups:
        raise ValueError(f"a group index reaches {totals.size - 1}, but only {n_groups} exist")
    return np.asarray(totals, dtype=np.float64)
