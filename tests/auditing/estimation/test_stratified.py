from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditing.estimation.allocation import guessed_deviations, neyman_allocation
from auditing.estimation.stratified import stratified_mean, stratified_proportion, tally_strata


def simulate(sizes, rates, counts, runs, seed=1):
    """Share of intervals that hold the truth, bias, and mean width."""
    rng = np.random.default_rng(seed)
    sizes, counts = np.asarray(sizes), np.asarray(counts)
    right = rng.binomial(sizes, rates)
    truth = right.sum() / sizes.sum()
    draws = np.stack([rng.hypergeometric(right[h], sizes[h] - right[h], counts[h], runs) for h in range(sizes.size)], 1)
    results = [stratified_proportion(sizes, counts, counts, row).estimate for row in draws]
    covered = np.mean([e.low <= truth <= e.high for e in results])
    return covered, np.mean([e.value for e in results]) - truth, np.mean([e.high - e.low for e in results])


def test_value_by_hand():
    result = stratified_proportion([900, 100], [10, 10], [10, 10], [9, 5])
    assert result.estimate.value == pytest.approx(0.9 * 0.9 + 0.1 * 0.5)
    assert result.estimate.n == 20
    assert result.missing == 0
    assert result.strata[1].estimate.value == 0.5


@pytest.mark.parametrize(
    ("sizes", "rates", "counts"),
    [
        ([2000] * 5, [0.95] * 5, [20] * 5),
        ([100, 60, 40], [0.9, 0.8, 0.95], [30, 20, 20]),
        ([5000] * 3, [1.0, 1.0, 0.98], [100] * 3),
        ([50_000, 500], [0.98, 0.6], [30, 70]),
        ([40] * 60, np.linspace(0.7, 1.0, 60), [3] * 60),
        ([500, 500], [0.9, 0.7], [10, 10]),
    ],
)
def test_coverage(sizes, rates, counts):
    covered, bias, _ = simulate(sizes, rates, counts, 600)
    assert covered >= 0.93
    assert abs(bias) < 0.006


def test_gain_of_stratifying_by_a_good_score():
    """The design of the measurements: 50,000 items, 500 answers; much narrower than a simple random sample's .038."""
    sizes, errors = np.array([30_000, 12_000, 5000, 3000]), np.array([0.001, 0.01, 0.1, 0.5])
    counts = neyman_allocation(sizes, guessed_deviations(sizes, errors), 500)
    covered, _, width = simulate(sizes, 1 - errors, counts, 800)
    assert covered >= 0.94
    assert width < 0.026


def test_missing_answers_are_counted_and_stated():
    result = stratified_proportion([800, 200], [20, 10], [20, 5], [18, 5])
    assert result.missing == 5
    assert "5 drawn items have no answer" in result.assumption
    one = stratified_proportion([800, 200], [20, 10], [19, 10], [18, 5]).assumption
    assert one.startswith("1 drawn item has no answer; within each stratum it is taken")
    assert result.estimate.value == pytest.approx(0.8 * 0.9 + 0.2 * 1.0)
    assert result.worst_case == pytest.approx((0.8 * 0.9 + 0.2 * 0.5, 0.8 * 0.9 + 0.2 * 1.0))


def test_a_small_stratum_without_answers_borrows_and_says_so():
    result = stratified_proportion([950, 50], [20, 5], [20, 0], [18, 0])
    assert result.estimate.value == pytest.approx(0.9)
    assert "stratum 1" in result.assumption
    assert result.strata[1].estimate.value is None


def test_a_large_stratum_without_answers_makes_it_unknown():
    result = stratified_proportion([700, 300], [20, 5], [20, 0], [18, 0])
    assert result.estimate.value is None
    assert "30% of the population" in result.estimate.reason
    assert "no answers" in stratified_proportion([10], [5], [0], [0]).estimate.reason


def test_a_complete_count_is_exact():
    estimate = stratified_proportion([4, 6], [4, 6], [4, 6], [3, 6]).estimate
    assert (estimate.low, estimate.value, estimate.high) == (0.9, 0.9, 0.9)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50), st.integers(0, 50)), min_size=1, max_size=5))
def test_laws(rows):
    sizes = [population + extra for population, extra, _ in rows]
    counts = [population for population, _, _ in rows]
    right = [min(successes, population) for population, _, successes in rows]
    estimate = stratified_proportion(sizes, counts, counts, right).estimate
    wrong = stratified_proportion(sizes, counts, counts, np.subtract(counts, right)).estimate
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert wrong.value == pytest.approx(1 - estimate.value)
    assert (wrong.low, wrong.high) == pytest.approx((1 - estimate.high, 1 - estimate.low), abs=1e-9)
    shuffled = stratified_proportion(sizes[::-1], counts[::-1], counts[::-1], right[::-1]).estimate
    assert (shuffled.low, shuffled.high) == pytest.approx((estimate.low, estimate.high))


def test_tally():
    asked, answered, successes = tally_strata([0, 0, 1, 1, 1], [1, -1, 0, 1, 1], 3)
    assert (asked.tolist(), answered.tolist(), successes.tolist()) == ([2, 3, 0], [1, 3, 0], [1, 2, 0])
    with pytest.raises(ValueError, match="-1 while missing"):
        tally_strata([0], [2], 1)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (([5], [6], [6], [6]), "stratum 0 has more asked"),
        (([5, 5], [5, 3], [5, 4], [5, 3]), "stratum 1 has more answers"),
        (([5], [5], [3], [4]), "more successes"),
        (([0], [0], [0], [0]), "empty"),
        (([5, 5], [5], [5], [5]), "2 entries"),
    ],
)
def test_refuses(rows, problem):
    with pytest.raises(ValueError, match=problem):
        stratified_proportion(*rows)


def test_mean_and_its_variance_by_exhaustion():
    """All samples of 2 of 4 and 2 of 3: the mean of the variance estimates is the variance of the estimates."""
    population = [np.array([1.0, 4.0, 2.0, 7.0]), np.array([10.0, 12.0, 20.0])]
    results = [
        stratified_mean(
            np.concatenate([population[0][list(a)], population[1][list(b)]]), np.array([0, 0, 1, 1]), np.array([4, 3])
        )
        for a in combinations(range(4), 2)
        for b in combinations(range(3), 2)
    ]
    values, variances, _ = (np.array(column) for column in zip(*results, strict=True))
    assert values.mean() == pytest.approx(np.concatenate(population).mean())
    assert variances.mean() == pytest.approx(values.var())


def test_a_complete_count_is_exact_about_the_items_and_a_sample_of_what_made_them():
    """All of ten predictions looked at, two wrong: that says little about the model."""
    of_the_ten = stratified_proportion([10], [10], [10], [8]).estimate
    of_the_model = stratified_proportion([10], [10], [10], [8], target="process").estimate
    assert (of_the_ten.low, of_the_ten.high) == (0.8, 0.8)
    assert of_the_model.value == 0.8
    assert of_the_model.low < 0.5
    assert of_the_model.high > 0.95


def test_intervals_of_the_process_cover_it_and_those_of_the_items_do_not():
    """400 windows of 150 made with strata of 98% and 70%, 120 judged: both intervals, against what made them."""
    rng = np.random.default_rng(2)
    truth, held = 0.6 * 0.98 + 0.4 * 0.7, {"population": 0, "process": 0}
    for _ in range(400):
        first = rng.binomial(150, 0.6)
        sizes = np.array([first, 150 - first])
        right = [rng.random(n) < p for n, p in zip(sizes, (0.98, 0.7), strict=True)]
        counts = np.round(sizes * 0.8).astype(int)
        successes = [int(one[:n].sum()) for one, n in zip(right, counts, strict=True)]
        for target in held:
            found = stratified_proportion(sizes, counts, counts, successes, target=target).estimate
            held[target] += found.low <= truth <= found.high
    assert held["process"] >= 0.93 * 400
    assert held["population"] < 0.8 * 400
