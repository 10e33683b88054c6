"""Golden numbers: the sentence of the brief's own example, from stored predictions to words."""

import numpy as np
import pytest

from common.problems import InvalidInput
from common.storage import content_key, object_store
from tests.training import factories
from training.models import Evaluation, ModelLine, ModelVersion, Run
from training.selectors.cards import model_card
from training.selectors.expectations import expectations
from training.selectors.failures import failures
from training.selectors.files import StoredPredictions, sha256_of, write_predictions
from training.selectors.judged import judged_by
from training.selectors.target_metric import measured
from training.selectors.thresholds import thresholds

pytestmark = pytest.mark.django_db
CLASSES = [{"key": "valid", "name": "valid"}, {"key": "fraud", "name": "fraud"}]


def model_with(owner, fraud_scores, valid_scores, *, threshold=None, split="validation"):
    """A model of two classes that gave these scores; items are named by their row."""
    scores = np.array([*fraud_scores, *valid_scores], dtype=float)
    is_fraud = np.arange(len(scores)) < len(fraud_scores)
    items = np.array([f"{i:064x}" for i in range(len(scores))])
    found = StoredPredictions(
        items=items, groups=items, weights=np.ones(len(scores)),
        truth=np.column_stack([~is_fraud, is_fraud]).astype(float), probabilities=np.column_stack([1 - scores, scores]),
    )  # fmt: skip
    content = write_predictions(found, split=split)
    key = content_key(owner.pk, sha256_of(content))
    object_store().put(key, [content])
    version = factories.frozen_version(owner, counts={})
    run = Run.objects.create(
        project=owner, version=version, question="shape", recipe="small_cnn", state="queued",
        task={"kind": "binary", "metric": "accuracy", "classes": CLASSES}, protocol={"kind": "hold_out"},
    )  # fmt: skip
    line, _ = ModelLine.objects.get_or_create(project=owner, name="fraud")
    model = ModelVersion.objects.create(
        project=owner, line=line, number=run.pk, run=run, threshold=threshold, class_of_concern="fraud",
        serving_card={"kind": "binary", "classes": CLASSES},
    )  # fmt: skip
    Evaluation.objects.create(
        model_version=model, split=split, rows=len(scores), predictions_key=key,
        metrics={"scores": {}, "rows": len(scores)},
    )  # fmt: skip
    return model


def fraud_model(owner, **fields):
    """Of 2,000 frauds 5% score below one half, of 4,000 valid payments 2.5% above."""
    return model_with(owner, [0.9] * 1900 + [0.1] * 100, [0.8] * 100 + [0.2] * 3900, **fields)


def test_the_sentence_of_the_brief():
    owner = factories.project()
    factories.signed_brief(owner, class_of_concern="fraud", cases_per_day=8280, positive_share=280 / 8280)
    told = expectations(fraud_model(owner))
    assert round(told["wrongly_flagged"]["value"]) == 200
    assert round(told["missed"]["value"]) == 14
    assert round(told["caught"]["value"]) == 266
    assert told["sentence"].startswith("With these settings it misses 5%")
    assert "of the fraud and flags 2.5%" in told["sentence"]
    assert "of cases of valid: about 200" in told["sentence"]  # the other class has a name
    assert told["missed"]["low"] < 14 < told["missed"]["high"]
    assert told["notes"] == []
    # The likeliest class decides as long as no threshold is chosen; one in between gives the same.
    assert expectations(fraud_model(owner, threshold=0.5))["sentence"] == told["sentence"]
    # A threshold that flags nobody misses all.
    assert expectations(fraud_model(owner), threshold=0.95)["missed"]["value"] == pytest.approx(280)


def test_what_the_brief_does_not_say_is_said():
    told = expectations(fraud_model(factories.project()))
    assert told["cases_a_day"] == 1000
    assert told["positive_share"] == pytest.approx(1 / 3)
    assert len(told["notes"]) == 2


def test_without_a_class_of_concern_it_counts_right_answers():
    model = fraud_model(factories.project())
    model.class_of_concern = ""
    told = expectations(model)
    assert told["kind"] == "all"
    assert round(told["right"]["value"]) == 967
    assert round(told["wrong"]["value"]) == 33
    assert "of 1,000 cases about 967" in told["sentence"].lower()


def test_the_cheapest_threshold_follows_the_costs():
    owner = factories.project()
    brief = {"class_of_concern": "fraud", "cases_per_day": 1000, "positive_share": 0.5}
    factories.signed_brief(owner, **brief, false_positive_cost=1, false_negative_cost=1)
    # Frauds at .6 and .9, valid at .5, .7 and below: at equal costs flag from .9 or .6; with dear misses from .6 on.
    model = model_with(owner, [0.6, 0.9, 0.9, 0.9], [0.7, 0.7, 0.5, 0.1])
    equal = thresholds(model)
    assert equal["best_threshold"] == pytest.approx(0.9)
    factories.signed_brief(owner, **brief, false_positive_cost=1, false_negative_cost=10)
    dear = thresholds(model)
    assert dear["best_threshold"] == pytest.approx(0.6)
    assert dear["at_best"]["missed"]["value"] == 0
    assert dear["cost_per_case"][dear["best"]] == pytest.approx(0.25)
    assert dear["concern"]["key"] == "fraud"
    with pytest.raises(InvalidInput, match="no class “theft”"):
        thresholds(model, class_key="theft")


def test_failures_come_worst_first_and_test_rows_are_never_shown():
    owner = factories.project()
    model = model_with(owner, [0.9, 0.3, 0.02], [0.6, 0.1, 0.99])
    found = failures(model)
    assert (found.rows, found.total) == (6, 4)
    assert [one.sha256[-1] for one in found.failures] == ["5", "2", "1", "3"]
    assert [one.badness for one in found.failures] == pytest.approx([0.98, 0.96, 0.4, 0.2])
    assert [(p.truth, p.predicted, p.count) for p in found.pairs] == [("valid", "fraud", 2), ("fraud", "valid", 2)]
    assert [one.sha256[-1] for one in failures(model, truth="fraud").failures] == ["2", "1"]
    assert [one.sha256[-1] for one in failures(model, offset=1, limit=2).failures] == ["2", "1"]
    with pytest.raises(InvalidInput, match="no class"):
        failures(model, predicted="theft")
    # With a threshold the pictures are those that the endpoint would answer wrongly with it.
    model.threshold = 0.95
    assert [one.sha256[-1] for one in failures(model).failures] == ["5", "2", "1", "0"]
    Evaluation.objects.filter(model_version=model).delete()
    with pytest.raises(InvalidInput, match="no fair failures"):
        failures(model)


def test_the_measure_of_success_of_the_class_of_concern():
    owner = factories.project()
    model = model_with(owner, [0.9, 0.6, 0.2, 0.7], [0.8, 0.3, 0.1, 0.4, 0.2])
    evaluation = model.evaluations.get()
    assert measured(model, evaluation, "recall").value == pytest.approx(3 / 4)
    assert measured(model, evaluation, "precision").value == pytest.approx(3 / 4)
    model.threshold = 0.65
    assert measured(model, evaluation, "recall").value == pytest.approx(2 / 4)
    assert measured(model, evaluation, "precision").value == pytest.approx(2 / 3)
    assert measured(model, evaluation, "f1").value == pytest.approx(4 / 7)
    assert measured(model, evaluation, "accuracy").value == pytest.approx(6 / 9)  # of the decisions it makes now
    assert measured(model, evaluation, "balanced_accuracy").value == pytest.approx((2 / 4 + 4 / 5) / 2)
    model.threshold = None
    assert "not measured" in measured(model, evaluation, "accuracy").reason


def test_a_model_fitted_on_everything_has_nothing_to_be_judged_by():
    model = fraud_model(factories.project())
    Evaluation.objects.all().delete()
    assert judged_by(model, may_use_test=True) is None
    assert "take a test look" in expectations(model)["sentence"]


def test_the_card_reads_as_sentences():
    owner = factories.project()
    factories.signed_brief(owner, class_of_concern="fraud", who_is_harmed="Customers who are refused.")
    card = model_card(fraud_model(owner))
    titles = [section["title"] for section in card["sections"]]
    assert titles[0] == "What it is for"
    lines = [line for section in card["sections"] for line in section["lines"]]
    assert any("Customers who are refused." in line for line in lines)
    assert any(line.startswith("With these settings") for line in lines)
    assert any("signed by Ada Lead" in line for line in lines)
    assert all(isinstance(line, str) and line for line in lines)
