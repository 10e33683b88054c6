from django.db.models import QuerySet

from accounts.models import Project
from datasets.models import Brief, Hypothesis


def current(project: Project) -> Brief | None:
    """The newest revision: a draft if somebody is at it, else the last signed or stopped one."""
    found: Brief | None = briefs_of(project).first()
    return found


def signed(project: Project) -> Brief | None:
    """The newest signed revision: what cards, expectations and schedules rest on."""
    found: Brief | None = briefs_of(project).filter(state=Brief.State.SIGNED).first()
    return found


def stopped(project: Project) -> Brief | None:
    """The decision by which the project is stopped now; None without one, and after a later signature."""
    decided = briefs_of(project).exclude(state=Brief.State.DRAFT).first()
    return decided if decided is not None and decided.state == Brief.State.STOPPED else None


def briefs_of(project: Project) -> QuerySet[Brief]:
    """All revisions, newest first."""
    return Brief.objects.filter(project=project).select_related("decided_by").order_by("-revision")


def hypotheses_of(project: Project) -> list[Hypothesis]:
    """Both hypotheses with their attempts; one that nothing is known of yet is untested and has no row."""
    rows = Hypothesis.objects.filter(project=project).prefetch_related("attempts")
    found = {row.kind: row for row in rows}
    return [found.get(kind) or Hypothesis(project=project, kind=kind) for kind in Hypothesis.Kind.values]
