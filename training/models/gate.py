from django.db import models
from django.db.models import Q

from common.models import TimestampedModel
from training.models.endpoint import Endpoint
from training.models.model_version import ModelVersion


class GateRun(TimestampedModel):
    """One passage through the release gate; `passed` is null until every check has answered."""

    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="gate_runs")
    endpoint = models.ForeignKey(Endpoint, null=True, on_delete=models.SET_NULL, related_name="gate_runs")
    champion = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey("accounts.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    passed = models.BooleanField(null=True)
    threshold = models.FloatField(null=True, db_comment="with which the checks were made")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)


class Verdict(models.TextChoices):
    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"  # with the reason in the sentence


class GateResult(models.Model):
    """The answer of one check."""

    gate_run = models.ForeignKey(GateRun, on_delete=models.CASCADE, related_name="results")
    check_key = models.CharField(max_length=40)
    verdict = models.CharField(max_length=15, choices=Verdict.choices)
    sentence = models.TextField()
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["gate_run", "check_key"], name="gate_result_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="gate_result_verdict_known"),
        ]
