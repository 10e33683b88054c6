from django.db import models

from accounts.models import Job, Project, User
from common.models import PublicIdModel
from datasets.models.ownership import ProjectManager


class Report(PublicIdModel):
    """The stored result of a check over data, with what it was made of."""

    class Kind(models.TextChoices):
        UNDERSTAND = "understand"
        REPRESENTATIVENESS = "representativeness"
        SAMPLING_BIAS = "sampling_bias"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject = models.JSONField()
    result = models.JSONField(null=True, db_comment="null until the job has made it")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ProjectManager()

    class Meta:
        indexes = [models.Index(fields=["project", "kind", "-id"], name="report_latest")]
