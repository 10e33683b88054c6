import numpy as np
import pytest

from auditing.estimation.difference import difference_pps, difference_stratified
from auditing.estimation.horvitz_thompson import hajek_proportion
from auditing.estimation.sampling import draw_pps, draw_stratified, score_strata
from common.numerics.wilson import wilson_interval


def production(rng, size=20_000, shape=(0.08, 1.5), distortion=1.0):
    """Whether each prediction is right, and the score that claims to be the probability of it."""
    error = rng.beta(*shape, size)
    return (rng.random(size) >= error).astype(float), 1 - np.clip(error**distortion, 0, 1)


def test_by_hand():
    scores = np.array([0.9, 0.8, 0.5, 0.6] * 10)
    chosen = np.arange(12)
    answers = np.array([1, 1, 0, 1] * 3)
    pi = np.array([0.2, 0.4, 0.5, 0.5] * 3)
    weights = 1 / pi
    expected = scores.mean() + (weights * (answers - scores[:12])).sum() / weights.sum()
    assert difference_pps(scores, chosen, answers, pi).value == pytest.approx(expected)
    strata = np.array([0, 1] * 20)
    by_stratum = [scores[strata == h].mean() + (answers - scores[:12])[strata[:12] == h].mean() for h in (0, 1)]
    assert difference_stratified(scores, strata, chosen, answers).value == pytest.approx(np.mean(by_stratum))


@pytest.mark.parametrize(("shape", "distortion"), [((0.08, 1.5), 1.0), ((0.5, 9.5), 1.0), ((0.08, 1.5), 2.0)])
def test_coverage_and_bias_with_sharp_weak_and_boasting_scores(shape, distortion):
    rng = np.random.default_rng(4)
    right, scores = production(rng, shape=shape, distortion=distortion)
    strata = score_strata(1 - scores, 4)
    counts = np.minimum(np.bincount(strata), 75)
    results = {"pps": [], "stratified": []}
    for _ in range(300):
        sample = draw_pps(np.sqrt(scores * (1 - scores)), 300, rng=rng)
        results["pps"].append(
            difference_pps(scores, sample.indices, right[sample.indices], sample.inclusion_probability)
        )
        sample = draw_stratified(strata, counts, rng=rng)
        results["stratified"].append(difference_stratified(scores, strata, sample.indices, right[sample.indices]))
    for estimates in results.values():
        assert np.mean([e.low <= right.mean() <= e.high for e in estimates]) >= 0.92
        assert np.mean([e.value for e in estimates]) == pytest.approx(right.mean(), abs=0.004)


def test_beats_hajek_and_simple_random_sampling_when_the_score_is_good():
    rng = np.random.default_rng(8)
    right, scores = production(rng)
    errors = {"difference": [], "hajek": [], "simple": []}
    for _ in range(200):
        sample = draw_pps(np.sqrt(scores * (1 - scores)), 400, rng=rng)
        y, pi = right[sample.indices], sample.inclusion_probability
        errors["difference"].append(difference_pps(scores, sample.indices, y, pi).value - right.mean())
        errors["hajek"].append(hajek_proportion(y, pi, right.size).value - right.mean())
        plain = rng.choice(right.size, 400, replace=False)
        errors["simple"].append(wilson_interval(int(right[plain].sum()), 400).value - right.mean())
    spread = {name: np.sqrt(np.mean(np.square(values))) for name, values in errors.items()}
    assert spread["difference"] < 0.85 * spread["hajek"]
    assert spread["difference"] < 0.6 * spread["simple"]


def test_says_why_not():
    scores = np.full(100, 0.9)
    few = difference_pps(scores, np.arange(5), np.ones(5), np.full(5, 0.5))
    assert "too few" in few.reason
    strata = np.repeat([0, 1], 50)
    hole = difference_stratified(scores, strata, np.arange(20), np.ones(20))
    assert "stratum 1" in hole.reason


@pytest.mark.parametrize(
    ("scores", "indices", "answers", "problem"),
    [
        ([1.5, 0.5], [0], [1], "population_scores"),
        ([0.5, 0.5], [0, 0], [1, 1], "twice"),
        ([0.5, 0.5], [2], [1], "index 2"),
        ([0.5, 0.5], [0], [0.3], "0 or 1"),
    ],
)
def test_refuses(scores, indices, answers, problem):
    with pytest.raises(ValueError, match=problem):
        difference_pps(scores, indices, answers, np.full(len(answers), 0.5))
