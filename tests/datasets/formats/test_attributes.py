import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.formats.attributes import (
    AttributeSpec,
    AttributeType,
    convert,
    infer_attributes,
    is_missing,
    validate_attributes,
)

T = AttributeType


def type_of(*values):
    (spec,) = infer_attributes([{"a": value} for value in values])
    return spec.type


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "2", "-3", ""], T.INTEGER),
        (["1", "2.5", "1e-3"], T.NUMBER),
        (["1", "NaN", "2"], T.INTEGER),
        (["true", "FALSE", "yes"], T.BOOLEAN),
        (["0", "1", "1"], T.INTEGER),
        (["00123", "00124", "00123", "00124"], T.CATEGORY),
        (["2024-05-31", "2024-05-31T10:00:00+09:00"], T.DATETIME),
        (["2024-13-31", "2024-05-31"], T.TEXT),
        (["red", "blue", "red", "blue"], T.CATEGORY),
        (["a unique remark", "another one"], T.TEXT),
        (["", "NA", None], T.TEXT),
        ([1, 2, 3.0], T.INTEGER),
        ([1, 2.5], T.NUMBER),
        ([True, False], T.BOOLEAN),
        ([True, 1, True, 1], T.CATEGORY),
        (["고양이", "개", "고양이", "개"], T.CATEGORY),
    ],
)
def test_the_narrowest_type_wins(values, expected):
    assert type_of(*values) is expected


def test_too_many_words_are_text_and_columns_keep_their_order():
    rows = [{"z": str(i % 150) + "x", "a": i} for i in range(400)]
    z, a = infer_attributes(rows)
    assert (z.name, z.type, a.name, a.type) == ("z", T.TEXT, "a", T.INTEGER)


def test_conversion_and_its_refusals():
    assert convert(" 7 ", AttributeSpec("a", T.INTEGER)) == 7
    assert convert(7, AttributeSpec("a", T.NUMBER)) == 7.0
    assert convert("Yes", AttributeSpec("a", T.BOOLEAN)) is True
    assert convert("no", AttributeSpec("a", T.BOOLEAN)) is False
    assert convert("", AttributeSpec("a", T.NUMBER)) is None
    assert convert("가", AttributeSpec("a", T.CATEGORY, ("가",))) == "가"  # decomposed Hangul
    for value, type in [("x", T.NUMBER), ("1.5", T.INTEGER), ("maybe", T.BOOLEAN), ("tomorrow", T.DATETIME)]:
        with pytest.raises(ValueError, match="is not"):
            convert(value, AttributeSpec("a", type))
    with pytest.raises(ValueError, match="one of the 2"):
        convert("green", AttributeSpec("a", T.CATEGORY, ("blue", "red")))


def test_a_row_is_validated_as_a_whole():
    schema = [AttributeSpec("age", T.INTEGER), AttributeSpec("name", T.TEXT)]
    values, problems = validate_attributes({"age": "old", "colour": "red"}, schema)
    assert values == {"age": None, "name": None}
    assert set(problems) == {"age", "colour"}


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.floats(), st.text(max_size=20), st.dates().map(str)
)


@given(st.lists(scalars, min_size=1, max_size=12))
def test_every_value_fits_the_schema_that_was_inferred_from_it(values):
    (spec,) = infer_attributes([{"a": value} for value in values])
    for value in values:
        converted = convert(value, spec)
        assert (converted is None) == is_missing(value)
        assert not isinstance(converted, float) or math.isfinite(converted)
        if converted is not None:
            assert convert(converted, spec) == converted
