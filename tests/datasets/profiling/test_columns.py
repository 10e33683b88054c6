import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.formats.attributes import AttributeSpec, AttributeType, Known
from datasets.profiling.columns import (
    ColumnKind,
    attribute_column,
    category_codes,
    category_column,
    number_column,
)


def test_attributes_become_columns_by_their_type():
    number = attribute_column(
        AttributeSpec("a", AttributeType.INTEGER, known_at_prediction=Known.NO), ["3", 4, None, "x"]
    )
    assert number.known_at_prediction is Known.NO
    assert number.values[:2].tolist() == [3.0, 4.0]
    assert np.isnan(number.values[2:]).all()
    times = attribute_column(
        AttributeSpec("t", AttributeType.DATETIME), ["2024-01-01T09:00:00+09:00", "2024-01-01T01:00:00", "soon"]
    )
    assert times.values[1] - times.values[0] == 3600
    assert math.isnan(times.values[2])
    flags = attribute_column(AttributeSpec("b", AttributeType.BOOLEAN), [True, False, None])
    assert flags.kind is ColumnKind.CATEGORY
    assert flags.values.tolist() == ["true", "false", None]


def test_numbers_without_meaning_are_missing_and_rows_can_be_taken():
    column = number_column("a", [1.0, None, math.inf, 4.0])
    assert np.isnan(column.values).tolist() == [False, True, True, False]
    assert column.take(np.array([3, 0])).values.tolist() == [4.0, 1.0]


@given(st.lists(st.one_of(st.none(), st.sampled_from("abcdefg"))), st.one_of(st.none(), st.integers(1, 4)))
def test_codes_name_their_levels(values, max_levels):
    codes, levels = category_codes(category_column("a", values).values, max_levels=max_levels)
    counts = {v: values.count(v) for v in set(values) - {None}}
    for value, code in zip(values, codes, strict=True):
        if value is None:
            assert code == -1
        elif levels[code] != "(other)":
            assert levels[code] == value
        else:
            kept = [counts[level] for level in levels if level != "(other)"]
            assert counts[value] <= min(kept)
    assert max_levels is None or len(levels) <= max_levels + 1


def test_more_levels_than_wanted_go_to_other():
    codes, levels = category_codes(category_column("a", ["x", "x", "y", "z", "z", "z", None]).values, max_levels=2)
    assert levels == ("x", "z", "(other)")
    assert codes.tolist() == [0, 0, 2, 1, 1, 1, -1]
    with pytest.raises(TypeError):
        category_column("a", 3)
