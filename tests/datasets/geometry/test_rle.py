import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.geometry.rle import counts_from_string, counts_to_string, ink_of, mask_bounds, plain_counts

SIZES = st.tuples(st.integers(1, 12), st.integers(1, 12))


@st.composite
def pictures(draw):
    width, height = draw(SIZES)
    bits = draw(st.lists(st.booleans(), min_size=width * height, max_size=width * height))
    return np.array(bits).reshape(height, width)


def runs(picture):
    """The plain definition: walk down the columns and count."""
    counts, ink, run = [], False, 0
    for bit in picture.T.ravel():
        if bit == ink:
            run += 1
        else:
            counts.append(run)
            ink, run = not ink, 1
    return [*counts, run]


@given(pictures())
def test_a_string_is_read_back_as_it_was_written(picture):
    counts = runs(picture)
    assert counts_from_string(counts_to_string(counts)) == counts
    assert ink_of(counts) == picture.sum()
    assert plain_counts(counts) == counts


@given(pictures(), st.data())
def test_runs_that_are_cut_in_two_are_joined(picture, data):
    counts = runs(picture)
    place = data.draw(st.integers(0, len(counts) - 1))
    part = data.draw(st.integers(0, counts[place]))
    cut = [*counts[:place], part, 0, counts[place] - part, *counts[place + 1 :]]
    assert plain_counts(cut) == counts


@given(pictures())
def test_bounds_hold_all_the_ink_and_touch_it(picture):
    rows, columns = np.nonzero(picture)
    found = mask_bounds(runs(picture), picture.shape[0])
    if not rows.size:
        assert found is None
        return
    x, y, width, height = found
    assert (x, x + width - 1) == (columns.min(), columns.max())
    if not any(np.diff(np.flatnonzero(picture.T.ravel())) == 1):  # no run goes over the end of a column
        assert (y, y + height - 1) == (rows.min(), rows.max())
    assert y <= rows.min()
    assert y + height - 1 >= rows.max()


def test_the_string_of_coco_s_documentation():
    # From the comments of COCO's mask API: the same runs as a list and as a string.
    assert counts_to_string([6, 1, 40, 4, 5, 4, 5, 4, 21]) == "61X13mN000`0"
    assert counts_from_string("61X13mN000`0") == [6, 1, 40, 4, 5, 4, 5, 4, 21]


@pytest.mark.parametrize("text", ["é", "~~", "o", "oooooooooo1"])
def test_what_is_no_such_string_is_none(text):
    assert counts_from_string(text) is None
