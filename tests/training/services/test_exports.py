"""Exports after the fact, and what sensitive data forbid."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Job
from common.problems import Conflict, InvalidInput
from tests.training import factories
from training.models import ModelExport, RunFile
from training.selectors.export_jobs import missing_exports
from training.selectors.leaving import blocked
from training.services.export_jobs import start_export
from training.services.leaving import ExportBlocked, sign_export
from training.services.predictors import predictor_of
from training.services.registry import register_model
from training.services.runs import default_exports
from training.serving.preprocessing import prepare_valid

pytestmark = pytest.mark.django_db
SMALL = {"epochs": 2, "image_size": 16, "filters": 4, "blocks": 1, "augmentation": False}


def network_run(owner, **fields):
    """A network that was exported as nothing but what serves."""
    version = factories.frozen_version(owner, **fields)
    return factories.finished_run(version, "small_cnn", settings=SMALL, exports=("onnx",))


@pytest.mark.slow
def test_a_registered_model_is_exported_afterwards_and_measured_like_the_run_did():
    owner = factories.project()
    run = network_run(owner)
    model = register_model(run=run, line="shapes", by=None)
    assert [one["format"] for one in missing_exports(run)] == ["litert_int8"]
    asked = start_export(run=run, format="litert_int8", by=None)
    assert start_export(run=run, format="litert_int8", by=None) == asked  # pressed twice
    assert missing_exports(run)[0]["job"] == asked.job
    job = factories.finish(asked.job)
    assert job.state == "succeeded", job.error

    run.refresh_from_db()
    made, served = (ModelExport.objects.get(model_version=model, format=f) for f in ("litert_int8", "onnx"))
    # The same original on the same rows: what differs is the file.
    assert (made.rows, served.rows) == (18, 18)
    assert (made.original_accuracy, made.original_size) == (served.original_accuracy, served.original_size)
    assert made.file_hash != served.file_hash
    assert made.cpu_ms > 0
    assert made.agreement > 0.5
    assert run.details["exports"]["litert_int8"]["bytes"] == made.size
    assert missing_exports(run) == []
    picture = factories.draw("disc", np.random.default_rng(3))
    answers = []
    for format in ("onnx", "litert_int8"):
        predictor = predictor_of(model, format=format)
        answers.append(predictor.predict_pixels(prepare_valid([picture], predictor.card.preprocessing).pixels))
    assert abs(answers[0] - answers[1]).max() < 0.1

    assert start_export(run=run, format="litert_int8", by=None).job is None  # it is there
    # A worker that died before it could say so: the next one finds the file and adds nothing.
    old = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state="running", finished_at=None, heartbeat_at=old)
    assert factories.finish(job).state == "succeeded"
    assert RunFile.objects.filter(run=run, name="model.int8.tflite").count() == 1
    assert ModelExport.objects.filter(model_version=model).count() == 2


@pytest.mark.slow
def test_an_unregistered_run_is_exported_and_registering_finds_the_file():
    run = network_run(factories.project())
    factories.finish(start_export(run=run, format="litert_int8", by=None).job)
    model = register_model(run=run, line="shapes", by=None)
    assert {export.format for export in model.exports.all()} == {"onnx", "litert_int8"}


@pytest.mark.slow
def test_an_export_that_fails_says_why_and_can_be_asked_for_again():
    run = network_run(factories.project())
    RunFile.objects.filter(run=run, name="model.keras").update(object_key="p/0/gone")
    asked = start_export(run=run, format="litert_int8", by=None)
    job = factories.finish(asked.job)
    assert (job.state, bool(job.error["detail"])) == ("failed", True)
    assert missing_exports(run)[0]["job"].state == "failed"
    again = start_export(run=run, format="litert_int8", by=None)
    assert again.job.pk != asked.job.pk


def test_what_cannot_be_exported_is_refused_with_the_reason():
    owner = factories.project()
    run = factories.finished_run(factories.frozen_version(owner))
    with pytest.raises(InvalidInput, match="cannot be exported as “litert_int8”; it can as onnx"):
        start_export(run=run, format="litert_int8", by=None)
    assert start_export(run=run, format="onnx", by=None).job is None
    RunFile.objects.filter(run=run, name="model.onnx").delete()
    with pytest.raises(Conflict, match="kept no network"):
        start_export(run=run, format="onnx", by=None)
    assert not Job.objects.filter(kind="training.export").exists()


@pytest.mark.slow
def test_sensitive_data_block_device_formats_until_somebody_signs():
    owner = factories.project()
    factories.signed_brief(owner, sensitivity="personal")
    run = network_run(owner)
    assert default_exports(owner, run.version, "small_cnn") == ("onnx",)
    with pytest.raises(ExportBlocked, match="Register the run as a model, and sign there"):
        start_export(run=run, format="litert_int8", by=None)
    model = register_model(run=run, line="shapes", by=None)
    assert "the brief calls the data personal" in blocked(model)
    with pytest.raises(ExportBlocked, match="answer for it by name"):
        start_export(run=run, format="litert_int8", by=None)

    with pytest.raises(InvalidInput) as refused:
        sign_export(model=model, name=" ", reason="Because.", by=None)
    assert set(refused.value.context["errors"]) == {"name", "reason"}
    lead = factories.lead(owner)
    sign_export(model=model, name="Ada Lead", reason="Only on our own machines in the plant.", by=lead)
    assert AuditEntry.objects.get(action="training.export_signed").data["name"] == "Ada Lead"
    model.refresh_from_db()
    assert blocked(model) == ""
    with pytest.raises(Conflict, match="Ada Lead signed"):
        sign_export(model=model, name="Bob", reason="Once more, to be sure.", by=lead)
    assert start_export(run=run, format="litert_int8", by=lead).job is not None


def test_a_sensitive_source_of_the_version_blocks_whatever_the_brief_says():
    owner = factories.project()
    factories.signed_brief(owner, sensitivity="public")
    version = factories.frozen_version(owner)
    model = register_model(run=factories.finished_run(version), line="shapes", by=None)
    special = factories.source(owner, name="Clinic", sensitivity="special")
    assert blocked(model) == ""  # the project has it, this version has nothing of it
    with pytest.raises(Conflict, match="nothing to sign"):
        sign_export(model=model, name="Ada Lead", reason="There is nothing to sign here.", by=None)
    factories.met(version.rows.first().item, special)
    assert "has pictures of “Clinic” (special)" in blocked(model)
