import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.spatial.distance import jensenshannon

from datasets.representativeness.binning import pooled_quantile_counts
from datasets.representativeness.chi_square import chi_square, cramers_v, pool_rare
from datasets.representativeness.jensen_shannon import jensen_shannon
from datasets.representativeness.kolmogorov_smirnov import kolmogorov_smirnov
from datasets.representativeness.psi import psi, psi_test, psi_threshold

counts = arrays(np.int64, st.integers(2, 8), elements=st.integers(0, 50))
samples = arrays(np.float64, st.integers(0, 30), elements=st.sampled_from([np.nan, *map(float, range(-8, 9))]))


@st.composite
def count_pairs(draw):
    a = draw(counts)
    b = draw(arrays(np.int64, a.shape, elements=st.integers(0, 50)))
    a[0] += 1
    b[-1] += 1
    return a, b


def keeps_level(p_values, level):
    rejected = sum(p <= level for p in p_values)
    return stats.binomtest(rejected, len(p_values), level).pvalue > 0.001


# Kolmogorov-Smirnov


@given(samples, samples)
def test_ks_laws(a, b):
    forward, back = kolmogorov_smirnov(a, b), kolmogorov_smirnov(b, a)
    assert forward.statistic == back.statistic
    if forward.reason is None:
        assert 0 <= forward.statistic <= 1
        assert 0 <= forward.p_value <= 1
        assert kolmogorov_smirnov(3 * a + 7, 3 * b + 7) == forward  # any increasing map
    else:
        assert forward.p_value is None


def test_ks_worked_example_and_missing_values():
    test = kolmogorov_smirnov(np.array([1.0, 2, 3, np.nan]), np.array([2.5, 3.5, 4.5, 5.5, np.inf]))
    assert test.statistic == 0.75  # at 2.9: 2/3 below against 1/4 ... at 3: 1 against 1/4
    assert (test.n_reference, test.n_current) == (3, 4)
    assert kolmogorov_smirnov(np.array([1.0]), np.array([1.0, 2])).reason


@pytest.mark.parametrize("n", [40, 3000])
def test_ks_keeps_its_level(n):
    rng = np.random.default_rng(0)
    p_values = [kolmogorov_smirnov(rng.normal(size=n), rng.normal(size=n // 2)).p_value for _ in range(500)]
    assert keeps_level(p_values, 0.05)
    assert keeps_level(p_values, 0.2)


# chi-square


def test_chi_square_equals_scipy_when_nothing_is_rare():
    a, b = np.array([30, 50, 20]), np.array([60, 70, 90])
    test = chi_square(a, b)
    expected = stats.chi2_contingency(np.stack([a, b]), correction=False)
    assert (test.statistic, test.p_value) == (pytest.approx(expected.statistic), pytest.approx(expected.pvalue))
    phi = expected.statistic / 320
    corrected = max(0, phi - 2 / 319) / min(2 - 1 / 319 - 1, 3 - 4 / 319 - 1)
    assert test.effect == pytest.approx(math.sqrt(corrected))


@given(count_pairs())
def test_chi_square_laws(pair):
    a, b = pair
    forward, back = chi_square(a, b), chi_square(b, a)
    if forward.reason is None:
        assert forward.statistic == pytest.approx(back.statistic)
        assert 0 <= forward.effect <= 1
        shuffled = chi_square(a[::-1].copy(), b[::-1].copy())
        assert shuffled.n_current == forward.n_current
    pooled = pool_rare(np.stack([a, b]))
    assert pooled.sum(axis=1).tolist() == [a.sum(), b.sum()]
    expected = pooled.sum(axis=1, keepdims=True) * pooled.sum(axis=0) / pooled.sum()
    assert pooled.shape[1] == 1 or expected.min() >= 5 - 1e-9


@pytest.mark.parametrize("shares", [[0.5, 0.3, 0.2], [0.9, 0.06, 0.02, 0.01, 0.005, 0.005], [1 / 40] * 40])
def test_chi_square_keeps_its_level_also_with_rare_categories(shares):
    rng = np.random.default_rng(1)
    tests = [chi_square(rng.multinomial(200, shares), rng.multinomial(120, shares)) for _ in range(800)]
    assert keeps_level([t.p_value for t in tests], 0.05)
    assert np.mean([t.effect for t in tests]) < 0.06


def test_chi_square_effect_recovers_a_large_shift_and_refuses_nonsense():
    assert chi_square(np.array([1000, 0]), np.array([0, 1000])).effect == pytest.approx(1, abs=0.01)
    assert chi_square(np.array([5, 5]), np.array([0, 0])).reason
    assert chi_square(np.array([9, 0]), np.array([9, 0])).reason
    assert cramers_v(0.0, 100, 5) == 0
    with pytest.raises(ValueError):
        chi_square(np.array([1, 2]), np.array([1, 2, 3]))
    with pytest.raises(ValueError):
        chi_square(np.array([-1, 2]), np.array([1, 2]))


# PSI


def test_psi_worked_example_from_the_docstring():
    assert round(psi(np.array([50, 50]), np.array([80, 20])), 2) == 0.41
    # without pseudo-counts: (.5-.8) ln(.5/.8) + (.5-.2) ln(.5/.2)
    by_hand = -0.3 * math.log(0.625) + 0.3 * math.log(2.5)
    assert psi(np.array([50, 50]), np.array([80, 20]), pseudo_count=0) == pytest.approx(by_hand)
    assert psi(np.array([1, 0]), np.array([1, 1]), pseudo_count=0) == math.inf


@given(count_pairs())
def test_psi_laws(pair):
    a, b = pair
    assert psi(a, b) >= 0
    assert psi(a, b) == pytest.approx(psi(b, a))
    assert psi(a, a) == 0
    order = np.arange(a.size)[::-1]
    assert psi(a, b) == pytest.approx(psi(a[order], b[order]))
    p, q = (a + 0.5) / (a + 0.5).sum(), (b + 0.5) / (b + 0.5).sum()
    assert psi(a, b) == pytest.approx(stats.entropy(p, q) + stats.entropy(q, p))


@pytest.mark.parametrize(("n", "m", "bins"), [(2000, 1500, 10), (60, 40, 10), (200, 200, 30), (500, 25, 5)])
def test_psi_keeps_its_level_in_both_regimes(n, m, bins):
    rng = np.random.default_rng(2)
    p_values = []
    for _ in range(300):
        a, b = pooled_quantile_counts(rng.lognormal(size=n), rng.lognormal(size=m), n_bins=bins)
        p_values.append(psi_test(a, b, rng=rng, resamples=199).p_value)
    assert keeps_level(p_values, 0.05)
    assert keeps_level(p_values, 0.2)


def test_the_customary_limit_is_mostly_noise_at_200_against_200():
    """The reason for the sampling distribution: 30 bins, no drift, PSI above 0.2 in most draws."""
    rng = np.random.default_rng(3)
    values, above_threshold = [], 0
    for _ in range(300):
        a, b = pooled_quantile_counts(rng.normal(size=200), rng.normal(size=200), n_bins=30)
        values.append(psi(a, b))
        above_threshold += values[-1] > psi_threshold(30, 200, 200)
    assert np.mean(np.array(values) > 0.2) > 0.75
    assert np.mean(values) == pytest.approx(29 * (1 / 200 + 1 / 200), rel=0.15)
    assert above_threshold / 300 < 0.15


def test_psi_threshold_by_simulation():
    rng = np.random.default_rng(4)
    draws = [psi(rng.multinomial(3000, [0.1] * 10), rng.multinomial(2000, [0.1] * 10)) for _ in range(2000)]
    assert np.mean(np.array(draws) > psi_threshold(10, 3000, 2000)) == pytest.approx(0.05, abs=0.015)


def test_psi_refusals():
    rng = np.random.default_rng(0)
    assert psi_test(np.array([5, 0]), np.array([7, 0]), rng=rng).reason
    for bad in ([np.array([1]), np.array([1, 2])], [np.array([0, 0]), np.array([1, 2])]):
        with pytest.raises(ValueError):
            psi(*bad)
    with pytest.raises(ValueError):
        psi_threshold(1, 10, 10)


# Jensen-Shannon


@given(count_pairs())
def test_jensen_shannon_equals_scipy_and_is_bounded(pair):
    a, b = pair
    value = jensen_shannon(a, b)
    assert value == pytest.approx(jensenshannon(a, b, base=2) ** 2, abs=1e-12)
    assert 0 <= value <= 1
    assert value == pytest.approx(jensen_shannon(b, a))


def test_jensen_shannon_ends_of_the_scale_and_bias():
    assert jensen_shannon(np.array([3, 0]), np.array([0, 9])) == 1
    assert jensen_shannon(np.array([3, 1]), np.array([6, 2])) == 0
    rng = np.random.default_rng(5)
    draws = [jensen_shannon(rng.multinomial(400, [0.1] * 10), rng.multinomial(300, [0.1] * 10)) for _ in range(500)]
    assert np.mean(draws) == pytest.approx(9 * (1 / 400 + 1 / 300) / (8 * math.log(2)), rel=0.1)
    with pytest.raises(ValueError):
        jensen_shannon(np.array([0, 0]), np.array([1, 1]))


# common bins


@settings(max_examples=100)
@given(
    arrays(np.float64, st.integers(1, 60), elements=st.integers(-5, 5).map(float)),
    arrays(np.float64, st.integers(1, 60), elements=st.floats(-5, 5)),
    st.integers(2, 12),
)
def test_bins_count_everything_once_and_leave_none_empty(a, b, n_bins):
    x, y = pooled_quantile_counts(a, b, n_bins=n_bins)
    assert (x.sum(), y.sum()) == (a.size, b.size)
    assert x.size == y.size <= n_bins
    assert ((x + y) > 0).all()
    swapped = pooled_quantile_counts(b, a, n_bins=n_bins)
    assert swapped[0].tolist() == y.tolist()
