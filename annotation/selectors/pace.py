"""How long an answer takes in this project."""

from statistics import median

from accounts.models import Project
from annotation.models import Submission

LATEST = 1_000


def seconds_per_label(project: Project) -> float | None:
    """Median seconds of the latest answers; None before there is one. The median, since a lunch break is not work."""
    recent = (
        Submission.objects.filter(queue__project=project, duration_ms__gt=0)
        .order_by("-created_at")
        .values_list("duration_ms", flat=True)[:LATEST]
    )
    durations = list(recent)
    return median(durations) / 1000 if durations else None
