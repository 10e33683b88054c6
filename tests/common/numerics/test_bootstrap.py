import numpy as np
import pytest
from scipy.stats import bootstrap as scipy_bootstrap

from common.numerics.bootstrap import bootstrap_interval


def mean_of(values):
    return lambda index: float(values[index].mean())


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_agrees_with_scipy(method):
    values = np.random.default_rng(1).exponential(size=60)
    ours = bootstrap_interval(mean_of(values), 60, rng=np.random.default_rng(2), resamples=20_000, method=method)
    theirs = scipy_bootstrap(
        (values,), np.mean, n_resamples=20_000, method=method, rng=np.random.default_rng(3)
    ).confidence_interval
    assert ours.value == values.mean()
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.015)


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_coverage_of_a_mean(method):
    rng = np.random.default_rng(20)
    hits = 0
    for _ in range(300):
        values = rng.gamma(4.0, size=50)
        interval = bootstrap_interval(mean_of(values), 50, rng=rng, resamples=300, method=method)
        hits += interval.low <= 4.0 <= interval.high
    assert 0.90 <= hits / 300 <= 0.98


def test_same_seed_same_interval():
    values = np.arange(30.0)
    first, second = (bootstrap_interval(mean_of(values), 30, rng=np.random.default_rng(7)) for _ in range(2))
    assert first == second


def test_says_why_there_is_no_interval():
    rng = np.random.default_rng(0)
    assert "no units" in bootstrap_interval(lambda index: 0.0, 0, rng=rng).reason
    assert "one unit" in bootstrap_interval(lambda index: 3.0, 1, rng=rng).reason
    constant = bootstrap_interval(lambda index: 1.0, 20, rng=rng)
    assert (constant.value, constant.low) == (1.0, None)
    assert "same value" in constant.reason
    fragile = bootstrap_interval(lambda index: 1.0 / (index == 0).sum() if (index == 0).any() else np.nan, 20, rng=rng)
    assert fragile.low is None
    assert "undefined" in fragile.reason
    assert bootstrap_interval(lambda index: np.nan, 20, rng=rng).value is None


def test_refuses_too_few_resamples():
    with pytest.raises(ValueError, match="resamples"):
        bootstrap_interval(lambda index: 0.0, 5, rng=np.random.default_rng(0), resamples=10)
