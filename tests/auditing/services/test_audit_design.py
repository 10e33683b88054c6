import uuid

import numpy as np
import pytest

from auditing.estimation.stratified import stratified_proportion
from auditing.services import audit_design
from auditing.services.audit_design import Population, design_audit, population_of
from auditing.services.prediction_log import log_predictions
from common.problems import InvalidInput
from tests.auditing.factories import make_loop, said


def population(predicted, scores):
    n = len(predicted)
    return Population(
        request_ids=[uuid.UUID(int=i) for i in range(n)],
        item_ids=np.arange(n),
        predicted=np.asarray(predicted, dtype=np.str_),
        scores=np.asarray(scores, dtype=float),
    )


def mixed(n=600, n_classes=3, seed=0):
    rng = np.random.default_rng(seed)
    return population([f"class {k}" for k in rng.integers(0, n_classes, n)], rng.beta(8, 2, n))


@pytest.mark.parametrize("strata_by", ["class", "score", "class_and_score", "none"])
@pytest.mark.parametrize("allocation", ["proportional", "neyman"])
def test_every_prediction_has_a_stratum_and_the_budget_is_spent(strata_by, allocation):
    people = mixed()
    design = design_audit(people, budget=100, strata_by=strata_by, allocation=allocation)
    assert design.total == 100
    assert np.bincount(design.strata).tolist() == design.sizes.tolist()
    assert design.sizes.sum() == people.size
    assert (design.counts <= design.sizes).all()
    assert len(set(design.names)) == len(design.names)
    assert 0 < design.half_width < 0.2


@pytest.mark.parametrize("budget", [2, 3, 5, 50, 150])
def test_many_classes_never_ask_for_more_than_the_budget(budget):
    """A schedule asks nobody: 400 classes with a floor of two each would make 800 tasks out of 50."""
    people = mixed(n=9000, n_classes=400)
    design = design_audit(people, budget=budget)
    assert design.total == budget
    assert (design.counts >= 2).all()
    assert design.sizes.sum() == 9000
    if budget > 4:
        assert audit_design.REST in design.names


def test_small_strata_are_put_together():
    people = population(["big"] * 60 + ["rare"] * 4 + ["rarer"] * 3, np.full(67, 0.9))
    design = design_audit(people, budget=20, strata_by="class")
    assert dict(zip(design.names, design.sizes.tolist(), strict=True)) == {"all others": 7, "big": 60}


def test_a_population_smaller_than_the_budget_is_counted_completely():
    design = design_audit(population(["a", "a", "b"], [0.9, 0.8, 0.7]), budget=50)
    assert (design.total, design.half_width) == (3, 0.0)


def test_one_prediction_can_be_audited():
    design = design_audit(population(["a"], [1.0]), budget=2)
    assert (design.total, design.names) == (1, ["a · score 1.00 to 1.00"])


def test_bands_that_look_alike_with_two_digits_are_told_with_more():
    scores = np.linspace(0.9951, 0.9999, 400)
    design = design_audit(population(["a"] * 400, scores), budget=40, strata_by="score")
    assert len(design.names) == 4
    assert design.names[0].startswith("score 0.995")


def test_uncertain_strata_get_more_of_the_sample():
    people = population(["sure"] * 500 + ["unsure"] * 500, [0.99] * 500 + [0.6] * 500)
    design = design_audit(people, budget=100, strata_by="class")
    counts = dict(zip(design.names, design.counts.tolist(), strict=True))
    assert counts["unsure"] > 3 * counts["sure"]
    even = design_audit(people, budget=100, strata_by="class", allocation="proportional")
    assert even.counts.tolist() == [50, 50]


BOASTS = [
    ([40_000, 10_000], [0.001, 0.3], [0.02, 0.3], 500),
    ([45_000, 5000], [0.001, 0.3], [0.02, 0.3], 200),
    ([48_000, 2000], [0.001, 0.5], [0.02, 0.5], 500),
    ([40_000, 10_000], [0.001, 0.3], [0.05, 0.3], 500),
]


@pytest.mark.parametrize(("sizes", "boast", "errors", "budget"), BOASTS)
def test_a_model_that_boasts_does_not_get_an_interval_that_is_too_narrow(sizes, boast, errors, budget):
    """It says 0.1% errors where 2% are: sampled by that, 95% intervals covered 88 to 91%."""
    rng = np.random.default_rng(1)
    scores = np.repeat(1 - np.array(boast), sizes)
    design = design_audit(population(np.repeat(["sure", "unsure"], sizes), scores), budget=budget, strata_by="class")
    right = np.round(np.array(sizes) * (1 - np.array(errors))).astype(int)
    truth = right.sum() / sum(sizes)
    draws = [rng.hypergeometric(right[h], sizes[h] - right[h], design.counts[h], 800) for h in (0, 1)]
    found = [
        stratified_proportion(design.sizes, design.counts, design.counts, row).estimate
        for row in np.stack(draws, axis=1)
    ]
    assert np.mean([one.low <= truth <= one.high for one in found]) >= 0.93


def test_no_class_is_a_stratum_with_a_name():
    design = design_audit(population([""] * 20 + ["a|b"] * 20, np.full(40, 0.8)), budget=10, strata_by="class")
    assert design.names == ["a|b", "no class"]


@pytest.mark.parametrize("budget", [0, 1, 20_001])
def test_a_budget_out_of_range_is_refused(budget):
    with pytest.raises(InvalidInput, match="2 to 20,000"):
        design_audit(mixed(), budget=budget)


@pytest.mark.django_db
class TestPopulation:
    def test_it_has_the_predictions_of_its_window_and_counts_those_nobody_can_look_at(self):
        loop = make_loop()
        rng = np.random.default_rng(0)
        loop.produce(20, wrong=0.2, rng=rng, days_ago=(28, 15))
        later = loop.produce(5, wrong=0.2, rng=rng, days_ago=(10, 9))
        log_predictions(
            project_id=loop.project.pk, endpoint_id=loop.endpoint.pk, model_version_id=loop.model.pk,
            predictions=[said(None, "disc"), said(None, "disc")],
        )  # fmt: skip
        found = population_of(loop.window(12))
        assert sorted(found.item_ids.tolist()) == sorted(item.pk for item in later)
        assert found.without_input == 2
        assert found.request_ids == sorted(found.request_ids)

    def test_a_window_without_inputs_says_what_to_do(self):
        loop = make_loop()
        with pytest.raises(InvalidInput, match="let the endpoint keep its inputs"):
            population_of(loop.window())

    def test_a_window_too_long_for_memory_is_refused(self, monkeypatch):
        loop = make_loop()
        loop.produce(6, wrong=0, rng=np.random.default_rng(0))
        monkeypatch.setattr(audit_design, "MOST_PREDICTIONS", 5)
        with pytest.raises(InvalidInput, match="Choose a shorter one"):
            population_of(loop.window())
