"""The loop and what to do next: for a project where nothing was done, and for one that went all the way round."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import Role
from annotation.models import Queue
from auditing.models import Audit, AuditSchedule
from auditing.selectors.loop import loop_of
from auditing.selectors.next_steps import FOR_REVIEWERS, next_steps
from auditing.services.audit_progress import end_audit
from auditing.services.hard_samples import send_to_audit
from auditing.services.schedules import set_schedule
from datasets.models import Brief
from tests.accounts.factories import make_project
from tests.annotation.factories import make_items, make_queue
from tests.auditing.factories import answer, make_loop, make_model, make_version
from tests.training.factories import signed_brief
from training.models import Evaluation, GateRun, ModelVersion, Run, TestLook

pytestmark = pytest.mark.django_db

STATIONS = ["define", "data", "labels", "version", "model", "production", "audit", "hard_samples"]


def codes(project):
    return [step.code for step in next_steps(project, loop_of(project))]


def station(project, key):
    return next(one for one in loop_of(project).stations if one.key == key)


def test_an_empty_project_starts_at_define():
    project = make_project()
    found = loop_of(project)
    assert [one.key for one in found.stations] == STATIONS
    assert {one.light for one in found.stations} == {"empty"}
    assert all(one.sentence.endswith(".") for one in found.stations)
    assert found.verdicts == {}
    assert codes(project) == ["sign-brief", "import"]


def test_each_station_tells_its_figure():
    loop = make_loop(train=5)
    loop.produce(80, wrong=0.1, rng=np.random.default_rng(0))
    loop.judged(budget=40)
    loop.mine()
    figures = {one.key: (one.figure, one.light) for one in loop_of(loop.project).stations}
    assert figures["data"] == ("85", "good")
    assert figures["version"] == (str(loop.version), "good")
    assert figures["model"] == (str(loop.model), "good")
    assert figures["production"][0] == "80"
    assert figures["audit"][0].endswith("%")
    assert figures["hard_samples"][1] == "warning"  # they wait for a decision


def test_the_brief_is_a_light():
    project = make_project()
    Brief.objects.create(project=project, revision=1, answers={}, state="draft")
    assert station(project, "define").light == "warning"
    signed_brief(project)
    assert (station(project, "define").light, codes(project)) == ("good", ["import"])


def test_the_way_of_an_audit_through_the_steps():
    loop = make_loop()
    signed_brief(loop.project)
    assert "audit" not in codes(loop.project)  # no traffic yet
    loop.produce(80, wrong=0.05, rng=np.random.default_rng(0))
    assert codes(loop.project) == ["audit", "mine"]
    audit = loop.audit(budget=20)
    assert station(loop.project, "audit").figure == "…"
    steps = next_steps(loop.project, loop_of(loop.project))
    assert [step.code for step in steps] == ["judge-audit", "mine", "label"]  # not a second audit meanwhile
    assert steps[0].data["n"] == 20
    answer(audit.queue, loop.truth)
    audit.refresh_from_db()
    end = loop_of(loop.project)
    assert [step.code for step in next_steps(loop.project, end)][0] in {"judge-audit", "complete-audit"}
    end_audit(audit=audit, state="complete", by=loop.lead)
    assert "judge-audit" not in codes(loop.project)
    assert "complete-audit" not in codes(loop.project)
    assert station(loop.project, "audit").figure != "…"


def test_items_wait_once_however_often_they_were_predicted():
    loop = make_loop()
    items = loop.produce(10, wrong=0.1, rng=np.random.default_rng(0))
    loop.produce(0, wrong=0.1, rng=np.random.default_rng(1), items=items * 3)
    loop.audit(budget=40)
    (step,) = [one for one in next_steps(loop.project, loop_of(loop.project)) if one.code == "judge-audit"]
    assert step.data["n"] == 10


def test_a_new_audit_without_answers_does_not_hide_the_last_number():
    loop = make_loop()
    loop.produce(120, wrong=0.1, rng=np.random.default_rng(0))
    judged = loop.judged(loop.window(40, 10), budget=40)
    loop.audit(loop.window(10), budget=20)
    found = station(loop.project, "audit")
    assert found.estimate == judged.result["accuracy"]
    assert (found.light, "20 answers are still wanted" in found.sentence) == ("warning", True)


def test_the_number_of_a_replaced_model_says_so():
    loop = make_loop()
    loop.produce(60, wrong=0.1, rng=np.random.default_rng(0))
    loop.judged(budget=30)
    assert station(loop.project, "audit").light == "good"
    loop.endpoint.model_version = make_model(loop.version)
    loop.endpoint.save()
    found = station(loop.project, "audit")
    assert (found.light, "does not answer any more" in found.sentence) == ("warning", True)


def test_hard_samples_wait_until_they_are_sent():
    loop = make_loop()
    loop.produce(60, wrong=0.1, rng=np.random.default_rng(0))
    batch = loop.mine()
    assert "send-hard-samples" in codes(loop.project)
    assert "mine" not in codes(loop.project)
    send_to_audit(batch=batch, by=loop.lead)
    assert "send-hard-samples" not in codes(loop.project)
    assert station(loop.project, "hard_samples").light == "good"


def test_a_schedule_that_nobody_drew_is_due():
    loop = make_loop()
    set_schedule(project=loop.project, endpoint=loop.endpoint, cadence_days=7, budget=9, owner=loop.lead, by=None)
    assert "audit-due" not in codes(loop.project)
    AuditSchedule.objects.update(next_due_at=timezone.now() - timedelta(hours=1))
    assert "audit-due" in codes(loop.project)


def test_steps_come_most_urgent_first():
    loop = make_loop()
    loop.produce(120, wrong=0.5, rng=np.random.default_rng(0))
    loop.judged(budget=60)
    make_queue(loop.project, n_items=3)
    steps = next_steps(loop.project, loop_of(loop.project))
    assert [step.urgency for step in steps] == sorted((step.urgency for step in steps), reverse=True)
    assert [step.code for step in steps][:2] == ["retrain", "look-at-fall"]
    assert "label" in [step.code for step in steps]


def test_nothing_of_another_project_is_seen():
    loop = make_loop()
    loop.produce(60, wrong=0.4, rng=np.random.default_rng(0))
    loop.judged(budget=30)
    loop.mine()
    assert Audit.objects.exists()
    assert Queue.objects.exists()
    other = make_project()
    assert {one.light for one in loop_of(other).stations} == {"empty"}
    assert codes(other) == ["sign-brief", "import"]


def test_from_the_first_picture_on_there_is_always_a_next_step():
    project = make_project()
    signed_brief(project)
    assert codes(project) == ["import"]
    make_items(project, 3)
    assert codes(project) == ["open-queue"]
    make_queue(project, n_items=3)
    assert codes(project) == ["label"]


def test_a_model_on_its_way_to_its_release():
    loop = make_loop(train=5)
    signed_brief(loop.project)
    assert codes(loop.project) == []
    newer = make_version(loop.project)
    (step,) = next_steps(loop.project, loop_of(loop.project))
    assert (step.code, step.data) == ("train-again", {"version": str(newer)})
    model = make_model(newer)
    Run.objects.filter(pk=model.run_id).update(is_baseline=False)
    ModelVersion.objects.filter(pk=model.pk).update(stage="candidate")
    (step,) = next_steps(loop.project, loop_of(loop.project))
    assert (step.code, step.link) == ("release", f"models/{model.public_id}")
    GateRun.objects.create(model_version=model, passed=False)
    assert codes(loop.project) == []  # refused: nothing is waiting
    Evaluation.objects.filter(model_version=model).delete()
    GateRun.objects.all().delete()
    TestLook.objects.filter(model_version=model).delete()
    ModelVersion.objects.filter(pk=model.pk).delete()
    (step,) = next_steps(loop.project, loop_of(loop.project))
    assert (step.code, step.link) == ("register", f"models/runs/{model.run.public_id}")
    Run.objects.filter(pk=model.run_id).update(comparison={"verdict": "does_not_beat", "sentence": "No."})
    assert codes(loop.project) == []


@pytest.mark.parametrize(("role", "sees"), [("owner", True), ("lead", True), ("reviewer", False)])
def test_nobody_is_told_to_do_what_they_may_not(role, sees):
    loop = make_loop()
    loop.produce(120, wrong=0.5, rng=np.random.default_rng(0))
    loop.judged(budget=60)
    make_queue(loop.project, n_items=3)
    found = {step.code for step in next_steps(loop.project, loop_of(loop.project), Role(role))}
    assert {"label", "look-at-fall"} <= found
    assert ({"retrain", "sign-brief", "mine"} <= found) == sees
    assert sees or found <= FOR_REVIEWERS
