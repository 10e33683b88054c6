import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from common.numerics.wilson import wilson_bounds, wilson_interval


# Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_worked_examples(successes, n, low, high):
    estimate = wilson_interval(successes, n)
    assert (round(estimate.low, 4), round(estimate.high, 4)) == (low, high)


counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.floats(0.5, 0.999))
def test_laws_and_scipy(pair, level):
    successes, n = pair
    estimate = wilson_interval(successes, n, level)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    mirror = wilson_interval(n - successes, n, level)
    assert mirror.low == pytest.approx(1 - estimate.high, abs=1e-12)
    oracle = binomtest(successes, n).proportion_ci(level, method="wilson")
    assert (estimate.low, estimate.high) == pytest.approx((oracle.low, oracle.high), abs=1e-9)
    assert wilson_interval(successes, n, level * 0.9).half_width <= estimate.half_width


def test_exact_mean_coverage_is_near_the_level():
    n = 60
    bounds = [wilson_bounds(k / n, n) for k in range(n + 1)]
    lows, highs = (np.array(side) for side in zip(*bounds, strict=True))
    truths = np.linspace(0.02, 0.98, 97)
    coverage = [binom.pmf(np.arange(n + 1), n, p)[(lows <= p) & (p <= highs)].sum() for p in truths]
    assert np.mean(coverage) == pytest.approx(0.95, abs=0.01)
    assert min(coverage) > 0.88


def test_nothing_observed_says_so():
    estimate = wilson_interval(0, 0)
    assert estimate.value is None
    assert "nothing" in estimate.reason


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 5), (0, -1)])
def test_refuses_impossible_counts(successes, n):
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(successes, n)
