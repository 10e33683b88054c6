from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import Membership, Notification, Role
from annotation.models import AnnotatorKind
from auditing import tasks
from auditing.models import Audit, AuditSchedule
from auditing.selectors.audits import overdue_days
from auditing.services import schedules
from auditing.services.schedules import end_schedule, set_schedule, start_due_audits
from common.problems import InvalidInput
from tests.accounts.factories import make_member, make_user
from tests.auditing.factories import at_once, make_endpoint, make_loop, make_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop():
    found = make_loop()
    found.produce(80, wrong=0.1, rng=np.random.default_rng(0), days_ago=(13, 0.2))
    return found


def schedule(loop, *, due_days_ago=0.01, cadence_days=7, budget=30, **fields):
    row = set_schedule(
        project=loop.project, endpoint=loop.endpoint, cadence_days=cadence_days, budget=budget, owner=loop.lead,
        by=loop.lead, **fields,
    )  # fmt: skip
    row.next_due_at = timezone.now() - timedelta(days=due_days_ago)
    row.save()
    return row


def told(user):
    return [(one.code, one.data) for one in Notification.objects.filter(user=user).order_by("id")]


def test_the_first_audit_is_due_after_one_cadence(loop):
    row = set_schedule(
        project=loop.project, endpoint=loop.endpoint, cadence_days=7, budget=30, owner=loop.lead, by=loop.lead
    )
    assert timedelta(days=6.9) < row.next_due_at - timezone.now() <= timedelta(days=7)
    assert start_due_audits() == 0
    assert overdue_days([row]) == {row.pk: 0.0}


def test_a_due_audit_is_drawn_of_the_last_cadence_and_its_owner_is_told(loop):
    row = schedule(loop)
    due = row.next_due_at
    assert start_due_audits() == 1
    audit = Audit.objects.get()
    assert (audit.schedule, audit.window_from, audit.window_to) == (row, due - timedelta(days=7), due)
    assert audit.items.count() == 30
    assert audit.population_size < 80  # those of the last seven days
    row.refresh_from_db()
    assert row.next_due_at == due + timedelta(days=7)
    assert told(loop.lead) == [("audit.started", {"name": audit.name})]
    tasks.start_due_audits()
    assert Audit.objects.count() == 1


def test_after_a_long_stop_there_is_one_audit_of_the_latest_window(loop):
    row = schedule(loop, due_days_ago=3 * 7 + 2)
    due = row.next_due_at
    assert start_due_audits() == 1
    audit = Audit.objects.get()
    assert audit.window_to == due + timedelta(days=21)
    row.refresh_from_db()
    assert row.next_due_at == due + timedelta(days=28) > timezone.now()


def test_an_empty_window_tells_the_owner_once_and_goes_on(loop):
    row = schedule(loop, cadence_days=1, due_days_ago=0.1)
    loop.endpoint.model_version = make_model(loop.version)  # released a moment ago, has answered nothing
    loop.endpoint.save()
    for _ in range(2):
        assert start_due_audits() == 0
    ((code, data),) = told(loop.lead)
    assert code == "audit.not-drawn"
    assert "nothing that people could look at" in data["reason"]
    row.refresh_from_db()
    assert row.next_due_at > timezone.now()
    assert row.is_active


def test_one_schedule_that_fails_does_not_stop_the_others(loop, monkeypatch, caplog):
    first = schedule(loop)
    other = make_loop()
    other.produce(40, wrong=0.1, rng=np.random.default_rng(1), days_ago=(6, 1))
    schedule(other)
    create = schedules.create_audit

    def broken(**said):
        if said["schedule"].pk == first.pk:
            raise ZeroDivisionError("a bug")
        return create(**said)

    monkeypatch.setattr(schedules, "create_audit", broken)
    assert start_due_audits() == 1
    assert Audit.objects.get().project == other.project
    assert "was not drawn" in caplog.text
    monkeypatch.undo()
    assert start_due_audits() == 1  # nothing was claimed by the one that failed


def test_a_new_schedule_ends_the_old_one_and_an_ended_one_draws_nothing(loop):
    old, new = schedule(loop), schedule(loop)
    old.refresh_from_db()
    assert (old.is_active, new.is_active) == (False, True)
    end_schedule(schedule=new, by=loop.lead)
    assert start_due_audits() == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"cadence_days": 0}, "cadence_days"), ({"cadence_days": 366}, "cadence_days"), ({"budget": 1}, "budget")],
)
def test_figures_out_of_range_are_refused(loop, fields, field):
    with pytest.raises(InvalidInput) as refused:
        schedule(loop, **fields)
    assert list(refused.value.context["errors"]) == [field]


def test_the_owner_leads_the_project(loop):
    for somebody in (make_user(), make_member(loop.project, Role.REVIEWER)):
        with pytest.raises(InvalidInput) as refused:
            set_schedule(
                project=loop.project, endpoint=loop.endpoint, cadence_days=7, budget=30, owner=somebody, by=None
            )
        assert "owner" in refused.value.context["errors"]
    assert Membership.objects.filter(project=loop.project).count() == 2


def test_an_endpoint_of_another_project_is_refused(loop):
    other = make_loop()
    with pytest.raises(InvalidInput):
        set_schedule(project=loop.project, endpoint=other.endpoint, cadence_days=7, budget=30, owner=loop.lead, by=None)


def test_the_light_says_what_is_late(loop):
    row = schedule(loop, due_days_ago=3)
    assert overdue_days([row])[row.pk] == pytest.approx(3, abs=0.01)  # nobody drew it
    start_due_audits()
    row.refresh_from_db()
    assert overdue_days([row]) == {row.pk: 0.0}  # three days are within half a cadence
    Audit.objects.update(window_from=timezone.now() - timedelta(days=20), window_to=timezone.now() - timedelta(days=13))
    assert overdue_days([row])[row.pk] == pytest.approx(13 - 3.5, abs=0.01)
    Audit.objects.update(state="complete")
    assert overdue_days([row]) == {row.pk: 0.0}


@pytest.mark.django_db(transaction=True)
def test_two_clocks_draw_one_audit():
    loop = make_loop()
    loop.produce(80, wrong=0.1, rng=np.random.default_rng(0), days_ago=(6, 0.2))
    schedule(loop)
    found = at_once(3, lambda _: start_due_audits())
    assert sorted(found) == [0, 0, 1]
    assert Audit.objects.count() == 1
    assert Notification.objects.filter(user=loop.lead).count() == 1
    assert AuditSchedule.objects.get().next_due_at > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_two_who_set_a_schedule_leave_one_active():
    loop = make_loop()
    at_once(3, lambda n: schedule(loop, budget=10 + n))
    assert AuditSchedule.objects.filter(is_active=True).count() == 1


def test_each_endpoint_has_its_own(loop):
    schedule(loop)
    second = make_endpoint(loop.model, "second")
    set_schedule(project=loop.project, endpoint=second, cadence_days=1, budget=5, owner=loop.lead, by=None)
    assert AuditSchedule.objects.filter(is_active=True).count() == 2


def test_a_schedule_says_how_its_audits_are_drawn_and_judged(loop):
    schedule(loop, strata_by="none", redundancy=2, kinds=["staff", "expert", "staff"])
    assert start_due_audits() == 1
    audit = Audit.objects.get()
    assert (audit.design["strata_by"], audit.design["redundancy"]) == ("none", 2)
    assert [one["name"] for one in audit.design["strata"]] == ["all"]
    assert (audit.queue.redundancy, audit.queue.kinds) == (2, ["expert", "staff"])


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [("strata_by", "size", "One of class"), ("redundancy", 10, "1 to 9"), ("kinds", ["robot"], "robot")],
)
def test_a_schedule_that_cannot_be_drawn_is_refused_by_its_field(loop, field, value, told):
    with pytest.raises(InvalidInput) as refused:
        schedule(loop, **{field: value})
    assert told in refused.value.context["errors"][field][0]
    assert not AuditSchedule.objects.exists()


def test_kinds_of_annotators_are_those_of_annotation():
    assert set(schedules.ANNOTATOR_KINDS) == set(AnnotatorKind.values)
