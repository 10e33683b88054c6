from django.db import models

from accounts.models.project import Project
from accounts.models.user import User
from common.models import PublicIdModel


class JobState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User) -> "JobQuerySet":
        return self.filter(project__memberships__user=user)

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])


class Job(PublicIdModel):
    """Long work as a row: claimed by conditional update, alive by its heartbeat, fenced by a number."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    fence = models.PositiveIntegerField(default=0, db_comment="number of the claim; an older claim may not write")
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.CharField(max_length=300, default="", blank=True)
    result = models.JSONField(null=True)
    error = models.JSONField(null=True, db_comment="a problem document")
    cancel_requested = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_known_state"),
        ]
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                name="job_unfinished_heartbeat",
                condition=models.Q(state__in=["queued", "running"]),
            ),
            models.Index(fields=["project", "-id"], name="job_project_latest"),
        ]
