from django.db import models

from accounts.models.project import Project
from accounts.models.user import User
from common.models import TimestampedModel


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: User) -> "AuditEntryQuerySet":
        return self.filter(project__memberships__user=user)


class AuditEntry(TimestampedModel):
    """Who did what, when, to which thing. Append-only."""

    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    data = models.JSONField(default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="audit_entry_project_latest")]
