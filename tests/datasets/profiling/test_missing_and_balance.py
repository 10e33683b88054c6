import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from datasets.profiling.class_balance import class_balance
from datasets.profiling.columns import category_column, number_column
from datasets.profiling.missing import missing_values


def test_shares_and_ties():
    rng = np.random.default_rng(0)
    labels = np.repeat(["sick", "well"], 200)
    informative = np.where((labels == "well") & (rng.random(400) < 0.6), np.nan, 1.0)
    random = np.where(rng.random(400) < 0.3, np.nan, 1.0)
    report = missing_values(
        [number_column("blood", informative), number_column("age", random), category_column("id", ["x"] * 400)], labels
    )
    by_name = {column.name: column for column in report.columns}
    assert by_name["blood"].tells_label
    assert not by_name["age"].tells_label
    assert by_name["id"].p_value is None
    assert by_name["id"].reason == "Nothing is missing."
    assert by_name["blood"].n_missing == int(np.isnan(informative).sum())
    assert [column.name for column in report.columns][-1] == "id"
    assert "“blood”" in report.verdict


def test_the_tie_test_keeps_its_level():
    rng = np.random.default_rng(1)
    labels = rng.choice(["a", "b", "c"], 150)
    rejected = 0
    for _ in range(400):
        column = number_column("x", np.where(rng.random(150) < 0.3, np.nan, 0.0))
        rejected += missing_values([column], labels).columns[0].p_value < 0.05
    assert binomtest(rejected, 400, 0.05).pvalue > 0.001


def test_nothing_missing_and_unequal_lengths():
    assert missing_values([number_column("a", [1.0])]).verdict == "No value is missing."
    with pytest.raises(ValueError):
        missing_values([number_column("a", [1.0])], ["x", "y"])


@given(st.lists(st.sampled_from("abcde")))
def test_balance_laws(labels):
    balance = class_balance(labels, declared="abcde")
    assert sum(c.count for c in balance.classes) == balance.n == len(labels)
    assert len(balance.classes) + len(balance.absent) == 5
    if labels:
        assert balance.imbalance_ratio >= 1
        assert 1 - 1e-9 <= balance.effective_classes <= len(balance.classes) + 1e-9
        assert math.fsum(c.share.value for c in balance.classes) == pytest.approx(1)
    for c in balance.classes:
        low, high = proportion_confint(c.count, balance.n, method="wilson")
        assert c.share.low == pytest.approx(low, abs=1e-9)
        assert c.share.high == pytest.approx(high, abs=1e-9)


def test_balance_verdicts():
    assert class_balance([]).verdict == "There are no labels yet."
    assert "nothing to tell apart" in class_balance(["a"] * 5).verdict
    even = class_balance(["a"] * 50 + ["b"] * 40)
    assert even.balanced
    assert even.effective_classes == pytest.approx(1.99, abs=0.01)
    skewed = class_balance(["a"] * 950 + ["b"] * 10, declared=["a", "b", "c"])
    assert not skewed.balanced
    assert "99%" in skewed.verdict
    assert "1 class has fewer than 20 examples" in skewed.verdict
    assert skewed.absent == ("c",)


def test_the_verdict_speaks_of_classes_by_name_and_of_a_rival_only_where_there_is_one():
    many = class_balance([*["a.1"] * 3, *(f"b.{n}" for n in range(97))], names={"a.1": "Apple", "b.96": "Pear"})
    assert "“Apple” (3) is 3 times" in many.verdict
    assert "Always answering" not in many.verdict
    assert "97 classes" not in many.verdict
    assert "98 classes have fewer than 20 examples" in many.verdict
