"""How long an answer takes in this project."""

from statistics import median

from accounts.models import Project
from annotation.models import Participation, Submission

PEOPLE = 10
LATEST_EACH = 100


def seconds_per_label(project: Project) -> float | None:
    """Median seconds of the latest answers; None before there is one. The median, since a lunch break is not work.

    The latest of those who worked last: each is read by the index of one's own history, so a million answers cost
    nothing more.
    """
    active = Participation.objects.filter(queue__project=project, last_at__isnull=False).order_by("-last_at")
    durations: list[int] = []
    for annotator_id, queue_id in active.values_list("annotator_id", "queue_id")[:PEOPLE]:
        own = Submission.objects.filter(annotator_id=annotator_id, queue_id=queue_id).order_by("-created_at")
        durations += [ms for ms in own.values_list("duration_ms", flat=True)[:LATEST_EACH] if ms > 0]
    return median(durations) / 1000 if durations else None
