import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditing.estimation.effective_interval import effective_interval
from common.numerics.wilson import wilson_interval


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_is_wilson_for_a_plain_sample(pair):
    successes, n = pair
    p = successes / n
    ours = effective_interval(p, p * (1 - p) / n, n=n, kish=n, level=0.95, method="x")
    plain = wilson_interval(successes, n)
    assert (ours.low, ours.high) == pytest.approx((plain.low, plain.high), abs=1e-9)


@given(st.floats(-0.1, 1.1), st.floats(0, 0.2), st.floats(1, 500))
def test_stays_inside_and_holds_the_value(value, variance, kish):
    estimate = effective_interval(value, variance, n=10, kish=kish, level=0.9, method="x", degrees_of_freedom=9)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert estimate.low < estimate.high


def test_refuses_a_negative_variance():
    with pytest.raises(ValueError, match="variance"):
        effective_interval(0.5, -1.0, n=1, kish=1, level=0.95, method="x")
