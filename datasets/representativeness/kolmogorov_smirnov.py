"""Kolmogorov-Smirnov: the largest gap between two empirical distribution functions."""

import warnings

import numpy as np
from scipy import stats

from datasets.profiling.columns import FloatArray
from datasets.representativeness.comparison import TwoSampleTest

_EXACT_UP_TO = 2_000


def kolmogorov_smirnov(reference: FloatArray, current: FloatArray) -> TwoSampleTest:
    """Two-sided two-sample test on numeric values.

    reference, current: shape (n,), NaN and infinite values are left out. Effect: D itself, 0 to 1, the largest
    difference between the two distribution functions. p-value: exact up to 2,000 values a side, else asymptotic; with
    ties (rounded data) both are conservative. Fewer than 2 values a side gives a reason.
    Source: Hodges 1958; Smirnov 1939; computed by scipy.
    """
    a, b = reference[np.isfinite(reference)], current[np.isfinite(current)]
    if min(a.size, b.size) < 2:
        reason = "Fewer than 2 values on one side."
        return TwoSampleTest("Kolmogorov-Smirnov", None, None, None, "D", int(a.size), int(b.size), reason)
    method = "exact" if max(a.size, b.size) <= _EXACT_UP_TO else "asymp"
    with warnings.catch_warnings():  # scipy turns to the asymptotic value by itself where the exact one overflows
        warnings.simplefilter("ignore", RuntimeWarning)
        result = stats.ks_2samp(a, b, method=method)
    d, p_value = float(result.statistic), float(result.pvalue)
    return TwoSampleTest("Kolmogorov-Smirnov", d, p_value, d, "D", int(a.size), int(b.size))
