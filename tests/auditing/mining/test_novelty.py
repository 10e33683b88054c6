import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from auditing.mining.novelty import novelty, novelty_threshold


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 5), st.integers(0, 2**31), st.integers(4, 2000))
def test_equals_scipy_whatever_the_block_size(n, m, k, seed, block_bytes):
    rng = np.random.default_rng(seed)
    vectors, training = rng.normal(size=(n, 6)), rng.normal(size=(m, 6))
    result = novelty(vectors, training, k=k, block_bytes=block_bytes)
    full = cdist(vectors, training, "cosine")
    expected = np.sort(full, axis=1)[:, : min(k, m)].mean(axis=1)
    np.testing.assert_allclose(result.distance, expected, atol=1e-5)
    assert result.nearest.tolist() == full.argmin(axis=1).tolist()


def test_length_does_not_matter_and_a_training_item_is_not_novel():
    training = np.random.default_rng(0).normal(size=(20, 8))
    assert novelty(3.7 * training, training).distance.max() < 1e-6


def test_another_style_lies_beyond_the_threshold():
    rng = np.random.default_rng(1)
    training = rng.normal(size=(300, 16)) + np.eye(16)[0] * 8
    threshold = novelty_threshold(training, quantile=0.95)
    same = rng.normal(size=(300, 16)) + np.eye(16)[0] * 8
    other = rng.normal(size=(300, 16)) + np.eye(16)[1] * 8
    assert np.mean(novelty(same, training).distance > threshold) == pytest.approx(0.05, abs=0.04)
    assert (novelty(other, training).distance > threshold).all()


def test_threshold_by_brute_force():
    training = np.random.default_rng(2).normal(size=(40, 5))
    full = cdist(training, training, "cosine")
    np.fill_diagonal(full, np.inf)
    expected = np.quantile(np.sort(full, axis=1)[:, :3].mean(axis=1), 0.9)
    assert novelty_threshold(training, quantile=0.9, k=3) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("vectors", "training", "k", "problem"),
    [
        (np.ones((2, 3)), np.ones((2, 4)), 1, "3 numbers"),
        (np.ones((2, 3)), np.ones((0, 3)), 1, "no vectors"),
        (np.zeros((1, 3)), np.ones((2, 3)), 1, "zero vector"),
        (np.ones((1, 3)), np.ones((2, 3)), 0, "k must"),
        (np.full((1, 3), np.nan), np.ones((2, 3)), 1, "not finite"),
    ],
)
def test_refuses(vectors, training, k, problem):
    with pytest.raises(ValueError, match=problem):
        novelty(vectors, training, k=k)
