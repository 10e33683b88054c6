"""Questions about audits and schedules."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.models import Project, User
from auditing.models import Audit, AuditItem, AuditKind, AuditSchedule, Prediction
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


def judged_random_audits(endpoint_id: int) -> list[Audit]:
    """Random audits of an endpoint that have a number, by the end of their windows."""
    rows = (
        Audit.objects.filter(endpoint_id=endpoint_id, kind=AuditKind.RANDOM, result__isnull=False)
        .exclude(state="cancelled")
        .select_related("model_version__line")
        .order_by("window_to", "id")
    )
    return [audit for audit in rows if (audit.result or {}).get("accuracy", {}).get("value") is not None]


def latest_random_audit(endpoint_id: int) -> Audit | None:
    found = judged_random_audits(endpoint_id)
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


def judged_counts(audits: Iterable[Audit]) -> dict[int, tuple[int, int]]:
    """(asked, judged) by audit id."""
    rows: Any = (
        AuditItem.objects.filter(audit__in=list(audits))
        .values_list("audit_id")
        .annotate(asked=Count("id"), judged=Count("id", filter=Q(truth__isnull=False)))
    )
    return {audit_id: (asked, judged) for audit_id, asked, judged in rows}
