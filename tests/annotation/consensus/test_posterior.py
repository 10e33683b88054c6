import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse
from scipy.stats import entropy as scipy_entropy

from annotation.consensus.posterior import entropy, margin, summarise_posterior

tables = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.floats(0.01, 1)).map(
    lambda table: table / table.sum(axis=1, keepdims=True)
)


@given(tables)
def test_equals_dense_computation_and_scipy(table):
    summary = summarise_posterior(table)
    ordered = np.sort(table, axis=1)[:, ::-1]
    second = ordered[:, 1] if table.shape[1] > 1 else np.zeros(len(table))
    np.testing.assert_allclose(summary.confidence, ordered[:, 0])
    np.testing.assert_allclose(margin(table), ordered[:, 0] - second, atol=1e-12)
    np.testing.assert_allclose(entropy(table), scipy_entropy(table, axis=1), atol=1e-9)
    same = summarise_posterior(sparse.csr_array(table))
    assert same.best_class.tolist() == table.argmax(axis=1).tolist() == summary.best_class.tolist()


def test_ties_take_the_lower_class_and_are_marked():
    summary = summarise_posterior([[0.2, 0.4, 0.4], [1.0, 0.0, 0.0]])
    assert summary.best_class.tolist() == [1, 0]
    assert summary.tied.tolist() == [True, False]


def test_refuses_negative_probability():
    with pytest.raises(ValueError, match="negative"):
        summarise_posterior([[1.5, -0.5]])
