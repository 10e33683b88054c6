import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy

from common.numerics.entropy import entropy

weights = st.lists(st.floats(0, 1), min_size=2, max_size=9).filter(lambda w: sum(w) > 0.01)


@given(weights)
def test_laws_and_scipy(w):
    p = np.array(w) / sum(w)
    assert entropy(p) == pytest.approx(scipy_entropy(p), abs=1e-12)
    assert -1e-12 <= entropy(p, normalised=True) <= 1 + 1e-12
    assert entropy(p[::-1]) == pytest.approx(float(entropy(p)))


def test_certainty_is_zero_and_uniform_is_one():
    assert entropy([[1.0, 0.0], [0.5, 0.5]], normalised=True).tolist() == [0.0, 1.0]
    assert entropy([[1.0]], normalised=True).tolist() == [0.0]


def test_refuses_negative_probabilities():
    with pytest.raises(ValueError, match="negative"):
        entropy([1.5, -0.5])
