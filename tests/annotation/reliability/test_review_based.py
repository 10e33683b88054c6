import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.reliability.review_based import reviewed_quality
from common.numerics.wilson import wilson_interval


def test_equal_probabilities_are_wilsons_interval():
    found = reviewed_quality(np.array([1.0] * 45 + [0.0] * 5), np.full(50, 0.1))
    plain = wilson_interval(45, 50)
    assert (found.value, found.n) == (pytest.approx(0.9), 50)
    assert (found.low, found.high) == (pytest.approx(plain.low), pytest.approx(plain.high))


def test_what_was_drawn_rarely_counts_for_more():
    """One of 100 drawn at 0.1, standing for ten, was wrong; ten drawn at 1 were right: 10 of 20 are right."""
    found = reviewed_quality(np.array([0.0] + [1.0] * 10), np.array([0.1] + [1.0] * 10))
    assert found.value == pytest.approx(0.5)
    effective = 20**2 / (10**2 + 10)
    assert (found.high - found.low) > 2 * 1.2 * 0.5 / np.sqrt(effective), "as wide as 3.6 observations make it"


def test_nothing_drawn_and_items_that_wait_say_so():
    empty = np.array([])
    assert "no item of these was drawn" in reviewed_quality(empty, empty).reason
    assert reviewed_quality(empty, empty, n_waiting=3).reason == "3 drawn items are not settled yet"
    some = reviewed_quality(np.array([1.0]), np.array([0.5]), n_waiting=3)
    assert (some.value, some.reason) == (1.0, "3 drawn items are not settled yet")


@pytest.mark.parametrize(("right", "inclusion"), [([1.0], [0.0]), ([1.5], [0.5]), ([1.0, 0.0], [0.5])])
def test_numbers_out_of_range_are_refused(right, inclusion):
    with pytest.raises(ValueError):
        reviewed_quality(np.array(right), np.array(inclusion))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 1)), min_size=1, max_size=40))
def test_the_interval_holds_its_value_and_wrong_is_the_mirror_of_right(rows):
    right, inclusion = np.array(rows).T
    found, mirrored = reviewed_quality(right, inclusion), reviewed_quality(1 - right, inclusion)
    assert 0 <= found.low <= found.value + 1e-9 <= found.high + 2e-9 <= 1 + 2e-9
    assert mirrored.value == pytest.approx(1 - found.value, abs=1e-9)
    assert mirrored.low == pytest.approx(1 - found.high, abs=1e-6)


def test_coverage_under_unequal_probabilities():
    """400 samples of 2,000 labels, right with 0.9, a tenth drawn at 0.4 and the rest at 0.05."""
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(400):
        inclusion = np.where(np.arange(2000) % 10 == 0, 0.4, 0.05)
        drawn = rng.random(2000) < inclusion
        right = (rng.random(2000) < 0.9).astype(float)[drawn]
        found = reviewed_quality(right, inclusion[drawn])
        hits += found.low <= 0.9 <= found.high
    assert 0.93 <= hits / 400 <= 0.98
