"""Population stability index, with the sampling distribution that gives it a meaning."""

import numpy as np
from scipy import stats

from datasets.profiling.columns import FloatArray, IntArray
from datasets.representativeness.comparison import TwoSampleTest

_ASYMPTOTIC_FROM = 20.0  # smallest expected count for which the chi-square approximation was found to hold


def psi(reference: IntArray, current: IntArray, *, pseudo_count: float = 0.5) -> float:
    """Population stability index between two histograms with the same bins.

    reference, current: shape (n_bins,), counts >= 0, same bin edges, total > 0. Unit of result: nats; 0 is equal,
    unbounded. pseudo_count is added to every bin before normalising, so that an empty bin gives a finite value.
    Symmetric in its arguments. Raises ValueError for unequal shapes, negative counts or an empty total.
    Not a test: with no drift its mean is about (n_bins - 1)(1/n_ref + 1/n_cur), so the customary 0.2 means nothing
    without sizes; see `psi_test`. Source: Kullback & Leibler 1951, the symmetrised divergence J(1,2).
    >>> round(psi(np.array([50, 50]), np.array([80, 20])), 2)
    0.41
    """
    _check(reference, current)
    p, q = (counts + pseudo_count for counts in (reference, current))
    p, q = p / p.sum(), q / q.sum()
    if pseudo_count == 0 and ((p == 0) != (q == 0)).any():
        return float("inf")
    both = (p > 0) & (q > 0)
    return float(((p[both] - q[both]) * np.log(p[both] / q[both])).sum())


def psi_threshold(n_bins: int, n_reference: int, n_current: int, *, level: float = 0.05) -> float:
    """PSI that only a share `level` of draws without drift exceeds, for large counts in every bin.

    (1/n_ref + 1/n_cur) times the upper quantile of chi-square with n_bins - 1 degrees of freedom.
    Raises ValueError unless n_bins >= 2, both sizes >= 1 and 0 < level < 1.
    Source: Yurdakul & Naranjo 2020, Journal of Risk Model Validation 14(3).
    """
    if n_bins < 2 or min(n_reference, n_current) < 1 or not 0 < level < 1:
        raise ValueError("need two bins, a value on each side and a level between 0 and 1")
    return float(stats.chi2.isf(level, n_bins - 1) * (1 / n_reference + 1 / n_current))


def psi_test(
    reference: IntArray, current: IntArray, *, rng: np.random.Generator, resamples: int = 999
) -> TwoSampleTest:
    """PSI as a test that the two histograms come from one distribution.

    reference, current: shape (n_bins,), counts. With at least 20 expected in every cell the p-value is that of
    PSI / (1/n_ref + 1/n_cur) under chi-square(n_bins - 1); else it is exact up to simulation: the pooled counts are
    dealt to the two sides again (multivariate hypergeometric), p = (1 + exceedances) / (1 + resamples).
    Effect: PSI less its mean without drift, at least 0. Bins that are empty on both sides are dropped.
    Raises ValueError as `psi`. Source: as `psi_threshold`; Phipson & Smyth 2010.
    """
    _check(reference, current)
    used = (reference + current) > 0
    a, b = reference[used], current[used]
    n, m = int(a.sum()), int(b.sum())
    if a.size < 2:
        return TwoSampleTest("PSI", None, None, None, "PSI", n, m, "All values fall into one bin.")
    value = psi(a, b)
    scale = 1 / n + 1 / m
    pooled = a + b
    if min(n, m) / (n + m) * pooled.min() >= _ASYMPTOTIC_FROM:
        p_value = float(stats.chi2.sf(value / scale, a.size - 1))
        expected = (a.size - 1) * scale
    else:
        draws = rng.multivariate_hypergeometric(pooled, n, size=resamples, method="marginals")
        simulated = _psi_rows(draws, pooled)
        p_value = float((1 + (simulated >= value - 1e-12).sum()) / (1 + resamples))
        expected = float(simulated.mean())
    return TwoSampleTest("PSI", value, p_value, max(0.0, value - expected), "PSI above chance", n, m)


def _psi_rows(draws: IntArray, pooled: IntArray) -> FloatArray:
    """PSI of each row of draws, shape (k, n_bins), against what it leaves of the pooled counts."""
    p, q = draws + 0.5, pooled - draws + 0.5
    p, q = p / p.sum(axis=1, keepdims=True), q / q.sum(axis=1, keepdims=True)
    return np.asarray(((p - q) * np.log(p / q)).sum(axis=1))


def _check(reference: IntArray, current: IntArray) -> None:
    if reference.shape != current.shape or reference.ndim != 1:
        raise ValueError("the histograms must have the same one-dimensional shape")
    if (reference < 0).any() or (current < 0).any():
        raise ValueError("counts cannot be negative")
    if reference.sum() == 0 or current.sum() == 0:
        raise ValueError("a histogram is empty")
