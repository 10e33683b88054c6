from django.db import models
from django.db.models import Q

from common.models import TimestampedModel
from training.models.model_version import ModelVersion


class ExportSignature(TimestampedModel):
    """Somebody answers for it that the files of a model made of sensitive data may leave the server."""

    model_version = models.OneToOneField(ModelVersion, on_delete=models.CASCADE, related_name="export_signature")
    name = models.CharField(max_length=200, db_comment="the person who answers for it, as they wrote it")
    reason = models.TextField(db_comment="why the files may leave, and where to")
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(reason=""), name="export_signature_says_who_and_why"),
        ]
