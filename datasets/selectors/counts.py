"""Counts for pages that show the whole project at a glance."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Project
from datasets.models import DatasetVersion, ImportFile, Item, Label, Source


@dataclass(frozen=True, kw_only=True)
class ItemCounts:
    """recent: registered since the given time. rejected: files of all imports that were refused."""

    total: int
    recent: int
    sources: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class LabelCounts:
    """Current labels, and those of them accepted since the given time."""

    total: int
    recent: int


def items(project: Project, *, since: datetime) -> ItemCounts:
    found = Item.objects.filter(project=project)
    return ItemCounts(
        total=found.count(),
        recent=found.filter(created_at__gte=since).count(),
        sources=Source.objects.filter(project=project).count(),
        rejected=ImportFile.objects.filter(run__project=project, outcome="rejected").count(),
    )


def labels(project: Project, *, since: datetime) -> LabelCounts:
    found = Label.objects.filter(project=project).current()
    return LabelCounts(total=found.count(), recent=found.filter(created_at__gte=since).count())


def latest_frozen(project: Project) -> DatasetVersion | None:
    return DatasetVersion.objects.filter(project=project, state="frozen").order_by("-id").first()
