import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditing.estimation.sampling import draw_pps, draw_stratified, inclusion_probabilities, score_strata


def test_stratified_draws_the_asked_number_with_equal_chances():
    strata = np.array([0] * 6 + [1] * 4)
    rng = np.random.default_rng(1)
    hits = np.zeros(10)
    for _ in range(4000):
        sample = draw_stratified(strata, [3, 1], rng=rng)
        assert np.bincount(sample.strata).tolist() == [3, 1]
        hits[sample.indices] += 1
    np.testing.assert_allclose(hits / 4000, [0.5] * 6 + [0.25] * 4, atol=0.03)
    np.testing.assert_allclose(sample.inclusion_probability, [0.5, 0.5, 0.5, 0.25])
    assert sample.stratum_sizes.tolist() == [6, 4]


def test_pps_draws_each_item_with_its_stored_probability():
    scores = np.array([0.0, 1.0, 2.0, 3.0, 30.0, 4.0])
    pi = inclusion_probabilities(scores, 3, uniform_floor=0.3)
    rng = np.random.default_rng(2)
    hits = np.zeros(6)
    for _ in range(6000):
        sample = draw_pps(scores, 3, rng=rng, uniform_floor=0.3)
        assert len(set(sample.indices.tolist())) == 3
        np.testing.assert_allclose(sample.inclusion_probability, pi[sample.indices])
        hits[sample.indices] += 1
    np.testing.assert_allclose(hits / 6000, pi, atol=0.02)
    assert pi[4] == 1.0


scores = st.lists(st.floats(0, 10), min_size=1, max_size=40)


@settings(deadline=None)
@given(scores, st.integers(0, 40), st.floats(0, 1), st.integers(0, 2**31))
def test_laws(values, n, floor, seed):
    n = min(n, len(values))
    pi = inclusion_probabilities(values, n, uniform_floor=floor)
    assert pi.sum() == pytest.approx(n, abs=1e-6)
    assert ((pi >= 0) & (pi <= 1)).all()
    order = np.argsort(values)
    assert (np.diff(pi[order]) >= -1e-9).all()
    sample = draw_pps(values, n, rng=np.random.default_rng(seed), uniform_floor=floor)
    assert sample.indices.size == n == np.unique(sample.indices).size


def test_uniform_floor_one_is_simple_random_sampling():
    np.testing.assert_allclose(inclusion_probabilities([0.0, 5.0, 1.0, 2.0], 2, uniform_floor=1.0), 0.5)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=200), st.integers(1, 6))
def test_strata_follow_the_order_of_the_score(values, n_strata):
    strata = score_strata(values, n_strata)
    order = np.argsort(values, kind="stable")
    assert (np.diff(strata[order]) >= 0).all()
    assert set(strata.tolist()) == set(range(strata.max() + 1))
    assert strata.max() < n_strata
    for value in set(values):
        assert len(set(strata[np.array(values) == value].tolist())) == 1


def test_strata_of_a_skewed_score_reduce_the_variance():
    rng = np.random.default_rng(3)
    score = rng.beta(0.3, 3, 20_000)
    strata = score_strata(score, 4)
    assert strata.max() == 3
    within = sum(score[strata == h].var() * np.mean(strata == h) for h in range(4))
    assert within < 0.15 * score.var()


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda rng: draw_stratified([0, 0, 1], [3, 1], rng=rng), "stratum 0 holds 2 items, 3 were asked for"),
        (lambda rng: draw_stratified([0, 2], [1, 1], rng=rng), "index 2"),
        (lambda rng: draw_pps([1.0, 2.0], 3, rng=rng), "between 0 and 2"),
        (lambda rng: draw_pps([1.0, -2.0], 1, rng=rng), "negative"),
        (lambda rng: draw_pps([1.0], 1, rng=rng, uniform_floor=2.0), "uniform_floor"),
        (lambda rng: score_strata([1.0], 0), "n_strata"),
    ],
)
def test_refuses(call, problem):
    with pytest.raises(ValueError, match=problem):
        call(np.random.default_rng(0))
