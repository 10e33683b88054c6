import numpy as np
import pytest

from auditing.estimation.horvitz_thompson import fixed_size_variance, hajek_proportion, horvitz_thompson_proportion
from auditing.estimation.sampling import draw_pps
from common.numerics.wilson import wilson_interval


def test_by_hand():
    y, pi = [1, 0, 1], [0.5, 0.25, 0.2]
    assert horvitz_thompson_proportion(y, pi, 14).value == pytest.approx((2 + 5) / 14)
    assert hajek_proportion(y, pi, 14).value == pytest.approx((2 + 5) / (2 + 4 + 5))


def test_equal_probabilities_give_the_plain_interval():
    y = np.repeat([1.0, 0.0], [40, 10])
    estimate = hajek_proportion(y, np.full(50, 50 / 1_000_000), 1_000_000)
    plain = wilson_interval(40, 50)
    assert (estimate.low, estimate.high) == pytest.approx((plain.low, plain.high), abs=0.01)


def test_variance_of_simple_random_sampling():
    values, n, population = np.array([3.0, 1.0, 4.0, 1.0, 5.0]), 5, 20
    textbook = population**2 * (1 - n / population) * values.var(ddof=1) / n
    assert fixed_size_variance(values, np.full(5, 0.25)) == pytest.approx(textbook)
    assert fixed_size_variance(values, np.ones(5)) == 0.0


@pytest.mark.parametrize("floor", [0.3, 0.5])
def test_hajek_covers_and_is_unbiased_with_a_floor(floor):
    rng = np.random.default_rng(5)
    size = 5000
    score = rng.uniform(0.2, 1.0, size)
    y = (rng.random(size) < 0.15 + 0.3 * score).astype(float)
    results = []
    for _ in range(400):
        sample = draw_pps(score, 200, rng=rng, uniform_floor=floor)
        results.append(hajek_proportion(y[sample.indices], sample.inclusion_probability, size))
    assert np.mean([e.low <= y.mean() <= e.high for e in results]) >= 0.92
    assert np.mean([e.value for e in results]) == pytest.approx(y.mean(), abs=0.006)


def test_horvitz_thompson_is_worse_than_hajek():
    rng = np.random.default_rng(6)
    size = 4000
    score = rng.beta(1, 6, size)
    y = (rng.random(size) < 0.9).astype(float)
    errors = {"ht": [], "hajek": []}
    for _ in range(200):
        sample = draw_pps(score, 150, rng=rng)
        arguments = (y[sample.indices], sample.inclusion_probability, size)
        errors["ht"].append(horvitz_thompson_proportion(*arguments).value - y.mean())
        errors["hajek"].append(hajek_proportion(*arguments).value - y.mean())
    assert np.std(errors["hajek"]) < 0.6 * np.std(errors["ht"])


def test_says_why_not_and_refuses():
    assert "no answers" in hajek_proportion([], [], 10).reason
    with pytest.raises(ValueError, match="inclusion_probability"):
        hajek_proportion([1], [0.0], 10)
    with pytest.raises(ValueError, match="0 or 1"):
        hajek_proportion([0.5], [0.5], 10)
    with pytest.raises(ValueError, match="smaller"):
        hajek_proportion([1, 0], [0.5, 0.5], 1)
