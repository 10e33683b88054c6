import pytest
from django.db import IntegrityError, transaction

from tests.auditing.factories import at_once
from tests.training import factories
from training.models import Evaluation, TestLook
from training.selectors.looks import ledger, validation_looks
from training.selectors.sealed_splits import sealed_split
from training.services.looks import NoTestRows, TestSplitSealed, look_at_test
from training.services.registry import register_model

pytestmark = pytest.mark.django_db
WHY = "The labels of the test split were corrected."


def sharing(version, count):
    """A later version of the same data: the test rows of the first, so many of them, and train rows of its own."""
    later = factories.frozen_version(
        version.project, seed=9, splits=(("train", 1.0), ("validation", 0.5)), parent=version
    )
    for row in version.rows.filter(split="test").order_by("sha256")[:count]:
        row.pk, row.version = None, later
        row.save(force_insert=True)
    return later


def test_the_first_look_is_free_and_every_further_one_needs_a_written_reason():
    version = factories.frozen_version(factories.project())
    model = register_model(run=factories.finished_run(version), line="shapes", by=None)
    look = look_at_test(model=model, by=None)
    job = factories.finish(look.job)
    assert job.state == "succeeded", job.error
    evaluation = Evaluation.objects.get(test_look=look)
    assert (evaluation.split, evaluation.rows, evaluation.metrics["left_out"]) == ("test", 18, 0)
    assert "gap" in evaluation.comparison
    later = register_model(run=factories.finished_run(version, "baseline_majority"), line="shapes", by=None)
    with pytest.raises(TestSplitSealed, match="looked at once, last with shapes v1"):
        look_at_test(model=later, by=None, reason="please")
    assert TestLook.objects.count() == 1
    second = look_at_test(model=later, by=None, reason=WHY)
    assert second.number == 2
    found = ledger(version.project)
    assert [row.number for row in found["test"]] == [2, 1]


def test_another_line_has_no_look_of_its_own():
    version = factories.frozen_version(factories.project())
    look_at_test(model=register_model(run=factories.finished_run(version), line="shapes", by=None), by=None)
    other = register_model(run=factories.finished_run(version, seed=1), line="others", by=None)
    with pytest.raises(TestSplitSealed, match="whichever line or version looks"):
        look_at_test(model=other, by=None)
    assert look_at_test(model=other, by=None, reason=WHY).number == 2


@pytest.mark.parametrize("shared", [18, 1])
def test_a_later_version_with_the_same_test_items_is_the_same_split(shared):
    version = factories.frozen_version(factories.project())
    look_at_test(model=register_model(run=factories.finished_run(version), line="shapes", by=None), by=None)
    later = sharing(version, shared)
    model = register_model(run=factories.finished_run(later), line="later", by=None)
    with pytest.raises(TestSplitSealed):
        look_at_test(model=model, by=None)
    look = look_at_test(model=model, by=None, reason=WHY)
    assert (look.number, look.split_of) == (2, version)
    assert [one.number for one in sealed_split(version).looks] == [1, 2]


def test_a_version_with_other_test_items_is_another_split():
    owner = factories.project()
    look_at_test(model=factories.candidate(owner), by=None)
    fresh = look_at_test(model=factories.candidate(owner, line="fresh", seed=5), by=None)
    assert (fresh.number, fresh.split_of) == (1, fresh.model_version.run.version)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_look_at_once_in_two_lines_one_is_first():
    version = factories.frozen_version(factories.project())
    models = [
        register_model(run=factories.finished_run(version, seed=seed), line=f"line-{seed}", by=None) for seed in (0, 1)
    ]
    found = at_once(2, lambda place: look_at_test(model=models[place], by=None))
    assert sorted(type(one).__name__ for one in found) == ["TestLook", "TestSplitSealed"]
    assert TestLook.objects.count() == 1


def test_a_look_done_twice_is_evaluated_once():
    model = factories.candidate(factories.project())
    look = look_at_test(model=model, by=None)
    factories.finish(look.job)
    type(look.job).objects.filter(pk=look.job_id).update(state="queued")  # delivered again
    factories.finish(look.job)
    assert Evaluation.objects.filter(split="test").count() == 1


def test_the_database_refuses_a_second_look_without_a_reason():
    model = factories.candidate(factories.project())
    fields = {"project": model.project, "line": model.line, "model_version": model, "split_of": model.run.version}
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
