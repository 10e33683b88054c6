import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditing.estimation.allocation import proportional_allocation
from auditing.estimation.business_cost import cost_per_case
from auditing.estimation.by_class import by_class, ratio_of_shares
from auditing.estimation.sampling import draw_pps, draw_stratified
from auditing.estimation.shares import StratifiedAudit, UnequalAudit
from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_interval


def production(rng, n_classes, size, accuracy=0.9):
    truth = rng.choice(n_classes, size, p=rng.dirichlet(np.full(n_classes, 3.0)))
    confusion = (1 - accuracy) * rng.dirichlet(np.full(n_classes, 0.5), n_classes) + accuracy * np.eye(n_classes)
    predicted = (rng.random(size)[:, None] > confusion[truth].cumsum(axis=1)).sum(axis=1).clip(0, n_classes - 1)
    return truth, predicted


def test_by_hand_and_axes():
    """Stratum 0: 100 items, 4 audited (weight 25); stratum 1: 10 items, 2 audited (weight 5)."""
    predicted, truth = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1, 0])
    result = by_class(predicted, truth, StratifiedAudit(predicted, np.array([100, 10])), n_classes=2)
    assert result.matrix().tolist() == [[75.0, 5.0], [25.0, 5.0]]
    first, second = result.classes
    assert first.precision.value == pytest.approx(75 / 100)
    assert first.recall.value == pytest.approx(75 / 80)
    assert second.precision.value == pytest.approx(5 / 10)
    assert second.recall.value == pytest.approx(5 / 30)
    assert second.prevalence.value == pytest.approx(30 / 110)
    assert (second.audited_predicted, second.audited_true) == (2, 2)


@pytest.mark.parametrize("design", ["stratified", "pps"])
def test_coverage(design):
    rng = np.random.default_rng(2)
    truth, predicted = production(rng, 4, 10_000)
    table = np.zeros((4, 4))
    np.add.at(table, (truth, predicted), 1)
    precision, recall = np.diag(table) / table.sum(axis=0), np.diag(table) / table.sum(axis=1)
    sizes = np.bincount(predicted, minlength=4)
    suspicion = np.where(truth == predicted, rng.beta(1, 6, truth.size), rng.beta(2, 3, truth.size))
    hits = {"precision": [], "recall": [], "prevalence": []}
    for _ in range(150):
        if design == "stratified":
            sample = draw_stratified(predicted, proportional_allocation(sizes, 300), rng=rng)
            audit = StratifiedAudit(sample.strata, sizes)
        else:
            sample = draw_pps(suspicion, 300, rng=rng, uniform_floor=0.3)
            audit = UnequalAudit(sample.inclusion_probability, truth.size)
        result = by_class(predicted[sample.indices], truth[sample.indices], audit, n_classes=4)
        for k, one in enumerate(result.classes):
            hits["precision"].append(one.precision.low <= precision[k] <= one.precision.high)
            hits["recall"].append(one.recall.low <= recall[k] <= one.recall.high)
            hits["prevalence"].append(one.prevalence.low <= np.mean(truth == k) <= one.prevalence.high)
    for name, values in hits.items():
        assert np.mean(values) >= 0.91, name


def test_three_right_answers_are_not_a_recall_of_one_hundred_percent():
    predicted = np.repeat([0, 1], [3, 60])
    result = by_class(predicted, predicted, StratifiedAudit(predicted, np.array([300, 6000])), n_classes=2)
    assert result.classes[0].recall.value == 1.0
    assert result.classes[0].recall.low < 0.6
    assert result.classes[0].recall.high == 1.0


def test_missing_answers_and_absent_classes():
    predicted, truth = np.array([0, 0, 1, 1]), np.array([0, -1, 0, -1])
    result = by_class(predicted, truth, StratifiedAudit(predicted, np.array([20, 20])), n_classes=3)
    assert result.missing == 2
    assert "predicted" in result.classes[2].precision.reason
    assert "turned out" in result.classes[1].recall.reason
    nothing = by_class(predicted, np.full(4, -1), StratifiedAudit(predicted, np.array([20, 20])), n_classes=3)
    assert nothing.classes[0].precision.reason == "no answers yet"


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 300))
def test_ratio_laws(a, b, rest):
    if a + b == 0:
        return
    n = a + b + rest
    part, other = wilson_interval(a, n), wilson_interval(b, n)
    ratio = ratio_of_shares(part, other, level=0.95, n=n, method="x")
    mirror = ratio_of_shares(other, part, level=0.95, n=n, method="x")
    assert 0 <= ratio.low <= ratio.value <= ratio.high <= 1
    assert ratio.value == pytest.approx(a / (a + b))
    assert (mirror.low, mirror.high) == pytest.approx((1 - ratio.high, 1 - ratio.low), abs=1e-6)


def test_ratio_refuses_nothing_over_nothing():
    zero = Estimate(value=0.0, low=0.0, high=0.1, level=0.95, n=9, method="x")
    with pytest.raises(ValueError, match="both 0"):
        ratio_of_shares(zero, zero, level=0.95, n=9, method="x")


def test_cost_per_case():
    predicted, truth = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1, 0])
    costs = np.array([[0.0, 2.0], [10.0, 1.0]])  # row = true class
    audit = StratifiedAudit(predicted, np.array([100, 10]))
    estimate = cost_per_case(predicted, truth, costs, audit)
    assert estimate.value == pytest.approx((25 * 10 + 5 * 1 + 5 * 2) / 110)
    assert cost_per_case(predicted, np.full(6, -1), costs, audit).reason == "no answers yet"
    alike = cost_per_case(predicted, predicted, np.zeros((2, 2)), audit)
    assert (alike.value, alike.low) == (0.0, None)
    with pytest.raises(ValueError, match="square"):
        cost_per_case(predicted, truth, costs[:1], audit)


def test_cost_covers():
    rng = np.random.default_rng(3)
    truth, predicted = production(rng, 3, 8000, accuracy=0.8)
    costs = rng.uniform(0, 5, (3, 3))
    np.fill_diagonal(costs, 0.0)
    expected, sizes = costs[truth, predicted].mean(), np.bincount(predicted, minlength=3)
    hits = []
    for _ in range(300):
        sample = draw_stratified(predicted, proportional_allocation(sizes, 200), rng=rng)
        audit = StratifiedAudit(sample.strata, sizes)
        estimate = cost_per_case(predicted[sample.indices], truth[sample.indices], costs, audit)
        hits.append(estimate.low <= expected <= estimate.high)
    assert 0.91 <= np.mean(hits) <= 0.99
