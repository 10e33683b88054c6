import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from common.parsing import JSONParser
from common.texts import writable, writable_json


def parse(value):
    return JSONParser().parse(io.BytesIO(json.dumps(value).encode()), "application/json", {})


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", "x\udfffy"])
def test_what_cannot_be_stored_is_refused_wherever_it_stands(bad):
    for value in (bad, {"a": [{"b": bad}]}, {bad: 1}):
        with pytest.raises(ValidationError, match="cannot be stored"):
            parse(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_everything_else_comes_through_as_it_is(value):
    if writable_json(value) == value:
        assert parse(value) == value


def test_whole_pairs_and_escapes_that_only_look_alike_are_fine():
    assert parse({"a": "😀", "b": "\\u0000", "c": "\\ud800"}) == {"a": "😀", "b": "\\u0000", "c": "\\ud800"}


@given(st.text())
def test_writable_text_is_utf8_without_nul_and_stable(text):
    kept = writable(text)
    assert "\0" not in kept
    assert kept.encode().decode() == kept
    assert writable(kept) == kept
