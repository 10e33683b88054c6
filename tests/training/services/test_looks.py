import pytest
from django.db import IntegrityError, transaction

from tests.training import factories
from training.models import Evaluation, TestLook
from training.selectors.looks import ledger, validation_looks
from training.services.looks import NoTestRows, TestSplitSealed, look_at_test
from training.services.registry import register_model

pytestmark = pytest.mark.django_db


def test_the_first_look_is_free_and_the_second_of_a_line_needs_a_written_reason():
    version = factories.frozen_version(factories.project())
    model = register_model(run=factories.finished_run(version), line="shapes", by=None)
    look = look_at_test(model=model, by=None)
    job = factories.finish(look.job)
    assert job.state == "succeeded", job.error
    evaluation = Evaluation.objects.get(test_look=look)
    assert (evaluation.split, evaluation.rows, evaluation.metrics["left_out"]) == ("test", 18, 0)
    assert "gap" in evaluation.comparison
    later = register_model(run=factories.finished_run(version, "baseline_majority"), line="shapes", by=None)
    with pytest.raises(TestSplitSealed, match="looked at the test split once, last with shapes v1"):
        look_at_test(model=later, by=None, reason="please")
    assert TestLook.objects.count() == 1
    second = look_at_test(model=later, by=None, reason="The labels of the test split were corrected.")
    assert second.number == 2
    found = ledger(version.project)
    assert [row.number for row in found["test"]] == [2, 1]
    # Another line has a look of its own.
    other = register_model(run=factories.finished_run(version), line="others", by=None)
    assert look_at_test(model=other, by=None).number == 1


def test_a_look_done_twice_is_evaluated_once():
    model = factories.candidate(factories.project())
    look = look_at_test(model=model, by=None)
    factories.finish(look.job)
    type(look.job).objects.filter(pk=look.job_id).update(state="queued")  # delivered again
    factories.finish(look.job)
    assert Evaluation.objects.filter(split="test").count() == 1


def test_the_database_refuses_a_second_look_without_a_reason():
    model = factories.candidate(factories.project())
    fields = {"project": model.project, "line": model.line, "model_version": model}
    TestLook.objects.create(number=1, **fields)
    with pytest.raises(IntegrityError, match="test_look_again_has_reason"), transaction.atomic():
        TestLook.objects.create(number=2, **fields)
    with pytest.raises(IntegrityError, match="test_look_numbered"), transaction.atomic():
        TestLook.objects.create(number=1, reason="once more", **fields)


def test_a_version_without_test_rows_has_nothing_to_look_at():
    model = factories.candidate(factories.project(), splits=(("train", 1.0), ("validation", 0.5)))
    with pytest.raises(NoTestRows, match="no test rows"):
        look_at_test(model=model, by=None)
    assert not TestLook.objects.exists()


def test_looks_at_validation_are_counted_and_warned_of():
    version = factories.frozen_version(factories.project())
    assert validation_looks(version.pk, "shape") is None
    factories.finished_run(version)
    assert validation_looks(version.pk, "shape").looks == 1
    factories.finished_run(version, "baseline_majority")
    judged = validation_looks(version.pk, "shape")
    assert judged.looks == 2
    # 18 pictures bear hardly any look.
    assert judged.state == "too_often"
    assert ledger(version.project)["validation"][0]["version"] == str(version)
