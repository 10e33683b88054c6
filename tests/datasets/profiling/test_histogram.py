import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from datasets.profiling.histogram import histogram

columns = arrays(np.float64, st.integers(0, 60), elements=st.floats(width=64))
integers = arrays(np.float64, st.integers(0, 60), elements=st.integers(-5, 5).map(float))


@settings(max_examples=200)
@given(st.one_of(columns, integers), st.integers(1, 100))
def test_every_value_is_counted_once(values, max_bins):
    h = histogram(values, max_bins=max_bins)
    assert sum(h.counts) + h.below + h.above == h.n
    assert h.n + h.n_missing == values.size
    assert len(h.counts) <= max_bins
    assert (h.reason is None) == (h.n > 0)
    if h.n:
        assert len(h.edges) == len(h.counts) + 1
        assert np.all(np.diff(h.edges) > 0)
        assert max(h.counts) > 0


@given(arrays(np.float64, st.integers(1, 40), elements=st.floats(-1e6, 1e6)))
def test_order_does_not_matter(values):
    assert histogram(values) == histogram(values[::-1])


def test_one_outlier_does_not_flatten_the_rest():
    values = np.append(np.random.default_rng(0).normal(size=1000), 1e9)
    h = histogram(values)
    assert h.above >= 1
    assert h.edges[-1] < 10
    assert max(h.counts) < 250


def test_few_whole_numbers_get_a_bin_each():
    h = histogram(np.array([1.0, 2, 2, 4, 4, 4]))
    assert h.edges == (0.5, 1.5, 2.5, 3.5, 4.5)
    assert h.counts == (1, 2, 0, 3)


def test_the_number_of_bins_is_freedman_and_diaconis():
    values = np.random.default_rng(1).uniform(size=1000)
    assert len(histogram(values, max_bins=100).counts) == pytest.approx(
        len(np.histogram_bin_edges(values, "fd")) - 1, abs=1
    )


@pytest.mark.parametrize("max_bins", [0, 101])
def test_bad_bins(max_bins):
    with pytest.raises(ValueError):
        histogram(np.array([1.0]), max_bins=max_bins)
