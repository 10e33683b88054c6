import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditing.estimation.stratified import stratified_proportion
from auditing.hypotheses.metric_fell import metric_fell
from auditing.hypotheses.windows import Window
from common.numerics.estimate import Estimate
from common.numerics.two_proportions import newcombe_interval
from common.numerics.wilson import wilson_interval


def window(successes, n, level=0.95, label="w"):
    return Window(label, wilson_interval(successes, n, level))


def test_verdicts():
    fell = metric_fell(window(470, 500), window(410, 500), smallest_drop=0.05)
    assert fell.outcome == "fell"
    assert fell.suggests_retraining
    assert fell.p_value < 0.001
    little = metric_fell(window(19_000, 20_000), window(18_700, 20_000), smallest_drop=0.05)
    assert little.outcome == "fell a little"
    assert not little.suggests_retraining
    small = metric_fell(window(47, 50), window(43, 50), smallest_drop=0.05)
    assert small.outcome == "not shown"
    assert "still possible" in small.reason
    rose = metric_fell(window(400, 500), window(480, 500), smallest_drop=0.05)
    assert rose.outcome == "not shown"
    assert "did not fall" in rose.reason


def test_unknown_window_says_why():
    verdict = metric_fell(window(90, 100), Window("May", Estimate.unknown("no answers yet")), smallest_drop=0.02)
    assert verdict.outcome == "unknown"
    assert verdict.p_value is None
    assert "May: no answers yet" in verdict.reason


pairs = st.integers(5, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(pairs, pairs)
def test_laws_and_newcombe(first, second):
    verdict = metric_fell(window(*first), window(*second), smallest_drop=0.05)
    swapped = metric_fell(window(*second), window(*first), smallest_drop=0.05)
    oracle = newcombe_interval(*first, *second)
    assert (verdict.drop.low, verdict.drop.high) == pytest.approx((oracle.low, oracle.high))
    assert 0 <= verdict.p_value <= 1
    assert verdict.p_value == pytest.approx(swapped.p_value)
    assert (verdict.p_value < 0.05) == (oracle.low > 0 or oracle.high < 0)
    assert metric_fell(window(*first), window(*second), smallest_drop=0.05, looks=4).p_value >= verdict.p_value


@pytest.mark.parametrize(("n_1", "n_2", "p"), [(300, 300, 0.95), (200, 500, 0.9), (150, 150, 0.98)])
def test_level_when_nothing_changed(n_1, n_2, p):
    rng = np.random.default_rng(6)
    runs = 4000
    significant = 0
    for first, second in zip(rng.binomial(n_1, p, runs), rng.binomial(n_2, p, runs), strict=True):
        significant += (
            metric_fell(window(int(first), n_1), window(int(second), n_2), smallest_drop=0.001).p_value < 0.01
        )
    assert significant / runs <= 0.016


def test_level_and_power_with_stratified_audits():
    rng = np.random.default_rng(7)
    sizes, counts = np.array([8000, 2000]), np.array([150, 150])

    def audit(rates):
        return Window("audit", stratified_proportion(sizes, counts, counts, rng.binomial(counts, rates)).estimate)

    same = [metric_fell(audit([0.97, 0.7]), audit([0.97, 0.7]), smallest_drop=0.03) for _ in range(1000)]
    worse = [metric_fell(audit([0.97, 0.7]), audit([0.85, 0.5]), smallest_drop=0.03) for _ in range(200)]
    assert np.mean([v.p_value < 0.01 for v in same]) <= 0.018
    assert np.mean([v.suggests_retraining for v in worse]) > 0.9


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [({"smallest_drop": 0.0}, "smallest_drop"), ({"alpha": 1.0}, "alpha"), ({"looks": 0}, "looks")],
)
def test_refuses(arguments, problem):
    with pytest.raises(ValueError, match=problem):
        metric_fell(window(9, 10), window(8, 10), **{"smallest_drop": 0.1, **arguments})


def test_refuses_different_levels():
    with pytest.raises(ValueError, match="levels"):
        metric_fell(window(9, 10), window(8, 10, level=0.9), smallest_drop=0.1)
