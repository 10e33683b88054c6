from django.db import models

from accounts.models import Project, User
from common.models import PublicIdModel
from datasets.models.ownership import ProjectManager


class Source(PublicIdModel):
    """Where and how items were collected, and for which population they speak."""

    class Kind(models.TextChoices):
        FOLDER = "folder"
        UPLOAD = "upload"
        S3 = "s3"
        PRODUCTION = "production"

    class Sensitivity(models.TextChoices):
        PUBLIC = "public"
        INTERNAL = "internal"
        PERSONAL = "personal"
        SPECIAL = "special"  # health, origin, belief, biometrics: GDPR article 9

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    uri = models.CharField(max_length=2000, blank=True)
    population = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    consent = models.TextField(blank=True)
    sensitivity = models.CharField(max_length=10, choices=Sensitivity.choices, default=Sensitivity.INTERNAL)
    description = models.TextField(blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ProjectManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="source_name_once")]


class PopulationMargin(PublicIdModel):
    """Declared shares of one attribute in a reference population, with where they are from."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    population = models.CharField(max_length=200)
    attribute = models.CharField(max_length=200)
    shares = models.JSONField(db_comment="{value: share}; shares are positive and sum to 1")
    reference = models.CharField(max_length=1000, blank=True, db_comment="where the shares are from")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ProjectManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "population", "attribute"], name="margin_once"),
        ]
