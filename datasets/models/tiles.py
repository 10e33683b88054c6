from django.db import models
from django.db.models import Q

from accounts.models import Project
from common.models import TimestampedModel
from datasets.models.items import Item
from datasets.models.ownership import ProjectManager


class TilePyramid(TimestampedModel):
    """The tiles of one picture that is too large to be shown whole. Items that come whole have no row."""

    class State(models.TextChoices):
        PENDING = "pending"
        READY = "ready"
        FAILED = "failed"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="tiles")
    state = models.CharField(max_length=7, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(
        default=0, db_comment="begun; a picture that kills its worker must not be begun for ever"
    )
    n_tiles = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True, db_comment="a sentence when it failed")

    objects = ProjectManager()

    class Meta:
        indexes = [models.Index(fields=["project", "id"], condition=Q(state="pending"), name="tiles_pending")]
