"""What rows of a project wait for: a job of a kind for all of them, and a sweep for those that nobody announced."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Job, Project, User
from accounts.services.jobs import create_job

FORGOTTEN_AFTER = timedelta(minutes=1)


@transaction.atomic
def request_work(kind: str, pending: QuerySet[Any], *, project: Project, by: User | None = None) -> Job | None:
    """A job for whatever is pending in the project, unless one already waits. None when nothing is."""
    if not pending.filter(project=project).exists():
        return None
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    # One that runs may have made its last look; only one that waits is sure to see what is new.
    waiting = Job.objects.filter(project=project, kind=kind, state="queued").first()
    return waiting or create_job(project=project, kind=kind, by=by)


def sweep_work(kind: str, pending: QuerySet[Any]) -> int:
    """Start the work for what no import announced, such as production inputs. Returns the number of jobs."""
    forgotten = pending.filter(created_at__lt=timezone.now() - FORGOTTEN_AFTER)
    started = 0
    for project in Project.objects.filter(pk__in=forgotten.order_by().values("project_id").distinct()):
        busy = Job.objects.filter(project=project, kind=kind).unfinished().exists()
        if not busy and request_work(kind, pending, project=project):
            started += 1
    return started
