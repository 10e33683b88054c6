import numpy as np
import pytest

from annotation.consensus.responses import Responses
from annotation.reliability.gold_based import gold_reliability
from common.numerics.wilson import wilson_interval


def test_counts_only_gold():
    items = np.array([0, 1, 2, 0, 1, 3])
    annotators = np.array([0, 0, 0, 1, 1, 2])
    responses = Responses(items, annotators, np.array([1, 0, 1, 1, 1, 0]), 4, 4, 2)
    results = gold_reliability(responses, np.array([1, 1, 0, -1]))
    assert results[0] == wilson_interval(1, 3)
    assert results[1] == wilson_interval(2, 2)
    for nobody in results[2:]:
        assert "gold" in nobody.reason


@pytest.mark.parametrize("gold", [[0, 1], [0, 1, 5, -1], [0, 1, -2, -1]])
def test_refuses_bad_gold(gold):
    responses = Responses(np.array([0]), np.array([0]), np.array([0]), 4, 1, 2)
    with pytest.raises(ValueError, match="gold"):
        gold_reliability(responses, np.array(gold))


def test_coverage():
    rng = np.random.default_rng(4)
    hits = 0
    for _ in range(1000):
        gold = rng.integers(0, 3, 40)
        classes = np.where(rng.random(40) < 0.9, gold, (gold + 1) % 3)
        responses = Responses(np.arange(40), np.zeros(40, dtype=int), classes, 40, 1, 3)
        estimate = gold_reliability(responses, gold)[0]
        hits += estimate.low <= 0.9 <= estimate.high
    assert 0.93 <= hits / 1000 <= 0.98
