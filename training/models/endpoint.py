from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from common.models import TimestampedModel
from training.models.look import TestLook
from training.models.model_version import ModelVersion

if TYPE_CHECKING:
    from accounts.models import User


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(project__memberships__user=user)


class Endpoint(TimestampedModel):
    """A name that programs ask for predictions; which model answers is decided by releases."""

    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=60)
    model_version = models.ForeignKey(ModelVersion, null=True, on_delete=models.RESTRICT, related_name="endpoints")
    log_inputs = models.BooleanField(default=True, db_comment="keep the pictures that are sent, as production items")
    top_k = models.PositiveSmallIntegerField(default=5, db_comment="classes with their probability in an answer")
    source = models.ForeignKey("datasets.Source", null=True, on_delete=models.RESTRICT, related_name="+")
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="endpoint_once"),
            models.CheckConstraint(condition=Q(top_k__gte=1), name="endpoint_top_k_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class ReleaseKind(models.TextChoices):
    RELEASE = "release"
    ROLLBACK = "rollback"


class EndpointRelease(TimestampedModel):
    """From when to when a model answered at an endpoint."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="releases")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.RESTRICT, related_name="releases")
    previous = models.ForeignKey(ModelVersion, null=True, on_delete=models.RESTRICT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReleaseKind.choices)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    test_look = models.ForeignKey(
        TestLook, null=True, on_delete=models.RESTRICT, related_name="releases", db_comment="by which it was judged"
    )
    test_look_note = models.TextField(blank=True, db_comment="a sentence: why there is no look at the test split")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(test_look__isnull=False) | ~Q(test_look_note=""), name="endpoint_release_look_or_why_none"
            ),
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(ended_at__isnull=True), name="endpoint_release_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(kind="rollback") | ~Q(reason=""), name="endpoint_release_rollback_has_reason"
            ),
        ]


class EndpointError(models.Model):
    """How often an endpoint could not answer, by day and reason; no inputs are kept here."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="errors")
    day = models.DateField(db_comment="UTC")
    code = models.CharField(max_length=40, db_comment="unreadable-picture, model-failed, endpoint-empty")
    count = models.PositiveBigIntegerField(default=0)
    last = models.CharField(max_length=500, blank=True, db_comment="the latest sentence")
    last_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-day", "code")
        constraints = [models.UniqueConstraint(fields=["endpoint", "day", "code"], name="endpoint_error_once_a_day")]
