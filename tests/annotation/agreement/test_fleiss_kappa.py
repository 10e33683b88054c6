import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import fleiss_kappa as oracle

from annotation.agreement.fleiss_kappa import fleiss_kappa
from tests.annotation.agreement.tables import FLEISS, from_counts, from_rows, noisy


def test_worked_example():
    result = fleiss_kappa(from_counts(FLEISS), rng=np.random.default_rng(0))
    assert result.value == pytest.approx(0.210, abs=5e-4)
    assert result.low < result.value < result.high


tables = st.integers(2, 5).flatmap(
    lambda m: st.lists(st.lists(st.integers(0, 2), min_size=m, max_size=m), min_size=2, max_size=10)
)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_equals_statsmodels(table):
    counts = np.array([np.bincount(row, minlength=3) for row in table])
    result = fleiss_kappa(from_counts(counts), rng=np.random.default_rng(0), resamples=100)
    if result.value is None:
        assert (counts.sum(axis=0) > 0).sum() == 1
        assert "only one class" in result.reason
        return
    assert result.value == pytest.approx(oracle(counts), abs=1e-12)
    assert result.value <= 1 + 1e-12


def test_coverage_of_the_bootstrap():
    truth = (0.7**2 + 0.3**2 / 3 - 0.25) / 0.75
    generator = np.random.default_rng(3)
    hits = 0
    for _ in range(200):
        estimate = fleiss_kappa(noisy(generator, 120, 3, 0.7), rng=generator, resamples=200)
        hits += estimate.low <= truth <= estimate.high
    assert 0.89 <= hits / 200 <= 0.99


def test_no_pairs_says_so():
    assert "no item" in fleiss_kappa(from_rows(["1.", ".2"]), rng=np.random.default_rng(0)).reason
