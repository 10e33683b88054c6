import numpy as np
import pytest

from accounts.models import Job
from common.models import OutboxEvent
from common.outbox import payload
from common.problems import Conflict, InvalidInput
from common.storage import object_store
from datasets.selectors.briefs import hypotheses_of
from tests.training import factories
from training.models import EpochPoint, Run, RunState, ValidationLook
from training.selectors.files import PREDICTIONS, read_predictions
from training.services import runs

pytestmark = pytest.mark.django_db

TINY = {"epochs": 2, "image_size": 16, "filters": 4, "blocks": 1, "batch_size": 16, "augmentation": False}


def test_a_baseline_runs_from_its_row_to_its_metrics():
    version = factories.frozen_version(factories.project())
    run = factories.finished_run(version)
    assert run.metrics["rows"] == 18
    assert [c["key"] for c in run.task["classes"]] == list(factories.KEYS)
    assert run.head == {"units": 3, "activation": "softmax", "loss": "categorical_crossentropy"}
    assert "softmax" in run.head_reason
    accuracy = run.metrics["scores"]["accuracy"]
    assert accuracy["low"] <= accuracy["value"] <= accuracy["high"]
    found = read_predictions(run.files.get(name=PREDICTIONS).object_key, 3)
    right = (found.probabilities.argmax(axis=1) == found.truth.argmax(axis=1)).mean()
    assert right == pytest.approx(accuracy["value"])
    assert ValidationLook.objects.get(run=run).rows == 18
    assert [e.payload for e in OutboxEvent.objects.filter(name="RunFinished")] == [
        {"run_id": run.pk, "state": "succeeded"}
    ]


def test_the_same_row_gives_the_same_numbers():
    version = factories.frozen_version(factories.project())
    first = factories.finished_run(version, seed=3)
    again = runs.rerun(run=first, by=None)
    factories.finish(again.job)
    again.refresh_from_db()
    assert again.rerun_of == first
    assert again.manifest_sha256 == first.manifest_sha256 != ""
    assert again.metrics == first.metrics
    assert contents(again) == contents(first)


def contents(run):
    """Hashes of what was computed; the other files hold paths and milliseconds."""
    names = ["model.npz", "model.onnx", "predictions.parquet", "serving.json", "metrics.json"]
    found = dict(run.files.filter(name__in=names).values_list("name", "file_hash"))
    assert len(found) == len(names)
    return found


def test_test_rows_never_reach_a_run():
    version = factories.frozen_version(factories.project())
    run = factories.finished_run(version)
    assert run.details["rows"] == {"train": 36, "validation": 18}


def test_a_network_starts_its_baselines_ahead_of_itself_and_only_once():
    version = factories.frozen_version(factories.project())
    lead = factories.lead(version.project)
    network = runs.start_run(project=version.project, version=version, recipe="small_cnn", settings=TINY, by=lead)
    recipes = list(Run.objects.order_by("pk").values_list("recipe", flat=True))
    assert recipes == ["baseline_majority", "baseline_logistic", "small_cnn"]
    assert [job.payload["run_id"] for job in Job.objects.order_by("pk")] == sorted(
        Run.objects.values_list("pk", flat=True)
    )
    runs.start_run(project=version.project, version=version, recipe="small_cnn", settings=TINY, by=lead, seed=1)
    assert Run.objects.filter(is_baseline=True).count() == 2
    assert network.state == RunState.QUEUED


def test_a_failed_baseline_is_tried_again_with_the_next_network():
    version = factories.frozen_version(factories.project())
    runs.start_baselines(project=version.project, version=version, by=None)
    first = Run.objects.get(recipe="baseline_majority")
    runs.end_run(run=first, state=RunState.FAILED, failure="The disk was full.")
    started = runs.start_baselines(project=version.project, version=version, by=None)
    assert [run.recipe for run in started] == ["baseline_majority"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"recipe": "crystal_ball"}, "crystal_ball"),
        ({"settings": {"epochs": 0}}, "recipe.settings.epochs must be at least 1"),
        ({"settings": {"epoch": 3}}, "recipe.settings.epoch is not known"),
        ({"protocol": {"kind": "k_fold", "folds": 1}}, "protocol.folds must be at least 2"),
        ({"question": "colour"}, "no question “colour”; it has shape"),
        ({"left_out": ("moon",)}, "no class “moon”"),
        ({"left_out": ("disc", "square")}, "at least 2 classes"),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_place(fields, sentence):
    version = factories.frozen_version(factories.project())
    wanted = {"recipe": "small_cnn", "settings": TINY} | fields
    with pytest.raises(InvalidInput, match=sentence):
        runs.start_run(project=version.project, version=version, by=None, **wanted)
    assert not Run.objects.exists()
    assert not Job.objects.exists()


def test_rows_that_teach_nothing_fail_the_run_with_a_sentence():
    version = factories.frozen_version(factories.project(), counts={"disc": 6}, summary={})
    run = runs.start_run(project=version.project, version=version, recipe="baseline_majority", by=None)
    factories.finish(run.job)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "only 1 class of “shape” occurs" in run.failure
    assert run.job.error is None or "only 1 class" in run.job.error["detail"]


def test_unlabelled_and_unmet_rows_are_left_out_and_counted():
    version = factories.frozen_version(factories.project(), counts={"disc": 6, "square": 6})
    rng = np.random.default_rng(5)
    factories.add_row(version, None, "train", factories.draw("disc", rng))
    factories.add_row(version, "cross", "validation", factories.draw("cross", rng))
    run = factories.finished_run(version)
    assert run.task["kind"] == "binary"
    assert sorted(run.details["left_out"].values()) == [1, 1]
    assert run.details["rows"] == {"train": 12, "validation": 6}


def test_a_level_of_the_taxonomy_is_learned():
    parents = {"disc": "round", "square": "angular", "cross": "angular"}
    version = factories.frozen_version(factories.project(), parents=parents)
    run = factories.finished_run(version, level=0)
    assert [c["key"] for c in run.task["classes"]] == ["round", "angular"]
    assert run.task["kind"] == "binary"
    assert run.metrics["classes"][1]["cases"] == 12


def test_a_picture_that_is_gone_ends_the_run_with_its_reason():
    version = factories.frozen_version(factories.project(), counts={"disc": 3, "square": 3})
    object_store().delete(version.rows.first().item.object_key)
    run = runs.start_run(project=version.project, version=version, recipe="baseline_majority", by=None)
    factories.finish(run.job)
    run.refresh_from_db()
    assert (run.state, run.finished_at is not None) == ("failed", True)
    assert "not in the store any more" in run.failure


def test_a_queued_run_is_cancelled_at_once_and_an_ended_one_not_at_all():
    version = factories.frozen_version(factories.project())
    run = runs.start_run(project=version.project, version=version, recipe="baseline_majority", by=None)
    runs.cancel_run(run=run, by=None)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert run.job.state == "cancelled" or Job.objects.get(pk=run.job_id).state == "cancelled"
    factories.finish(run.job)
    run.refresh_from_db()
    assert run.state == "cancelled"
    with pytest.raises(Conflict, match="already"):
        runs.cancel_run(run=run, by=None)


@pytest.mark.slow
def test_a_small_network_is_compared_and_told_to_the_hypotheses():
    version = factories.frozen_version(factories.project())
    network = runs.start_run(project=version.project, version=version, recipe="small_cnn", settings=TINY, by=None)
    for run in Run.objects.order_by("pk"):
        factories.finish(run.job)
    network.refresh_from_db()
    assert network.state == "succeeded", network.failure
    points = list(EpochPoint.objects.filter(run=network))
    assert [(p.fold, p.epoch) for p in points] == [(0, 1), (0, 2)]
    assert all(p.train_loss > 0 and p.validation_loss > 0 for p in points)
    assert network.comparison["verdict"] in ("beats", "does_not_beat", "cannot_tell")
    assert network.comparison["baseline_recipe"].startswith("baseline_")
    assert {f.name for f in network.files.all()} >= {"model.keras", "model.onnx", "model.int8.tflite", "serving.json"}
    attempts = hypotheses_of(version.project)[0].attempts.all()
    assert [a.reference for a in attempts] == [str(network.public_id)]
    assert attempts[0].beat_baseline == (network.comparison["verdict"] == "beats")
    exports = network.details["exports"]
    assert exports["onnx"]["agreement"]["value"] == 1.0
    assert exports["litert_int8"]["bytes"] > 0


def test_events_of_a_run_are_published_in_its_transaction():
    version = factories.frozen_version(factories.project())
    run = factories.finished_run(version, recipe="baseline_majority")
    event = OutboxEvent.objects.get(name="RunFinished")
    assert payload(event.pk)["run_id"] == run.pk


def test_a_rerun_follows_its_row_although_the_brief_names_another_class_of_concern_since():
    owner = factories.project()
    factories.signed_brief(owner, class_of_concern="disc")
    version = factories.frozen_version(owner, counts={"disc": 6, "square": 6})
    run = runs.start_run(project=owner, version=version, recipe="baseline_majority", by=None)
    assert [c["key"] for c in run.task["classes"]] == ["square", "disc"]
    factories.signed_brief(owner, class_of_concern="square")
    again = runs.rerun(run=run, by=None)
    assert (again.task, again.target) == (run.task, run.target)
    fresh = runs.start_run(project=owner, version=version, recipe="baseline_majority", by=None)
    assert [c["key"] for c in fresh.task["classes"]] == ["disc", "square"]
