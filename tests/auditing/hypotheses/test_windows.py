import numpy as np
import pytest

from auditing.hypotheses.windows import Window, average_windows
from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_interval


def test_weights_by_population():
    windows = [Window("a", wilson_interval(90, 100), 3000), Window("b", wilson_interval(40, 50), 1000)]
    pooled = average_windows(windows)
    assert pooled.estimate.value == pytest.approx(0.75 * 0.9 + 0.25 * 0.8)
    assert pooled.estimate.n == 150
    assert pooled.population == 4000


def test_one_window_is_itself_and_unknown_ones_are_left_out():
    single = Window("a", wilson_interval(9, 10), 5)
    pooled = average_windows([single, Window("b", Estimate.unknown("no audit"), 5)]).estimate
    assert (pooled.value, pooled.low, pooled.high) == pytest.approx((0.9, single.estimate.low, single.estimate.high))
    assert "no earlier window" in average_windows([]).estimate.reason


def test_coverage():
    rng = np.random.default_rng(1)
    rates, population = np.array([0.9, 0.95, 0.85]), np.array([1000, 3000, 2000])
    truth = rates @ population / population.sum()
    hits = []
    for _ in range(800):
        windows = [
            Window("w", wilson_interval(int(k), 120), int(p))
            for k, p in zip(rng.binomial(120, rates), population, strict=True)
        ]
        pooled = average_windows(windows).estimate
        hits.append(pooled.low <= truth <= pooled.high)
    assert 0.93 <= np.mean(hits) <= 0.98


def test_refuses_different_levels():
    with pytest.raises(ValueError, match="levels"):
        average_windows([Window("a", wilson_interval(1, 2, 0.9)), Window("b", wilson_interval(1, 2, 0.95))])
