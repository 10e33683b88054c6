"""Production inputs that people should look at, each with the reason and its sampling probability, if it has one."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Job, Project, User
from common.models import PublicIdModel, TimestampedModel


class Reason(models.TextChoices):
    UNCERTAIN = "uncertain"
    NOVEL = "novel"
    WRONG_IN_AUDIT = "wrong_in_audit"
    RANDOM = "random"  # the floor that keeps the loop honest


class Fate(models.TextChoices):
    WAITING = "waiting"
    AUDIT = "audit"
    QUEUE = "queue"


class HardSampleBatchQuerySet(models.QuerySet["HardSampleBatch"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__memberships__user=user)


class HardSampleBatch(PublicIdModel):
    """One mining of one window: settings, what was found, and where it went."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    endpoint = models.ForeignKey("training.Endpoint", on_delete=models.CASCADE, related_name="+")
    model_version = models.ForeignKey("training.ModelVersion", on_delete=models.CASCADE, related_name="+")
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    settings = models.JSONField(default=dict)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    audit = models.ForeignKey("auditing.Audit", null=True, on_delete=models.SET_NULL, related_name="+")
    queue = models.ForeignKey("annotation.Queue", null=True, on_delete=models.SET_NULL, related_name="+")
    summary = models.JSONField(null=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = HardSampleBatchQuerySet.as_manager()


class HardSample(TimestampedModel):
    """One chosen input."""

    batch = models.ForeignKey(HardSampleBatch, on_delete=models.CASCADE, related_name="samples")
    request_id = models.UUIDField()
    item = models.ForeignKey("datasets.Item", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    score = models.FloatField(db_comment="how uncertain or how novel; higher is harder")
    selection_probability = models.FloatField(null=True, db_comment="null: chosen by rank, not by chance")
    predicted = models.TextField()
    predicted_score = models.FloatField()
    fate = models.CharField(max_length=10, choices=Fate.choices, default=Fate.WAITING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "item"], name="hard_sample_once_per_batch"),
            models.CheckConstraint(
                condition=Q(selection_probability__isnull=True)
                | Q(selection_probability__gt=0, selection_probability__lte=1),
                name="hard_sample_probability_share",
            ),
        ]
