"""Other ways to judge, and other kinds of task, from a run to an answer."""

import numpy as np
import pytest

from datasets.models import DatasetVersion, LabelSchema
from tests.training import factories
from training.models import Evaluation, Run
from training.selectors.ceilings import ceiling_of
from training.selectors.expectations import expectations
from training.selectors.failures import failures
from training.services.comparison import refresh_comparisons
from training.services.gate_checks import GateContext, beats_baseline
from training.services.looks import look_at_test
from training.services.prediction import Input, predict
from training.services.registry import register_model
from training.services.releases import create_endpoint, release

pytestmark = pytest.mark.django_db


def test_folds_judge_every_row_of_train_and_validation_once():
    version = factories.frozen_version(factories.project())
    run = factories.finished_run(version, protocol={"kind": "k_fold", "folds": 3})
    assert run.metrics["rows"] == 54
    assert "3-fold cross-validation" in run.protocol_reason
    model = register_model(run=run, line="folds", by=None)
    assert failures(model).rows == 54


def test_a_model_of_all_rows_is_judged_by_the_test_look_only():
    version = factories.frozen_version(factories.project())
    run = factories.finished_run(version, protocol={"kind": "final"})
    assert run.metrics is None
    model = register_model(run=run, line="all", by=None)
    assert not Evaluation.objects.exists()
    assert "take a test look" in expectations(model)["sentence"]
    factories.finish(look_at_test(model=model, by=None).job)
    evaluation = Evaluation.objects.get()
    assert (evaluation.split, evaluation.warning) == ("test", "")
    assert "fitted on those rows" in evaluation.comparison["sentence"]
    told = expectations(model)
    assert (told["split"], told["rows"]) == ("test", 18)


def test_the_gate_judges_a_model_of_all_rows_by_its_twin():
    version = factories.frozen_version(factories.project(), counts=dict.fromkeys(factories.KEYS, 30))
    factories.finished_run(version, "baseline_majority")
    judged, final = factories.finished_run(version), factories.finished_run(version, protocol={"kind": "final"})
    # A linear model stands in for a network here: it is compared with the majority as networks are.
    Run.objects.filter(pk__in=[judged.pk, final.pk]).update(is_baseline=False)
    judged.refresh_from_db()
    refresh_comparisons(judged)
    final.refresh_from_db()
    model = register_model(run=final, line="all", by=None)
    answer = beats_baseline(GateContext(model=model, champion=None, claim=None))
    judged.refresh_from_db()
    assert judged.comparison["baseline_recipe"] == "baseline_majority"
    assert judged.comparison["sentence"] in answer.sentence
    assert answer.sentence.startswith("Judged by its twin")
    assert (answer.verdict == "passed") == (judged.comparison["verdict"] == "beats")


def several(owner):
    """A question with several answers a picture: what is drawn, and whether it is on a dark ground."""
    rng = np.random.default_rng(11)
    keys = ("disc", "square", "dark")
    schema = LabelSchema.objects.create(
        project=owner, family="several", version=1, name="Several", document_hash="1" * 64,
        document=factories.document(keys, kind="multiple_choice"),
    )  # fmt: skip
    version = DatasetVersion.objects.create(
        project=owner, name="several", number=1, content_hash="5" * 64, recipe={}, schema=schema,
        question="shape", manifest_key="p/0/none", summary={},
    )  # fmt: skip
    for split, count in (("train", 40), ("validation", 20), ("test", 20)):
        for number in range(count):
            key, is_dark = ("disc", "square")[number % 2], number % 4 < 2
            data = factories.draw(key, rng, ground=30 if is_dark else 220)
            factories.add_row(version, [key, "dark"] if is_dark else [key], split, data)
        factories.add_row(version, [], split, factories.draw("cross", rng, ground=220))  # none of these
    return version


def test_several_answers_a_picture_from_the_run_to_the_endpoint():
    owner = factories.project()
    version = several(owner)
    run = factories.finished_run(version)
    assert (run.task["kind"], run.head["activation"], ceiling_of(run)["accuracy"]["value"]) == (
        "multi_label",
        "sigmoid",
        None,
    )
    dark = next(one for one in run.metrics["classes"] if one["key"] == "dark")
    assert dark["roc_auc"]["value"] > 0.95
    model = register_model(run=run, line="several", by=None)
    found = failures(model)
    assert run.details["rows"] == {"train": 41, "validation": 21}
    assert found.rows == 21
    assert found.pairs == []
    endpoint = create_endpoint(project=owner, name="live", by=None)
    release(model=model, endpoint=endpoint, by=None, reason="A test.", despite_gate=True)
    endpoint.refresh_from_db()
    rng = np.random.default_rng(12)
    answer, other = predict(
        endpoint=endpoint,
        inputs=[Input(data=factories.draw("disc", rng, ground=ground), name=str(ground)) for ground in (30, 220)],
    )
    assert "dark" in answer.predicted
    assert "dark" not in other.predicted
    assert expectations(model)["kind"] == "all"
