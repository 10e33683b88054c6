"""One button for “retrain?”: what is new is frozen first, and what is not new is not learned again."""

import pytest

from accounts.models import Job
from auditing import subscriptions, tasks
from auditing.models import RetrainSuggestion
from auditing.services.retraining import JOB_KIND, accept, plan_of
from auditing.services.suggestions import dismiss
from common.problems import Conflict
from datasets.models import DatasetVersion, VersionItem
from datasets.services.labels import Acceptance, accept_labels
from tests.annotation.factories import make_items
from tests.auditing.factories import KEYS, at_once, make_model, make_version
from tests.auditing.services.test_suggestions import fallen
from training.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop():
    found = fallen()
    found.judged(budget=80)
    return found


def suggestion():
    return RetrainSuggestion.objects.get()


def label(loop, n=90, answer=None):
    """Pictures that people labelled after the version was frozen."""
    items = make_items(loop.project, n)
    accept_labels(
        project=loop.project, schema=loop.version.schema, question="shape",
        acceptances=[
            Acceptance(item_id=item.pk, answer=answer or {"choice": KEYS[place % 3]}, origin="review")
            for place, item in enumerate(items)
        ],
    )  # fmt: skip
    return items


def queued():
    return Run.objects.filter(state="queued")


def test_new_labels_are_frozen_first_and_the_same_recipe_learns_them(loop):
    items = label(loop)
    plan = plan_of(suggestion())
    assert (plan.step, plan.new_labels, plan.added) == ("freeze", 90, ())
    asked = accept(suggestion=suggestion(), by=loop.lead)
    assert (asked.state, asked.run, asked.job.state) == ("open", None, "queued")
    assert not queued().exists()
    name, _queue = subscriptions.JOB_TASKS[JOB_KIND]
    assert name == tasks.run_retrain.name
    tasks.run_retrain(asked.job.pk)
    done = suggestion()
    run, version = queued().get(), DatasetVersion.objects.latest("id")
    assert (done.state, done.run, done.decided_by) == ("accepted", run, loop.lead)
    assert (run.version, run.recipe, run.question) == (version, "baseline_logistic", "shape")
    assert (version.name, version.number) == (loop.version.name, loop.version.number + 1)
    assert set(VersionItem.objects.filter(version=version).values_list("item", flat=True)) == {i.pk for i in items}
    assert done.job.result == {"version": str(version), "run": str(run.public_id)}
    tasks.run_retrain(asked.job.pk)  # the message comes again
    assert queued().count() == 1


def test_a_newer_version_without_newer_labels_is_learned_at_once(loop):
    newer = make_version(loop.project)
    assert plan_of(suggestion()).step == "train"
    done = accept(suggestion=suggestion(), by=loop.lead)
    run = queued().get()
    assert (done.state, done.run, done.decided_by, done.job) == ("accepted", run, loop.lead, None)
    assert (run.version, run.recipe, run.question, run.task["metric"]) == (
        newer, "baseline_logistic", "shape", "accuracy",
    )  # fmt: skip
    for again in (accept, lambda **said: dismiss(reason="No.", **said)):
        with pytest.raises(Conflict, match="decided on this suggestion already"):
            again(suggestion=done, by=loop.lead)
    assert queued().count() == 1


def test_the_same_data_are_not_learned_twice(loop):
    assert plan_of(suggestion()).step == "nothing"
    with pytest.raises(Conflict, match="nothing new to learn.*Send hard samples"):
        accept(suggestion=suggestion(), by=loop.lead)
    assert suggestion().state == "open"
    assert not queued().exists()


def test_labels_that_nothing_can_be_frozen_from_leave_the_question_open(loop):
    label(loop, 3, {"none": True})
    asked = accept(suggestion=suggestion(), by=loop.lead)
    tasks.run_retrain(asked.job.pk)
    job = Job.objects.get(pk=asked.job.pk)
    assert job.state == "failed"
    assert "labelled “none of these”" in job.error["detail"]
    assert (suggestion().state, queued().count()) == ("open", 0)
    again = accept(suggestion=suggestion(), by=loop.lead)  # whoever labelled more tries again
    assert again.job.pk != asked.job.pk


def test_content_that_was_learned_already_is_not_learned_again(loop):
    label(loop)
    first = accept(suggestion=suggestion(), by=loop.lead)
    tasks.run_retrain(first.job.pk)
    RetrainSuggestion.objects.update(state="open", run=None, job=None, decided_by=None, decided_at=None)
    Run.objects.filter(pk=loop.model.run_id).update(version=DatasetVersion.objects.latest("id"))
    Run.objects.filter(state="queued").delete()
    label(loop, 2, {"none": True})
    asked = accept(suggestion=suggestion(), by=loop.lead)
    tasks.run_retrain(asked.job.pk)
    assert "The new labels change nothing" in Job.objects.get(pk=asked.job.pk).error["detail"]
    assert (suggestion().state, queued().count()) == ("open", 0)


def test_dismissing_stops_the_freezing(loop):
    label(loop)
    asked = accept(suggestion=suggestion(), by=loop.lead)
    dismiss(suggestion=suggestion(), by=loop.lead, reason="A broken camera.")
    tasks.run_retrain(asked.job.pk)
    assert Job.objects.get(pk=asked.job.pk).state == "cancelled"
    assert (suggestion().state, queued().count()) == ("dismissed", 0)


def test_when_another_model_is_in_charge_it_is_refused(loop):
    label(loop)
    asked = accept(suggestion=suggestion(), by=loop.lead)
    loop.endpoint.model_version = make_model(loop.version)
    loop.endpoint.save()
    assert plan_of(suggestion()) is None
    tasks.run_retrain(asked.job.pk)
    assert "Another model answers" in Job.objects.get(pk=asked.job.pk).error["detail"]
    with pytest.raises(Conflict, match="Another model answers"):
        accept(suggestion=suggestion(), by=loop.lead)
    assert (suggestion().state, queued().count()) == ("open", 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_new", [True, False])
def test_of_those_who_press_the_button_at_once_one_wins(is_new):
    loop = fallen()
    loop.judged(budget=80)
    if is_new:
        label(loop, 30)
    else:
        make_version(loop.project)
    asked = suggestion()
    found = at_once(3, lambda _: accept(suggestion=asked, by=loop.lead))
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "Conflict", "RetrainSuggestion"]
    assert (Job.objects.filter(kind=JOB_KIND).count(), queued().count()) == ((1, 0) if is_new else (0, 1))
