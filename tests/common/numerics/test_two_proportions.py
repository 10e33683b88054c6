import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep

from common.numerics.two_proportions import newcombe_interval, two_proportions


# Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10.
@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
    ],
)
def test_worked_examples(counts, low, high):
    estimate = newcombe_interval(*counts)
    assert (round(estimate.low, 4), round(estimate.high, 4)) == (low, high)


pair = st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(pair, pair)
def test_laws_and_statsmodels(first, second):
    result = two_proportions(*first, *second)
    swapped = two_proportions(*second, *first)
    interval = result.difference
    assert -1 <= interval.low <= interval.value <= interval.high <= 1
    assert interval.low == pytest.approx(-swapped.difference.high)
    assert result.p_value == pytest.approx(swapped.p_value)
    assert 0 <= result.p_value <= 1
    oracle = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert (interval.low, interval.high) == pytest.approx(oracle, abs=1e-9)
    greater = two_proportions(*first, *second, alternative="greater").p_value
    assert greater == pytest.approx(two_proportions(*second, *first, alternative="less").p_value)


def test_chi_square_with_n_minus_one_by_hand():
    # 2x2 table 15/5 against 6/14: chi-square = N (ad - bc)^2 / products = 8.12 with N = 40; times 39/40.
    result = two_proportions(15, 20, 6, 20)
    chi_square = 40 * (15 * 14 - 5 * 6) ** 2 / (20 * 20 * 21 * 19) * 39 / 40
    assert result.test == "N - 1 chi-square"
    assert result.p_value == pytest.approx(float(chi2.sf(chi_square, 1)), rel=1e-6)


def test_rare_events_use_fisher():
    result = two_proportions(0, 300, 1, 300)
    assert result.test == "fisher exact"
    assert result.p_value == pytest.approx(fisher_exact([[0, 300], [1, 299]]).pvalue)


@pytest.mark.parametrize(("n_1", "n_2", "p"), [(300, 300, 0.9), (120, 400, 0.95), (60, 60, 0.7)])
def test_level_at_one_percent_and_coverage(n_1, n_2, p):
    rng = np.random.default_rng(5)
    rejected = covered = 0
    runs = 4000
    for first, second in zip(rng.binomial(n_1, p, runs), rng.binomial(n_2, p, runs), strict=True):
        result = two_proportions(int(first), n_1, int(second), n_2)
        rejected += result.p_value < 0.01
        covered += result.difference.low <= 0 <= result.difference.high
    assert rejected / runs <= 0.0165
    assert 0.935 <= covered / runs <= 0.985


def test_an_empty_side_says_so():
    result = two_proportions(1, 2, 0, 0)
    assert result.p_value is None
    assert "no observations" in result.difference.reason
