import pytest

from accounts.models import AuditEntry
from common.problems import Conflict, InvalidInput
from tests.training import factories
from training.models import Evaluation, ModelVersion
from training.services import runs
from training.services.registry import register_model, set_threshold

pytestmark = pytest.mark.django_db


def test_a_run_becomes_the_next_version_of_a_line_with_its_files_and_metrics():
    owner = factories.project()
    factories.signed_brief(owner)
    version = factories.frozen_version(owner)
    first = register_model(run=factories.finished_run(version), line="shapes", by=None)
    second = register_model(run=factories.finished_run(version, "baseline_majority"), line="shapes", by=None)
    assert (str(first), str(second), first.stage) == ("shapes v1", "shapes v2", "candidate")
    export = first.exports.get()
    assert (export.format, export.agreement, export.size > 0) == ("onnx", 1.0, True)
    assert export.accuracy == pytest.approx(export.original_accuracy)
    assert export.cpu_ms > 0
    evaluation = Evaluation.objects.get(model_version=first)
    assert (evaluation.split, evaluation.rows) == ("validation", 18)
    assert first.class_of_concern == "cross"
    assert first.serving_card["kind"] == "single_choice"
    # Again is the same; under another name it is refused.
    assert register_model(run=first.run, line="shapes", by=None) == first
    with pytest.raises(Conflict, match="registered as shapes v1 already"):
        register_model(run=first.run, line="others", by=None)
    assert ModelVersion.objects.count() == 2
    assert AuditEntry.objects.filter(action="training.model_registered").count() == 2


def test_what_is_no_model_is_not_registered():
    version = factories.frozen_version(factories.project())
    queued = runs.start_run(project=version.project, version=version, recipe="baseline_majority", by=None)
    with pytest.raises(Conflict, match="only a run that succeeded"):
        register_model(run=queued, line="shapes", by=None)
    with pytest.raises(InvalidInput, match="cannot name a line"):
        register_model(run=queued, line="My Model!", by=None)
    assert not ModelVersion.objects.exists()


def test_a_threshold_is_a_share_and_needs_a_class_of_concern():
    owner = factories.project()
    model = factories.candidate(owner)
    with pytest.raises(Conflict, match="no class of concern"):
        set_threshold(model=model, threshold=0.4, by=None)
    model.class_of_concern = "cross"
    model.save()
    with pytest.raises(InvalidInput, match="from 0 to 1"):
        set_threshold(model=model, threshold=40, by=None)
    assert set_threshold(model=model, threshold=0.4, by=None).threshold == 0.4
    assert set_threshold(model=model, threshold=None, by=None).threshold is None
