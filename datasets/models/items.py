from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from accounts.models import Project
from common.models import TimestampedModel
from datasets.models.ownership import ProjectManager, ProjectRows
from datasets.models.sources import Source


class ItemRows(ProjectRows):
    def of_project(self, project: Project) -> Self:
        return self.filter(project=project)

    def from_sources(self, source_ids: Iterable[int]) -> Self:
        met = Occurrence.objects.filter(item_id=models.OuterRef("pk"), source_id__in=list(source_ids))
        return self.filter(models.Exists(met))


class Item(TimestampedModel):
    """One content: the same bytes met twice in a project are one item, labelled once."""

    class Kind(models.TextChoices):
        IMAGE = "image"
        TEXT = "text"
        RECORD = "record"

    class Derived(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        FAILED = "failed"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64, db_comment="hex; a record's hash includes its external id")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.IMAGE)
    media_type = models.CharField(max_length=100)
    byte_size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, db_comment="pixels after the EXIF orientation is applied")
    height = models.PositiveIntegerField(null=True, db_comment="pixels after the EXIF orientation is applied")
    phash = models.BigIntegerField(null=True, db_comment="64-bit dHash as two's complement")
    group_key = models.CharField(max_length=200, blank=True, db_comment="items that must stay in one split")
    object_key = models.CharField(max_length=300, blank=True, db_comment="empty for texts and records")
    text = models.TextField(blank=True)
    record = models.JSONField(null=True)
    facts = models.JSONField(default=dict, db_comment="orientation, camera, colour mode, animated …")
    statistics = models.JSONField(default=dict, db_comment="image statistics, floats")
    issues = ArrayField(models.CharField(max_length=20), default=list)
    derived = models.CharField(max_length=8, choices=Derived.choices, default=Derived.PENDING)
    thumbnail_sides = ArrayField(models.PositiveSmallIntegerField(), default=list)

    objects = ItemRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "sha256"], name="item_bytes_once")]
        indexes = [
            models.Index(fields=["project", "id"], name="item_project_id"),
            models.Index(fields=["project", "id"], condition=Q(derived="pending"), name="item_derived_pending"),
            models.Index(fields=["project", "group_key"], condition=~Q(group_key=""), name="item_group"),
            GinIndex(fields=["issues"], name="item_issues"),
        ]


class Occurrence(TimestampedModel):
    """Where an item was met. Checks compare occurrences; identity is what a second import recognises."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="occurrences")
    source = models.ForeignKey(Source, on_delete=models.RESTRICT, related_name="occurrences")
    name = models.CharField(max_length=1024, blank=True)
    external_id = models.CharField(max_length=300, blank=True)
    identity = models.UUIDField(db_comment="first 128 bits of SHA-256 of name, NUL, external id")
    group_key = models.CharField(
        max_length=200, blank=True, db_comment="as this source has it; an item may have several"
    )
    stamp = models.CharField(max_length=200, blank=True, db_comment="size and time or ETag: unchanged means known")
    captured_at = models.DateTimeField(null=True, db_comment="only when the zone is known")
    captured_local = models.CharField(max_length=19, blank=True, db_comment="wall clock, ISO 8601 without zone")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    attributes = models.JSONField(default=dict)

    objects = ProjectManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "source", "identity"], name="occurrence_once"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="occurrence_place_on_earth",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "identity"], name="occurrence_known"),
            models.Index(fields=["source", "item"], name="occurrence_source_item"),
            GinIndex(fields=["attributes"], opclasses=["jsonb_path_ops"], name="occurrence_attributes"),
        ]


class AttributeDefinition(TimestampedModel):
    """Type, unit and meaning of one column of `Occurrence.attributes` in a project."""

    class Type(models.TextChoices):
        BOOLEAN = "boolean"
        INTEGER = "integer"
        NUMBER = "number"
        DATETIME = "datetime"
        CATEGORY = "category"
        TEXT = "text"

    class Known(models.TextChoices):
        YES = "yes"
        NO = "no"
        UNKNOWN = "unknown"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=10, choices=Type.choices)
    unit = models.CharField(max_length=60, blank=True)
    known_at_prediction = models.CharField(max_length=8, choices=Known.choices, default=Known.UNKNOWN)
    description = models.TextField(blank=True)

    objects = ProjectManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="attribute_name_once")]
