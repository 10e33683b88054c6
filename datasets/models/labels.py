from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Job, Project, User
from common.models import PublicIdModel
from datasets.models.items import Item
from datasets.models.ownership import ProjectManager, ProjectRows


class LabelSchema(PublicIdModel):
    """One immutable version of the questions and classes; a change is a new version of the same family."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    family = models.SlugField(max_length=80)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    document = models.JSONField()
    document_hash = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ProjectManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "family", "version"], name="schema_version_once"),
        ]


class SchemaChange(PublicIdModel):
    """Operations that made a version of a schema from the one before, and what became of its labels."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    before = models.ForeignKey(LabelSchema, on_delete=models.RESTRICT, related_name="changes")
    after = models.OneToOneField(LabelSchema, null=True, on_delete=models.RESTRICT, related_name="made_by")
    name = models.CharField(max_length=200)
    document = models.JSONField(db_comment="what the operations start from: the version before, edited")
    operations = models.JSONField()
    counts = models.JSONField(null=True, db_comment="what was done; null until it is")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    applied_at = models.DateTimeField(null=True)

    objects = ProjectManager()


class LabelRows(ProjectRows):
    def current(self) -> Self:
        return self.filter(is_current=True)


class Label(PublicIdModel):
    """An accepted answer. A correction is a new row; the old one stays and is no longer current."""

    class Origin(models.TextChoices):
        CONSENSUS = "consensus"
        REVIEW = "review"
        IMPORT = "import"
        OUTCOME = "outcome"
        SINGLE = "single"
        MIGRATION = "migration"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="labels")
    schema = models.ForeignKey(LabelSchema, on_delete=models.RESTRICT, related_name="labels")
    family = models.SlugField(max_length=80, db_comment="that of the schema, copied for the constraint")
    question = models.CharField(max_length=80)
    answer = models.JSONField()
    keys = ArrayField(models.CharField(max_length=120), default=list, db_comment="class keys of the answer, sorted")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    origin_ref = models.CharField(max_length=200, blank=True, db_comment="opaque; who made it knows")
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    posterior = models.FloatField(null=True, db_comment="probability of the answer, 0 to 1")
    entropy = models.FloatField(null=True, db_comment="of the posterior, nats")
    n_labels = models.PositiveIntegerField(null=True, db_comment="answers of people behind it")
    reason = models.TextField(blank=True)
    is_current = models.BooleanField(default=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="corrected_by")

    objects = LabelRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "question", "family"], condition=Q(is_current=True), name="label_one_current"
            ),
            models.CheckConstraint(
                condition=Q(posterior__isnull=True) | Q(posterior__gte=0, posterior__lte=1),
                name="label_posterior_is_a_probability",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "family", "question", "item"],
                condition=Q(is_current=True),
                name="label_current_by_question",
            ),
        ]
