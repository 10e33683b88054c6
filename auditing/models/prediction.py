"""The prediction log: append-only, partitioned by day."""

from typing import ClassVar, Self

from django.db import models

from accounts.models import Project, User


class PredictionQuerySet(models.QuerySet["Prediction"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__memberships__user=user)

    def auditable(self) -> Self:
        """Predictions whose input was kept, so that a person can look at it."""
        return self.filter(item__isnull=False)


class Prediction(models.Model):
    """One answer of an endpoint. The day comes from the request id (UUIDv7), so a repeat meets the primary key."""

    pk = models.CompositePrimaryKey("day", "request_id")
    day = models.DateField()
    request_id = models.UUIDField()
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    endpoint = models.ForeignKey("training.Endpoint", on_delete=models.CASCADE, related_name="+")
    model_version = models.ForeignKey("training.ModelVersion", on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey("datasets.Item", null=True, on_delete=models.SET_NULL, related_name="+")
    predicted = models.TextField(db_comment="class key; sorted keys joined by | for multiple choice")
    score = models.FloatField(db_comment="probability of the predicted class, 0 to 1")
    probabilities = models.JSONField(default=dict, db_comment="class key to probability, the likeliest classes")
    attributes = models.JSONField(default=dict)
    latency_ms = models.FloatField(null=True)
    outcome = models.TextField(null=True, db_comment="class key that came by itself, later")
    predicted_at = models.DateTimeField()

    objects: ClassVar[PredictionQuerySet] = PredictionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["endpoint", "predicted_at", "request_id"], name="prediction_endpoint_time"),
            models.Index(fields=["project", "predicted_at", "request_id"], name="prediction_project_time"),
            models.Index(fields=["item"], name="prediction_item"),
        ]


class PredictionCount(models.Model):
    """How many predictions of a UTC day the log holds: kept by triggers on the log, never written by hand."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    endpoint = models.ForeignKey("training.Endpoint", on_delete=models.CASCADE, related_name="+")
    day = models.DateField(db_comment="UTC day of predicted_at")
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "day"], name="prediction_count_once_a_day")]


class ReceivedRequest(models.Model):
    """Ids that clients minted themselves, to recognise a batch that comes twice."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=128)
    request_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "external_id"], name="received_request_once")]
