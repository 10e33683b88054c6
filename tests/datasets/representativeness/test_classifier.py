import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from sklearn.metrics import roc_auc_score

from datasets.representativeness.auc import auc_interval
from datasets.representativeness.classifier_two_sample import classifier_two_sample

scores = arrays(np.float64, st.integers(2, 20), elements=st.integers(0, 6).map(float))


@given(scores, scores)
def test_auc_equals_scikit_learn_and_is_symmetric(negatives, positives):
    estimate = auc_interval(negatives, positives)
    y = np.r_[np.zeros(negatives.size), np.ones(positives.size)]
    assert estimate.value == pytest.approx(roc_auc_score(y, np.r_[negatives, positives]))
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    mirrored = auc_interval(positives, negatives)
    assert mirrored.value == pytest.approx(1 - estimate.value)
    assert mirrored.low == pytest.approx(1 - estimate.high, abs=1e-9)


def test_delongs_variance_on_a_worked_example():
    positives, negatives = np.array([3.0, 5, 6]), np.array([1.0, 4, 2, 3])
    # placements of the positives: (2.5, 4, 4)/4; of the negatives, 1 - ...: (3, 2, 3, 2.5)/3
    v10, v01 = np.array([2.5, 4, 4]) / 4, np.array([3, 2, 3, 2.5]) / 3
    auc = v10.mean()
    variance = v10.var(ddof=1) / 3 + v01.var(ddof=1) / 4
    logit = np.log(auc / (1 - auc))
    half = 1.959964 * np.sqrt(variance) / (auc * (1 - auc))
    estimate = auc_interval(negatives, positives)
    assert estimate.value == pytest.approx(10.5 / 12)
    assert estimate.low == pytest.approx(1 / (1 + np.exp(-(logit - half))), rel=1e-5)
    assert estimate.high == pytest.approx(1 / (1 + np.exp(-(logit + half))), rel=1e-5)


@pytest.mark.parametrize(("shift", "n"), [(0.0, 60), (1.0, 60), (2.0, 150)])
def test_the_auc_interval_covers(shift, n):
    rng = np.random.default_rng(0)
    truth = stats.norm.cdf(shift / np.sqrt(2))
    hits = 0
    for _ in range(400):
        estimate = auc_interval(rng.normal(size=n), rng.normal(shift, 1, n // 2))
        hits += estimate.low <= truth <= estimate.high
    assert hits / 400 > 0.925


def test_the_end_of_the_scale_has_an_interval():
    estimate = auc_interval(np.zeros(10), np.ones(20))
    assert estimate.value == 1
    assert estimate.low == pytest.approx(0.05 ** (1 / 10))
    assert auc_interval(np.zeros(1), np.ones(5)).reason


@pytest.mark.parametrize(("n", "m", "d"), [(60, 60, 5), (200, 80, 20), (50, 50, 100)])
def test_the_classifier_test_keeps_its_level(n, m, d):
    rng = np.random.default_rng(1)
    p_values = [
        classifier_two_sample(rng.normal(size=(n, d)), rng.normal(size=(m, d)), rng=rng).p_value for _ in range(120)
    ]
    for level in (0.05, 0.2):
        assert stats.binomtest(sum(p <= level for p in p_values), 120, level).pvalue > 0.001


def test_a_small_shift_in_few_dimensions_is_found():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(3000, 64)), rng.normal(size=(3000, 64))
    b[:, :8] += 0.15
    test = classifier_two_sample(a, b, rng=rng)
    assert test.p_value < 1e-4
    assert test.auc.low > 0.5


def test_the_items_that_differ_most_come_first():
    rng = np.random.default_rng(3)
    reference = rng.normal(size=(400, 6))
    current = rng.normal(size=(400, 6))
    current[100:140] += 4
    test = classifier_two_sample(reference, current, rng=rng)
    assert len(set(test.most_different[:35].tolist()) & set(range(100, 140))) >= 33
    assert np.isfinite(test.probability_current).all()
    assert sorted(test.most_different.tolist()) == list(range(400))


def test_limits_seeds_and_refusals():
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(300, 3)), rng.normal(size=(500, 3))
    first, second = (classifier_two_sample(a, b, rng=np.random.default_rng(0), max_rows=100) for _ in range(2))
    assert first.auc == second.auc
    assert (first.n_reference, first.n_current) == (50, 50)
    assert np.isfinite(first.probability_current).sum() == first.most_different.size == 100
    small = classifier_two_sample(a[:5], b, rng=rng)
    assert small.reason
    assert small.p_value is None
    for bad in (b[:, :2], np.where(b == b[0, 0], np.nan, b)):
        with pytest.raises(ValueError):
            classifier_two_sample(a, bad, rng=rng)
