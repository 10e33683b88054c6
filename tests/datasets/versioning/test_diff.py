from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.versioning.canonical import CanonicalRow
from datasets.versioning.diff import Change, diff_versions


def row(n, label="cat", split="train", weight=1.0):
    return CanonicalRow(f"{n:064x}", "q", (label,) if label else (), split, weight, f"{n:064x}")


def sha(n):
    return f"{n:064x}"


def test_every_kind_of_change():
    before = [row(1), row(2), row(3), row(4), row(5), row(6)]
    after = [row(2, "dog"), row(3, split="test"), row(4, weight=2), row(5, "dog", "test"), row(6), row(7)]
    result = diff_versions(before, after)
    assert result.added == ((sha(7), "q"),)
    assert result.removed == ((sha(1), "q"),)
    assert result.label_changed == (Change(sha(2), "q", "cat", "dog"), Change(sha(5), "q", "cat", "dog"))
    assert [c.item_sha for c in result.split_changed] == [sha(3), sha(5)]
    assert [c.after for c in result.weight_changed] == ["2.000000000"]
    assert result.label_flow == (("cat", "dog", 2),)
    assert result.n_unchanged == 1


tables = st.dictionaries(
    st.integers(0, 9), st.tuples(st.sampled_from("ab"), st.sampled_from(["train", "test"]), st.sampled_from([1.0, 2.0]))
).map(lambda d: [row(n, *fields) for n, fields in d.items()])


@given(tables, tables)
def test_laws(before, after):
    forward, back = diff_versions(before, after), diff_versions(after, before)
    assert forward.added == back.removed
    assert [(c.item_sha, c.before) for c in forward.label_changed] == [
        (c.item_sha, c.after) for c in back.label_changed
    ]
    assert len(before) - len(forward.removed) == len(after) - len(forward.added)
    same = diff_versions(before, reversed(before))
    assert same.n_unchanged == len(before)
    assert (same.added, same.removed, same.label_changed, same.split_changed, same.weight_changed) == ((),) * 5


def test_weights_that_hash_alike_are_alike_and_doubles_are_refused():
    assert not diff_versions([row(1, weight=1 / 3)], [replace(row(1), weight="0.333333333")]).weight_changed
    with pytest.raises(ValueError, match="two rows"):
        diff_versions([row(1), row(1)], [])
