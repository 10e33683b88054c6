import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from datasets.profiling.outliers import box_plot

columns = arrays(np.float64, st.integers(1, 60), elements=st.one_of(st.just(np.nan), st.floats(-1e6, 1e6)))


def test_worked_example():
    box = box_plot(np.array([1.0, 2, 3, 4, 5, 100, np.nan, -50]))
    # sorted: -50 1 2 3 4 5 100; quartiles at positions 1.5, 3, 4.5
    assert (box.q1, box.median, box.q3) == (1.5, 3.0, 4.5)
    assert (box.low_fence, box.high_fence) == (-3.0, 9.0)
    assert (box.low_whisker, box.high_whisker) == (1.0, 5.0)
    assert box.outliers == (5, 7)  # 100 is 30.3 IQRs out, -50 is 15.7
    assert (box.n, box.n_missing, box.n_outliers) == (7, 1, 2)


@given(columns)
def test_laws(values):
    box = box_plot(values)
    assert box.n + box.n_missing == values.size
    if box.n:
        assert box.minimum <= box.q1 <= box.median <= box.q3 <= box.maximum
    if box.reason is None:
        assert box.low_fence <= box.low_whisker <= box.high_whisker <= box.high_fence
        outside = (values < box.low_fence) | (values > box.high_fence)
        assert set(box.outliers) == set(np.flatnonzero(outside))
        mirrored = box_plot(-values)
        assert mirrored.q1 == pytest.approx(-box.q3)


def test_the_share_of_normal_values_is_the_known_one():
    box = box_plot(np.random.default_rng(0).normal(size=200_000))
    assert box.n_outliers / 200_000 == pytest.approx(0.00698, abs=0.0006)


def test_what_cannot_be_computed_says_why():
    assert box_plot(np.array([np.nan])).reason
    constant = box_plot(np.array([1.0, 1, 1, 1, 9]))
    assert constant.median == 1.0
    assert constant.reason
    assert constant.outliers == ()
    assert box_plot(np.array([-1.7e308, -1e308, 1e308, 1.7e308])).reason
    with pytest.raises(ValueError):
        box_plot(np.array([1.0]), fence=0)
