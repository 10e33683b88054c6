"""Regular audits: every so many days, so many predictions, and somebody who answers for it."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast, get_args

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, Project, Role, User
from accounts.services.audit_trail import record
from accounts.services.notifications import notify
from auditing.models import AuditSchedule
from auditing.selectors.production import Window
from auditing.services.audit_design import StrataBy
from auditing.services.audits import AuditPlan, create_audit
from common.problems import Conflict, DomainError, InvalidInput

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from training.models import Endpoint

MOST_JUDGES = 9
ANNOTATOR_KINDS = ("expert", "staff", "vendor", "crowd")  # those of annotation; a test holds the two together
OVERSEERS = {Role.OWNER, Role.LEAD}


@transaction.atomic
def set_schedule(
    *,
    project: Project,
    endpoint: "Endpoint",
    cadence_days: int,
    budget: int,
    owner: User,
    by: User | None,
    strata_by: StrataBy = "class_and_score",
    redundancy: int = 1,
    kinds: Sequence[str] = (),
) -> AuditSchedule:
    """The endpoint's schedule from now on; an earlier one ends. The first audit is due after one cadence.

    strata_by, redundancy, kinds: of each audit, as in `AuditPlan`.
    """
    errors: dict[str, list[str]] = {}
    if not 1 <= cadence_days <= 365:
        errors["cadence_days"] = ["A whole number of days from 1 to 365."]
    if not 2 <= budget <= 20_000:
        errors["budget"] = ["From 2 to 20,000 predictions."]
    if strata_by not in get_args(StrataBy):
        errors["strata_by"] = [f"One of {', '.join(get_args(StrataBy))}."]
    if not 1 <= redundancy <= MOST_JUDGES:
        errors["redundancy"] = [f"From 1 to {MOST_JUDGES} people an item."]
    if unknown := sorted(set(kinds) - set(ANNOTATOR_KINDS)):
        errors["kinds"] = [f"No kind of annotator: {', '.join(unknown)}. One of {', '.join(ANNOTATOR_KINDS)}."]
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
                strata_by=strata_by,
                redundancy=redundancy,
                kinds=sorted(set(kinds)),
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
        data={
            "cadence_days": cadence_days,
            "budget": budget,
            "owner": owner.email,
            "strata_by": strata_by,
            "redundancy": redundancy,
            "kinds": schedule.kinds,
        },
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
        strata_by=cast(StrataBy, schedule.strata_by), redundancy=schedule.redundancy, kinds=schedule.kinds,
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
