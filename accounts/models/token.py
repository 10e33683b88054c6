from django.db import models
from django.utils import timezone

from accounts.models.project import Project
from accounts.models.user import User
from common.models import PublicIdModel


class Scope(models.TextChoices):
    READ = "read", "Read"
    WRITE = "write", "Read and write"
    LABEL = "label", "Label"
    PREDICT = "predict", "Ask endpoints for predictions"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: User) -> "ApiTokenQuerySet":
        return self.filter(user=user)

    def usable(self) -> "ApiTokenQuerySet":
        return self.filter(revoked_at=None, user__is_active=True).filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now())
        )


class ApiToken(PublicIdModel):
    """A program's key. Only its SHA-256 is kept; the text is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    request_key = models.CharField(
        max_length=128, null=True, db_comment="Idempotency-Key it was asked for with: a repeat makes no second one"
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "request_key"], name="token_once_per_request")]
