"""What the database refuses, whoever asks."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from auditing.models import Audit, AuditItem, AuditSchedule, HardSample, Prediction, RetrainSuggestion
from tests.annotation.factories import make_user
from tests.auditing.factories import make_loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop():
    found = make_loop()
    found.produce(20, wrong=0.2, rng=np.random.default_rng(0))
    return found


def refused(work):
    with pytest.raises(IntegrityError), transaction.atomic():
        work()


@pytest.mark.parametrize("probability", [0.0, -0.1, 1.01])
def test_an_inclusion_probability_is_a_share_above_nothing(loop, probability):
    loop.audit(budget=5)
    refused(lambda: AuditItem.objects.update(inclusion_probability=probability))
    loop.mine()
    refused(lambda: HardSample.objects.update(selection_probability=probability))


def test_a_prediction_is_once_in_an_audit(loop):
    audit = loop.audit(budget=5)
    item = audit.items.first()
    item.pk = None
    refused(item.save)


def test_a_window_has_an_order(loop):
    loop.audit(budget=5)
    refused(lambda: Audit.objects.update(window_to=timezone.now() - timedelta(days=400)))


def test_one_open_suggestion_and_one_active_schedule_an_endpoint(loop):
    RetrainSuggestion.objects.create(project=loop.project, endpoint=loop.endpoint, evidence={})
    refused(lambda: RetrainSuggestion.objects.create(project=loop.project, endpoint=loop.endpoint, evidence={}))
    fields = {
        "project": loop.project, "endpoint": loop.endpoint, "cadence_days": 7, "budget": 5, "owner": loop.lead,
        "next_due_at": timezone.now(),
    }  # fmt: skip
    AuditSchedule.objects.create(**fields)
    refused(lambda: AuditSchedule.objects.create(**fields))
    AuditSchedule.objects.create(**fields, is_active=False)


def test_one_audit_for_a_due_time(loop):
    schedule = AuditSchedule.objects.create(
        project=loop.project, endpoint=loop.endpoint, cadence_days=7, budget=5, owner=loop.lead,
        next_due_at=timezone.now(),
    )  # fmt: skip
    first, second = loop.audit(budget=5), loop.audit(budget=5)
    Audit.objects.filter(pk=first.pk).update(schedule=schedule, window_to=loop.window().end)
    refused(
        lambda: Audit.objects.filter(pk=second.pk).update(
            schedule=schedule, window_to=Audit.objects.get(pk=first.pk).window_to
        )
    )


def test_rows_are_visible_to_members_only(loop):
    loop.audit(budget=5)
    loop.mine()
    for rows in (Audit.objects, Prediction.objects, AuditSchedule.objects, RetrainSuggestion.objects):
        assert not rows.visible_to(make_user()).exists()
    assert Audit.objects.visible_to(loop.lead).count() == 1
    assert Prediction.objects.visible_to(loop.lead).count() == 20


def test_a_project_can_be_deleted_with_its_audits(loop):
    """The audit's queue is restricted, not protected: it goes with the project that both belong to."""
    loop.judged(budget=5)
    on_delete = Audit._meta.get_field("queue").remote_field.on_delete
    assert on_delete.__name__ == "RESTRICT"
