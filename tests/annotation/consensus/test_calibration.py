import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from annotation.consensus.calibration import Calibration, calibrate, expected_calibration_error


def overconfident(rng, n, sharpness=3.0):
    """Posterior that is too sharp by a known factor: the truth is drawn from the honest one."""
    logits = rng.normal(size=(n, 4)) * 1.2
    honest = softmax(logits, axis=1)
    truth = (rng.random(n)[:, None] > honest.cumsum(axis=1)).sum(axis=1).clip(0, 3)
    return softmax(logits * sharpness, axis=1), truth


def test_finds_the_temperature_that_was_planted():
    posterior, truth = overconfident(np.random.default_rng(1), 4000)
    result = calibrate(posterior, truth, rng=np.random.default_rng(2), method="temperature")
    assert result.temperature == pytest.approx(3.0, rel=0.12)
    assert result.error_after < 0.03 < result.error_before


@pytest.mark.parametrize(("n", "method"), [(60, "temperature"), (600, "isotonic")])
def test_helps_on_fresh_items(n, method):
    rng = np.random.default_rng(5)
    posterior, truth = overconfident(rng, n)
    result = calibrate(posterior, truth, rng=rng)
    assert result.method == method
    fresh, fresh_truth = overconfident(rng, 5000)
    after = result.apply(fresh)
    np.testing.assert_allclose(after.sum(axis=1), 1.0)

    def error(p):
        return expected_calibration_error(p.max(axis=1), p.argmax(axis=1) == fresh_truth)

    assert error(after) < 0.5 * error(fresh)
    assert result.error_after < result.error_before


def test_unanimous_gold_never_becomes_certainty():
    posterior = np.tile([0.9, 0.1], (300, 1))
    result = calibrate(posterior, np.zeros(300, dtype=int), rng=np.random.default_rng(0))
    assert result.apply(posterior).max() < 1.0


@given(st.floats(0.1, 10), st.lists(st.floats(0.01, 1), min_size=2, max_size=5))
def test_temperature_keeps_the_order(temperature, weights):
    p = np.array([weights]) / sum(weights)
    heated = Calibration(method="temperature", n_gold=50, temperature=temperature).apply(p)
    assert heated.sum() == pytest.approx(1.0)
    assert heated[0, p[0].argmax()] == pytest.approx(heated.max())
    assert Calibration(method="temperature", n_gold=50).apply(p) == pytest.approx(p)


def test_too_little_gold_leaves_the_posterior_and_says_so():
    posterior = np.array([[0.8, 0.2]] * 5)
    result = calibrate(posterior, np.zeros(5, dtype=int), rng=np.random.default_rng(0))
    assert result.method == "none"
    assert "too few" in result.reason
    assert (result.apply(posterior) == posterior).all()


def test_calibration_error_by_hand():
    confidence = np.array([0.6, 0.6, 0.9, 0.9])
    right = np.array([True, False, True, True])
    assert expected_calibration_error(confidence, right, n_bins=2) == pytest.approx(0.1)


def test_refuses_rows_that_do_not_sum_to_one():
    with pytest.raises(ValueError, match="sum to 1"):
        calibrate([[0.5, 0.2]] * 20, [0] * 20, rng=np.random.default_rng(0))
