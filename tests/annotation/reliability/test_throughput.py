import numpy as np
import pytest

from annotation.reliability.throughput import throughput


def test_worked_example():
    """n = 15: the 4th and the 12th of the ordered times hold the median with 96.5%."""
    times = np.arange(1, 16, dtype=float)
    result = throughput(times)
    assert (result.median_seconds.low, result.median_seconds.value, result.median_seconds.high) == (4, 8, 12)
    assert result.labels_per_hour.value == 450
    assert (result.labels_per_hour.low, result.labels_per_hour.high) == (300, 900)


def test_lunch_is_left_out_and_counted():
    result = throughput([5.0] * 20 + [4000.0], idle_after=600)
    assert result.idle == 1
    assert result.median_seconds.value == 5.0


def test_coverage_is_at_least_the_level():
    rng = np.random.default_rng(2)
    hits = sum(
        (interval := throughput(rng.lognormal(1.0, 0.8, 25)).median_seconds).low <= np.e <= interval.high
        for _ in range(2000)
    )
    assert 0.945 <= hits / 2000 <= 0.985


def test_says_why_not():
    assert throughput([]).labels_per_hour.value is None
    few = throughput([3.0] * 5)
    assert few.median_seconds.value == 3.0
    assert "too few" in few.median_seconds.reason
    with pytest.raises(ValueError, match="not positive"):
        throughput([1.0, 0.0])
