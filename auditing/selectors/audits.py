"""Questions about audits and schedules."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from accounts.models import Project, User
from auditing.models import Audit, AuditItem, AuditKind, AuditSchedule, AuditState, Prediction
from auditing.selectors.production import Window, span
from common.problems import InvalidInput, NotFound
from datasets.labeling_schema.document import SchemaDocument
from datasets.selectors import schemas
from training.selectors import endpoints


def audits_of(user: User, project: Project) -> QuerySet[Audit]:
    """Audits with what a list shows, in one query."""
    return (
        Audit.objects.visible_to(user)
        .filter(project=project)
        .select_related("endpoint", "model_version__line", "model_version__run__version__schema", "queue", "project")
        .annotate(
            asked=Count("items", distinct=True),
            judged=Count("items", filter=Q(items__truth__isnull=False), distinct=True),
        )
    )


def audit_for(user: User, project: Project, public_id: UUID) -> Audit:
    found = audits_of(user, project).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such audit in this project.")
    return found


def audits_of_queue(queue_id: int) -> list[Audit]:
    return list(Audit.objects.filter(queue_id=queue_id))


def judged_random_audits(project: Project, endpoint_id: int | None = None) -> list[Audit]:
    """Random audits that have a number, by the end of their windows; of one endpoint, or of the whole project."""
    rows = (
        Audit.objects.filter(project=project, kind=AuditKind.RANDOM, result__isnull=False)
        .exclude(state=AuditState.CANCELLED)
        .select_related("model_version__line")
        .order_by("window_to", "id")
    )
    if endpoint_id is not None:
        rows = rows.filter(endpoint_id=endpoint_id)
    return [audit for audit in rows if (audit.result or {}).get("accuracy", {}).get("value") is not None]


def is_finished(audit: Audit) -> bool:
    """Completed, or everybody was heard. Who judges by the number of a half-answered audit looks until it errs."""
    if audit.state == AuditState.RUNNING:
        return audit.result is not None and audit.result["waiting"] == 0
    return bool(audit.state == AuditState.COMPLETE)


def latest_of_model(audits: Iterable[Audit], model_version_id: int | None) -> Audit | None:
    """The last finished one that speaks of this model; what an earlier model did is no evidence about it."""
    found = [audit for audit in audits if audit.model_version_id == model_version_id and is_finished(audit)]
    return found[-1] if found else None


def errors_of(audit: Audit, *, limit: int = 60) -> list[AuditItem]:
    """Judged items that the model got wrong, the surest first: those are the most instructive."""
    return list(
        AuditItem.objects.filter(audit=audit, truth__isnull=False)
        .exclude(truth=F("predicted"))
        .select_related("item")
        .order_by("-score", "request_id")[:limit]
    )


def class_names(audit: Audit) -> dict[str, str]:
    """English names of the classes of the audited question."""
    run = audit.model_version.run
    return names_of(schemas.document(run.version.schema), run.question)


def names_of(document: SchemaDocument, question: str) -> dict[str, str]:
    asked = document.by_key.get(question)
    return {} if asked is None else {one.key: one.names.get("en", one.key) for one in asked.classes}


def schedules_of(user: User, project: Project) -> QuerySet[AuditSchedule]:
    return (
        AuditSchedule.objects.visible_to(user)
        .filter(project=project, is_active=True)
        .select_related("endpoint", "owner", "project")
    )


def window_for(user: User, project: Project, *, endpoint: str, start: datetime | None, end: datetime | None) -> Window:
    """The window that a request names; without times, everything that the model in charge has answered so far."""
    found = endpoints.endpoint_for(user, project, endpoint)
    known = span(found.pk)
    if known is None:
        raise InvalidInput(
            f"“{endpoint}” has not answered anything yet. Send it pictures first.", errors={"endpoint": ["No traffic."]}
        )
    model_id = found.model_version_id
    if start is None:
        mine = Prediction.objects.filter(endpoint_id=found.pk, model_version_id=model_id).order_by("predicted_at")
        start = mine.values_list("predicted_at", flat=True).first() or known[0]
    return Window(endpoint_id=found.pk, start=start, end=end or timezone.now(), model_version_id=model_id)


def running_audits(project: Project) -> list[tuple[Audit, int]]:
    """Running audits, random and targeted, with the number of items that wait for an answer."""
    waiting = Count("items__item", filter=Q(items__truth=None, items__undecidable=False), distinct=True)
    rows = Audit.objects.filter(project=project, state=AuditState.RUNNING).defer("design", "result")
    found: Any = rows.annotate(waiting=waiting).order_by("id")
    return [(audit, audit.waiting) for audit in found]


def overdue_days(schedules: Sequence[AuditSchedule]) -> dict[int, float]:
    """Days by which each schedule is late: its audit was not drawn, or is not finished half a cadence later. 0: not."""
    now = timezone.now()
    oldest = dict(
        Audit.objects.filter(schedule__in=schedules, state=AuditState.RUNNING)
        .values_list("schedule_id")
        .annotate(Min("window_to"))
    )
    found = {}
    for schedule in schedules:
        grace = timedelta(days=max(schedule.cadence_days / 2, 1))
        ended = oldest.get(schedule.pk)
        late = [now - schedule.next_due_at, timedelta() if ended is None else now - ended - grace]
        found[schedule.pk] = max(0.0, max(late).total_seconds() / 86_400)
    return found
