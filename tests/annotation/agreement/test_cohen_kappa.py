import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from annotation.agreement.cohen_kappa import cohen_kappa, common_items
from tests.annotation.agreement.tables import from_rows

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=30)


def rng():
    return np.random.default_rng(0)


def from_table(table):
    table = np.asarray(table)
    rows, columns = np.indices(table.shape)
    return np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel())


def test_worked_example():
    """By hand: observed .70, chance .60 x .50 + .30 x .30 + .10 x .20; and the usual 20 5 10 15 table, kappa 0.4."""
    table = np.array([[44, 5, 1], [7, 20, 3], [9, 5, 6]])
    first, second = from_table(table)
    observed, expected = 0.70, 0.60 * 0.50 + 0.30 * 0.30 + 0.10 * 0.20
    assert cohen_kappa(first, second, rng=rng()).value == pytest.approx((observed - expected) / (1 - expected))
    assert cohen_kappa(*from_table([[20, 5], [10, 15]]), rng=rng()).value == pytest.approx(0.4)


@settings(max_examples=60, deadline=None)
@given(pairs, st.permutations(range(5)), st.sampled_from(["none", "linear", "quadratic"]))
def test_laws_and_sklearn(cells, names, weights):
    a, b = (np.array(column) for column in zip(*cells, strict=True))
    kappa = cohen_kappa(a, b, rng=rng(), weights=weights, resamples=100)
    if kappa.value is None:
        assert len(set(a) | set(b)) == 1
        return
    oracle = cohen_kappa_score(a, b, weights=None if weights == "none" else weights, labels=range(5))
    assert kappa.value == pytest.approx(oracle, abs=1e-12)
    assert kappa.value == pytest.approx(cohen_kappa(b, a, rng=rng(), weights=weights, resamples=100).value)
    if weights == "none":
        renamed = cohen_kappa(np.array(names)[a], np.array(names)[b], rng=rng(), resamples=100)
        assert renamed.value == pytest.approx(kappa.value)


def test_coverage_of_the_bootstrap():
    truth = (0.8 - 0.5) / 0.5
    generator = np.random.default_rng(1)
    hits = 0
    for _ in range(200):
        a = generator.integers(0, 2, 80)
        b = np.where(generator.random(80) < 0.8, a, 1 - a)
        estimate = cohen_kappa(a, b, rng=generator, resamples=200)
        hits += estimate.low <= truth <= estimate.high
    assert 0.89 <= hits / 200 <= 0.99


def test_common_items():
    responses = from_rows(["12.3", ".213", "1113"])
    first, second = common_items(responses, 0, 1)
    assert (first.tolist(), second.tolist()) == ([1, 2], [1, 2])
    with pytest.raises(ValueError, match="does not exist"):
        common_items(responses, 0, 7)


def test_says_why_not():
    assert "in common" in cohen_kappa([], [], rng=rng()).reason
    assert "same class" in cohen_kappa([1, 1], [1, 1], rng=rng()).reason
