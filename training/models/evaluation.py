from django.db import models
from django.db.models import Q

from common.models import TimestampedModel
from training.models.look import TestLook
from training.models.model_version import ModelVersion


class Split(models.TextChoices):
    VALIDATION = "validation"
    TEST = "test"


class Evaluation(TimestampedModel):
    """Metrics of a model version on one split, with the predictions they were computed from."""

    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="evaluations")
    split = models.CharField(max_length=10, choices=Split.choices)
    test_look = models.OneToOneField(TestLook, null=True, on_delete=models.RESTRICT, related_name="evaluation")
    metrics = models.JSONField(default=dict)
    predictions_key = models.CharField(
        max_length=300, db_comment="Parquet in the object store: item, truth, probabilities"
    )
    rows = models.PositiveIntegerField()
    warning = models.TextField(blank=True, db_comment="a sentence when test is much worse than validation")
    comparison = models.JSONField(default=dict, db_comment="test against validation")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["model_version"], condition=Q(split="validation"), name="evaluation_one_validation"
            ),
            models.CheckConstraint(
                condition=Q(split="validation", test_look__isnull=True) | Q(split="test", test_look__isnull=False),
                name="evaluation_test_has_look",
            ),
        ]
