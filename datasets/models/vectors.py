from django.db import models
from django.db.models import Q
from pgvector.django import HalfVectorField

from accounts.models import Project
from common.models import TimestampedModel
from datasets.models.items import Item

VECTOR_DIMENSION = 1280


class Encoder(TimestampedModel):
    """What turned items into vectors, known by the hash of its file. Shared by all projects: it holds no data."""

    file_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    dimension = models.PositiveIntegerField()

    class Meta:
        constraints = [
            # Another width is another table: a vector column has one.
            models.CheckConstraint(condition=Q(dimension=VECTOR_DIMENSION), name="encoder_dimension_has_a_table"),
        ]


class ItemVector(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="vectors")
    encoder = models.ForeignKey(Encoder, on_delete=models.RESTRICT, related_name="vectors")
    vector = HalfVectorField(dimensions=VECTOR_DIMENSION)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["encoder", "item"], name="vector_once")]
        indexes = [models.Index(fields=["project", "encoder", "item"], name="vector_of_project")]
