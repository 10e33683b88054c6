"""Regular audits: every so many days, so many predictions, and somebody who answers for it."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, Project, Role, User
from accounts.services.audit_trail import record
from accounts.services.notifications import notify
from auditing.models import AuditSchedule
from auditing.selectors.production import Window
from auditing.services.audits import AuditPlan, create_audit
from common.problems import Conflict, DomainError, InvalidInput

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from training.models import Endpoint

OVERSEERS = {Role.OWNER, Role.LEAD}


@transaction.atomic
def set_schedule(
    *, project: Project, endpoint: "Endpoint", cadence_days: int, budget: int, owner: User, by: User | None
) -> AuditSchedule:
    """The endpoint's schedule from now on; an earlier one ends. The first audit is due after one cadence."""
    errors: dict[str, list[str]] = {}
    if not 1 <= cadence_days <= 365:
        errors["cadence_days"] = ["A whole number of days from 1 to 365."]
    if not 2 <= budget <= 20_000:
        errors["budget"] = ["From 2 to 20,000 predictions."]
    if not Membership.objects.filter(project=project, user=owner, role__in=OVERSEERS).exists():
        errors["owner"] = ["The owner of a schedule is an owner or lead of the project."]
    if endpoint.project_id != project.pk:
        errors["endpoint"] = ["Of another project."]
    if errors:
        raise InvalidInput("The schedule cannot be set; see the fields.", errors=errors)
    AuditSchedule.objects.filter(endpoint=endpoint, is_active=True).update(is_active=False)
    try:
        with transaction.atomic():
            schedule = AuditSchedule.objects.create(
                project=project,
                endpoint=endpoint,
                cadence_days=cadence_days,
                budget=budget,
                owner=owner,
                next_due_at=timezone.now() + timedelta(days=cadence_days),
            )
    except IntegrityError as error:
        raise Conflict("Somebody else set a schedule for this endpoint a moment ago. Look at it first.") from error
    record(
        project=project,
        actor=by,
        action="audit-schedule.set",
        subject=str(endpoint),
        data={"cadence_days": cadence_days, "budget": budget, "owner": owner.email},
    )
    return schedule


@transaction.atomic
def end_schedule(*, schedule: AuditSchedule, by: User | None) -> None:
    """No further audits by this schedule; those that run go on."""
    AuditSchedule.objects.filter(pk=schedule.pk).update(is_active=False)
    record(project=schedule.project, actor=by, action="audit-schedule.ended", subject=str(schedule.public_id))


def start_due_audits() -> int:
    """Draw every audit that is due; returns how many were. What cannot be drawn is told to the schedule's owner."""
    due = AuditSchedule.objects.filter(is_active=True, next_due_at__lte=timezone.now())
    started = 0
    for schedule in due.select_related("project", "endpoint", "owner").order_by("id"):
        try:
            started += _start(schedule)
        except Exception:  # whatever is wrong with one schedule, the others are drawn; this one is tried again
            logger.exception("The audit of schedule %s was not drawn.", schedule.public_id)
    return started


@transaction.atomic
def _start(schedule: AuditSchedule) -> int:
    """The claim, the draw and the next due time are one transaction: two clocks draw one audit, a dead one none."""
    due = _last_due(schedule, timezone.now())
    cadence = timedelta(days=schedule.cadence_days)
    claimed = AuditSchedule.objects.filter(pk=schedule.pk, is_active=True, next_due_at=schedule.next_due_at)
    if not claimed.update(next_due_at=due + cadence):
        return 0
    window = Window(
        endpoint_id=schedule.endpoint_id,
        start=due - cadence,
        end=due,
        model_version_id=schedule.endpoint.model_version_id,
    )
    plan = AuditPlan(
        name=f"Audit of {schedule.endpoint.name}, due {due:%Y-%m-%d %H:%M}", window=window, budget=schedule.budget,
        seed=int(due.timestamp()),
    )  # fmt: skip
    try:
        with transaction.atomic():
            create_audit(
                project=schedule.project, endpoint=schedule.endpoint, plan=plan, by=schedule.owner, schedule=schedule
            )
    except DomainError as error:
        _tell(schedule, "audit.not-drawn", {"reason": str(error), "endpoint": schedule.endpoint.name}, due)
        return 0
    _tell(schedule, "audit.started", {"name": plan.name}, due)
    return 1


def _last_due(schedule: AuditSchedule, now: datetime) -> datetime:
    """The last date that has passed: after a long stop there is one audit, of the latest window."""
    missed = (now - schedule.next_due_at) // timedelta(days=schedule.cadence_days)
    return schedule.next_due_at + missed * timedelta(days=schedule.cadence_days)


def _tell(schedule: AuditSchedule, code: str, data: dict[str, str], due: datetime) -> None:
    notify(
        users=[schedule.owner],
        project=schedule.project,
        code=code,
        data=data,
        link=f"/p/{schedule.project.slug}/production",
        dedupe=f"audit-due:{schedule.pk}:{due.isoformat()}",
    )
