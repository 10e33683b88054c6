from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Job, Project, User
from common.models import PublicIdModel
from datasets.models.items import Item
from datasets.models.labels import Label, LabelSchema
from datasets.models.ownership import ProjectManager


class DatasetVersion(PublicIdModel):
    """A frozen dataset, shown as name@v3. It exists only when it is whole: the freezing job makes it at its end."""

    class State(models.TextChoices):
        FROZEN = "frozen"
        ARCHIVED = "archived"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    recipe = models.JSONField()
    parent = models.ForeignKey("self", null=True, on_delete=models.RESTRICT, related_name="children")
    schema = models.ForeignKey(LabelSchema, on_delete=models.RESTRICT, related_name="versions")
    question = models.CharField(max_length=80)
    manifest_key = models.CharField(max_length=300)
    summary = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.FROZEN)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ProjectManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["project", "name", "content_hash"], name="version_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}@v{self.number}"


class VersionItem(models.Model):
    """A row of a version as the database keeps it, for filters and for the parent's splits."""

    class Split(models.TextChoices):
        TRAIN = "train"
        VALIDATION = "validation"
        TEST = "test"

    version = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="rows")
    item = models.ForeignKey(Item, on_delete=models.RESTRICT, related_name="version_rows")
    sha256 = models.CharField(max_length=64, db_comment="of the item: rows are read in this order")
    split = models.CharField(max_length=10, choices=Split.choices)
    weight = models.FloatField(default=1.0)
    group = models.CharField(max_length=64, db_comment="smallest item hash of the group")
    label = models.ForeignKey(Label, null=True, on_delete=models.RESTRICT, related_name="+")
    label_keys = ArrayField(models.CharField(max_length=120), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "item"], name="version_item_once"),
            models.UniqueConstraint(fields=["version", "sha256"], name="version_hash_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="version_item_weight_positive"),
        ]
        indexes = [models.Index(fields=["version", "split", "item"], name="version_item_split")]


class Export(PublicIdModel):
    """One file made from a version; the same version and format give the same bytes, so it is made once."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="exports")
    format = models.CharField(max_length=20, db_comment="a key of datasets.formats.exports.EXPORT_FORMATS")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    object_key = models.CharField(max_length=300, blank=True)
    file_name = models.CharField(max_length=300, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    byte_size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    n_rows = models.PositiveBigIntegerField(null=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ProjectManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "format"], name="export_once")]
