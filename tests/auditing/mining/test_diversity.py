from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from auditing.mining.diversity import diverse_ranking, farthest_first


@settings(deadline=None, max_examples=50)
@given(st.integers(3, 9), st.integers(1, 3), st.integers(0, 2**31))
def test_laws_and_the_guarantee_against_the_best_cover(n_items, n, seed):
    points = np.random.default_rng(seed).normal(size=(n_items, 3))
    cover = farthest_first(points, n)
    full = cdist(points, points, "cosine")
    assert len(set(cover.chosen.tolist())) == n
    assert (np.diff(cover.gap[1:]) <= 1e-6).all()
    assert cover.radius == pytest.approx(full[:, cover.chosen].min(axis=1).max(), abs=1e-5)
    # The guarantee is for a metric: the chord length sqrt(2 (1 - cos)).
    best = min(full[:, list(some)].min(axis=1).max() for some in combinations(range(n_items), n))
    assert np.sqrt(2 * cover.radius) <= 2 * np.sqrt(2 * best) + 1e-3


def test_takes_one_of_each_cluster_first():
    rng = np.random.default_rng(1)
    centres = np.eye(5)
    cluster = np.repeat(np.arange(5), [50, 30, 10, 5, 1])
    points = centres[cluster] + 0.02 * rng.normal(size=(96, 5))
    cover = farthest_first(points, 5)
    assert set(cluster[cover.chosen]) == set(range(5))
    more = farthest_first(points, 96, smallest_gap=0.2)
    assert more.chosen.size == 5


def test_items_already_chosen_count_but_are_not_returned():
    points = np.array([[1.0, 0.0], [0.99, 0.1], [0.0, 1.0], [-1.0, 0.0]])
    cover = farthest_first(points, 10, already=[0])
    assert cover.chosen.tolist() == [3, 2, 1]
    assert cover.radius == pytest.approx(0.0, abs=1e-6)


def test_ranking_skips_near_copies_and_keeps_the_order():
    points = np.array([[1.0, 0.0], [1.0, 0.01], [0.0, 1.0], [-1.0, 0.0]])
    assert diverse_ranking(points, [0.9, 0.8, 0.1, 0.5], 3, smallest_gap=0.05).tolist() == [0, 3, 2]
    assert diverse_ranking(points, [0.9, 0.8, 0.1, 0.5], 2, smallest_gap=0.0).tolist() == [0, 1]


def test_refuses():
    with pytest.raises(ValueError, match="index 7"):
        farthest_first(np.ones((2, 2)), 1, start=7)
    with pytest.raises(ValueError, match="scores"):
        diverse_ranking(np.ones((2, 2)), [1.0], 1, smallest_gap=0.1)
    with pytest.raises(ValueError, match="smallest_gap"):
        diverse_ranking(np.ones((2, 2)), [1.0, 2.0], 1, smallest_gap=3.0)
