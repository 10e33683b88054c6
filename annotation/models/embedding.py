"""What an operator's encoder made of a picture, kept so that every hint after the first is answered at once."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Project, User
from common.models import TimestampedModel


class PictureEmbeddingQuerySet(models.QuerySet["PictureEmbedding"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__memberships__user=user).distinct()


class PictureEmbedding(TimestampedModel):
    """One to a picture and a model. The numbers lie in the store; unused for two weeks, both are deleted."""

    class State(models.TextChoices):
        PENDING = "pending"
        READY = "ready"
        FAILED = "failed"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    model = models.CharField(max_length=64, db_comment="folder's name and hash of weights and card")
    sha256 = models.CharField(max_length=64, db_comment="of the picture")
    state = models.CharField(max_length=7, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(
        default=0, db_comment="begun; a picture that kills its worker must not be begun for ever"
    )
    asked_at = models.DateTimeField(db_comment="when a worker was last sent for it")
    used_at = models.DateTimeField(db_comment="about when somebody last gave a hint")
    width = models.PositiveIntegerField(default=0, db_comment="pixels of the upright picture, once it is ready")
    height = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True, db_comment="a sentence when it failed")

    objects = PictureEmbeddingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "model", "sha256"], name="embedding_one_per_picture"),
            models.CheckConstraint(condition=~Q(state="ready") | Q(width__gt=0, height__gt=0), name="embedding_size"),
        ]
        indexes = [models.Index(fields=["used_at"], name="embedding_used")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} by {self.model}: {self.state}"
