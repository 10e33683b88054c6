import hashlib
import random
import subprocess
import sys
import unicodedata
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.versioning.canonical import CanonicalRow, canonical_line, canonical_weight, content_hash

A, B = "a" * 64, "b" * 64
shas = st.integers(0, 2**256 - 1).map(lambda n: f"{n:064x}")
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
rows = st.builds(
    CanonicalRow,
    item_sha=shas,
    question=words,
    label_keys=st.lists(st.text("abcé가", min_size=1, max_size=4), unique=True, max_size=3).map(tuple),
    split=st.sampled_from(["train", "test"]),
    weight=st.floats(0, 1e6),
    group=shas,
)
tables = st.lists(
    rows, min_size=1, max_size=8, unique_by=lambda r: (r.item_sha, unicodedata.normalize("NFC", r.question))
)


def row(**changes):
    return replace(CanonicalRow(A, "what", ("cat",), "train", 1.0, A), **changes)


def test_the_documented_bytes():
    lines = [
        f'["{A}","what",["cat","개"],"train","0.333333333","{A}"]',
        f'["{B}","what",[],"test","1.000000000","{A}"]',
    ]
    expected = hashlib.sha256(("touchstone-dataset-version/1\n" + "\n".join(lines) + "\n").encode()).hexdigest()
    decomposed = unicodedata.normalize("NFD", "개")
    table = [
        CanonicalRow(B, "what", (), "test", Decimal(1), A),
        CanonicalRow(A, "what", (decomposed, "cat"), "train", 1 / 3, A),
    ]
    assert content_hash(table) == expected
    # frozen: this value must never change while the format is called /1
    assert expected == "68f68e09978046d0109a96dfc43963fa0453b3e3b77133b1b67a77c0faa80ef8"


@given(tables, st.randoms())
def test_order_and_unicode_form_do_not_matter(table, shuffler):
    other = [
        replace(
            r,
            question=unicodedata.normalize("NFD", r.question),
            label_keys=tuple(unicodedata.normalize("NFD", k) for k in reversed(r.label_keys)),
        )
        for r in table
    ]
    shuffler.shuffle(other)
    assert content_hash(table) == content_hash(other)


@given(tables, st.data())
def test_any_change_of_content_changes_the_hash(table, data):
    at = data.draw(st.integers(0, len(table) - 1))
    r = table[at]
    changed = data.draw(
        st.sampled_from(
            [
                replace(r, label_keys=(*r.label_keys, "new-key")),
                replace(r, split="elsewhere"),
                replace(r, weight=r.weight + 1e-3),
                replace(r, group=f"{(int(r.group, 16) + 1) % 2**256:064x}"),
            ]
        )
    )
    assert content_hash(table) != content_hash([*table[:at], changed, *table[at + 1 :]])
    assert content_hash(table) != content_hash([*table, row(question="never drawn!")])


def test_another_process_with_another_locale_and_hash_seed_agrees():
    table = [row(item_sha=f"{i:064x}", label_keys=("고양이", "é")) for i in random.Random(0).sample(range(999), 50)]
    code = (
        "import sys;from datasets.versioning.canonical import *;"
        f"print(content_hash([CanonicalRow(*args) for args in {[tuple(vars(r).values()) for r in table]!r}]))"
    )
    env = {"LC_ALL": "C", "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"}
    out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == content_hash(table)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (1, "1.000000000"),
        ("0.1", "0.100000000"),
        (0.1, "0.100000000"),
        (-0.0, "0.000000000"),
        (2.5e-9, "0.000000003"),
        (Decimal("0.0000000005"), "0.000000000"),
        (Decimal("0.0000000015"), "0.000000002"),
        (1e15, "1000000000000000.000000000"),
    ],
)
def test_weights(weight, expected):
    assert canonical_weight(weight) == expected


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), "x"])
def test_bad_weights_are_refused(weight):
    with pytest.raises(ValueError):
        canonical_weight(weight)


def test_bad_rows_are_refused():
    for bad in (row(item_sha="A" * 64), row(group="short"), row(label_keys=("a", "a"))):
        with pytest.raises(ValueError):
            canonical_line(bad)
    with pytest.raises(ValueError):
        content_hash([])
    with pytest.raises(ValueError, match="two rows"):
        content_hash([row(), row(split="test")])
