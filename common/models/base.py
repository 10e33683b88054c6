from django.db import models

from common.ids import uuid7


class TimestampedModel(models.Model):
    """A row that knows when it was made (UTC)."""

    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class PublicIdModel(TimestampedModel):
    """A row with a bigint inside and a UUIDv7 for the world."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)

    class Meta:
        abstract = True
