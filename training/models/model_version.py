"""The registry: lines of models, their versions, what was measured of them."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from common.models import PublicIdModel, TimestampedModel
from training.models.run import Run

if TYPE_CHECKING:
    from accounts.models import User


class Stage(models.TextChoices):
    CANDIDATE = "candidate"
    CHAMPION = "champion"  # an endpoint answers with it
    RETIRED = "retired"  # an endpoint once did, none does now


class ModelLine(TimestampedModel):
    """A name under which versions follow each other; its row is locked where versions or looks are numbered."""

    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="model_line_once")]

    def __str__(self) -> str:
        return self.name


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(project__memberships__user=user)

    def champions(self) -> Self:
        return self.filter(stage=Stage.CHAMPION)


class ModelVersion(PublicIdModel):
    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="+")
    line = models.ForeignKey(ModelLine, on_delete=models.RESTRICT, related_name="versions")
    number = models.PositiveIntegerField()
    run = models.OneToOneField(Run, on_delete=models.RESTRICT, related_name="model_version")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.CANDIDATE)
    threshold = models.FloatField(
        null=True, blank=True, db_comment="score from which a case is flagged; null: the likeliest class wins"
    )
    class_of_concern = models.CharField(
        max_length=200, blank=True, db_comment="class key, from the brief when registered"
    )
    serving_card = models.JSONField(default=dict, db_comment="classes and preprocessing, as training/serving reads it")
    card = models.JSONField(default=dict, db_comment="the model card")
    registered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["project", "-id"], name="model_project_newest")]
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="model_version_numbered"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="model_version_stage_known"),
            models.CheckConstraint(
                condition=Q(threshold__isnull=True) | Q(threshold__gte=0, threshold__lte=1),
                name="model_version_threshold_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line.name} v{self.number}"


class ModelExport(TimestampedModel):
    """A file that serves the model, measured against the Keras original on the same rows."""

    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="exports")
    format = models.CharField(max_length=20, db_comment="onnx, litert_int8")
    object_key = models.CharField(max_length=300)
    file_hash = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(db_comment="bytes")
    original_size = models.PositiveBigIntegerField(null=True, db_comment="bytes of the Keras file")
    cpu_ms = models.FloatField(null=True, db_comment="one picture, after warm-up, mean")
    original_cpu_ms = models.FloatField(null=True)
    agreement = models.FloatField(null=True, db_comment="share of rows with the original's decision")
    accuracy = models.FloatField(null=True)
    original_accuracy = models.FloatField(null=True)
    rows = models.PositiveIntegerField(default=0, db_comment="rows that the measurement used")
    note = models.TextField(blank=True, db_comment="a sentence on what changed, or why a figure is missing")
    measurement = models.JSONField(default=dict)

    class Meta:
        ordering = ("format",)
        constraints = [models.UniqueConstraint(fields=["model_version", "format"], name="model_export_once")]
