import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditing.mining.uncertainty import least_confidence, predictive_entropy, small_margin

rows = st.lists(st.floats(0.001, 1), min_size=2, max_size=6).map(lambda w: np.array([w]) / sum(w))
MEASURES = [least_confidence, small_margin, predictive_entropy]


def test_by_hand():
    p = [[0.5, 0.3, 0.2]]
    assert least_confidence(p)[0] == pytest.approx(0.75)
    assert small_margin(p)[0] == pytest.approx(0.8)
    expected = -(0.5 * np.log(0.5) + 0.3 * np.log(0.3) + 0.2 * np.log(0.2)) / np.log(3)
    assert predictive_entropy(p)[0] == pytest.approx(expected)


@pytest.mark.parametrize("measure", MEASURES)
@given(rows)
def test_laws(measure, p):
    value = measure(p)[0]
    assert -1e-9 <= value <= 1 + 1e-9
    assert measure(p[:, ::-1])[0] == pytest.approx(value)
    n_classes = p.shape[1]
    assert measure(np.full((1, n_classes), 1 / n_classes))[0] == pytest.approx(1)
    assert measure(np.eye(n_classes))[0] == pytest.approx(0)
    assert measure(0.5 * p + 0.5 / n_classes)[0] >= value - 1e-9


@pytest.mark.parametrize("measure", MEASURES)
def test_one_class_is_certain_and_bad_rows_are_refused(measure):
    assert measure([[1.0]]).tolist() == [0.0]
    with pytest.raises(ValueError, match="sum to 1"):
        measure([[0.5, 0.1]])


def test_they_differ():
    tie, spread = [0.48, 0.48, 0.02, 0.02], [0.49, 0.17, 0.17, 0.17]
    assert small_margin([tie])[0] > small_margin([spread])[0]
    assert predictive_entropy([tie])[0] < predictive_entropy([spread])[0]
