import uuid

from accounts.models import Project
from common.problems import NotFound
from datasets.models import Report


def latest(project: Project, kind: str) -> Report | None:
    """The newest finished report of a kind."""
    rows = Report.objects.filter(project=project, kind=kind, result__isnull=False)
    found: Report | None = rows.select_related("job", "project").order_by("-pk").first()
    return found


def running(project: Project, kind: str) -> Report | None:
    """The newest report that is not finished, if its job still may finish it."""
    rows = Report.objects.filter(project=project, kind=kind, result__isnull=True)
    found: Report | None = (
        rows.filter(job__state__in=["queued", "running"]).select_related("job").order_by("-pk").first()
    )
    return found


def report_for(project: Project, kind: str, public_id: str) -> Report:
    """A report of the project by its id. Raises NotFound."""
    try:
        wanted = uuid.UUID(public_id)
    except ValueError:
        raise NotFound("There is no such report.") from None
    rows = Report.objects.filter(project=project, kind=kind, public_id=wanted)
    found: Report | None = rows.select_related("job", "project").first()
    if found is None:
        raise NotFound("There is no such report in this project.")
    return found
