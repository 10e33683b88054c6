from django.db import models

from accounts.models.project import Project
from accounts.models.user import User
from common.models import PublicIdModel


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> "NotificationQuerySet":
        return self.filter(user=user)


class Notification(PublicIdModel):
    """A line behind somebody's bell."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=60, db_comment="what clients translate")
    data = models.JSONField(default=dict)
    link = models.CharField(max_length=300, default="", blank=True)
    dedupe = models.CharField(max_length=120, null=True, db_comment="one line per user and value")
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "dedupe"], name="notification_once_per_dedupe")]
