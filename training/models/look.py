"""Looks at data that must not be learned from: counted for validation, rationed for the test split."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from common.models import TimestampedModel
from training.models.model_version import ModelLine, ModelVersion
from training.models.run import Run

if TYPE_CHECKING:
    from accounts.models import User


class LookQuerySet(models.QuerySet["ValidationLook"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(project__memberships__user=user)


class ValidationLook(TimestampedModel):
    """Metrics of one run on the validation rows of a version were produced, hence seen."""

    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey("datasets.DatasetVersion", on_delete=models.RESTRICT, related_name="+")
    question = models.CharField(max_length=100)
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="validation_look")
    rows = models.PositiveIntegerField(db_comment="validation rows looked at")

    objects = LookQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["version", "question"], name="validation_look_version")]


class TestLookQuerySet(models.QuerySet["TestLook"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(project__memberships__user=user)


class TestLook(TimestampedModel):
    """The ledger of looks at sealed test splits: append-only, numbered for each split, whichever model looks.

    Versions keep an item in the split where it once was, so the test splits of several versions are one split to
    whoever looks: `split_of` names the version whose test split was looked at first.
    """

    __test__ = False  # not a test class, whatever pytest thinks of its name

    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="+")
    line = models.ForeignKey(ModelLine, on_delete=models.RESTRICT, related_name="test_looks")
    split_of = models.ForeignKey(
        "datasets.DatasetVersion",
        on_delete=models.RESTRICT,
        related_name="+",
        db_comment="version whose test split was looked at first; splits that share items with it are the same split",
    )
    number = models.PositiveSmallIntegerField(db_comment="1 is the look that everybody may take")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.RESTRICT, related_name="test_looks")
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(blank=True)
    job = models.ForeignKey("accounts.Job", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = TestLookQuerySet.as_manager()

    class Meta:
        ordering = ("split_of", "number")
        constraints = [
            models.UniqueConstraint(fields=["split_of", "number"], name="test_look_numbered"),
            models.CheckConstraint(condition=Q(number__gte=1), name="test_look_number_from_one"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="test_look_again_has_reason"),
        ]
