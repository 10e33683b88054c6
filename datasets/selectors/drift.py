"""What the latest comparison of training data with production found."""

from accounts.models import Project
from datasets.models import Report


def latest_production_look(project: Project, *, version: str = "") -> str | None:
    """alike, different or unknown; None without a finished comparison.

    version: only comparisons with the training data of this version (name@v3) count, any when empty.

    Production is handed in as items and training as a version's split; other comparisons say nothing here.
    """
    finished = Report.objects.filter(
        project=project,
        kind=Report.Kind.REPRESENTATIVENESS,
        result__isnull=False,
        subject__reference__split="train",
        subject__current__version="",
    )
    if version:
        finished = finished.filter(subject__reference__version=version)
    report = finished.order_by("-id").first()
    return None if report is None else str((report.result or {}).get("look"))
