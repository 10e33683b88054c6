"""What annotators are told: the instructions of a queue with good and bad examples, and who has read which revision."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from annotation.models.annotator import Annotator
from annotation.models.queue import Queue
from common.models import TimestampedModel


class ExampleKind(models.TextChoices):
    GOOD = "good"
    BAD = "bad"


class GuidelineQuerySet(models.QuerySet["Guideline"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(queue__in=Queue.objects.visible_to(user))


class Guideline(TimestampedModel):
    """One revision of a queue's instructions, as it was shown. The queue keeps text and number of the latest."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="guidelines", db_index=False)
    revision = models.PositiveIntegerField()
    instructions = models.TextField(blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="", db_comment="what changed, in a sentence")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = GuidelineQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "revision"], name="guideline_revision_once")]

    def __str__(self) -> str:
        return f"{self.queue_id} r{self.revision}"


class GuidelineExampleQuerySet(models.QuerySet["GuidelineExample"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(guideline__in=Guideline.objects.visible_to(user))


class GuidelineExample(models.Model):
    """An item that shows what a class is, or what it is not."""

    guideline = models.ForeignKey(Guideline, on_delete=models.CASCADE, related_name="examples", db_index=False)
    place = models.PositiveSmallIntegerField(db_comment="order on the page, from 0")
    item = models.ForeignKey("datasets.Item", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=ExampleKind.choices)
    class_key = models.CharField(max_length=120, blank=True, default="", db_comment="empty: of the question as a whole")
    sentence = models.CharField(max_length=300, blank=True, default="")

    objects = GuidelineExampleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guideline", "place"], name="example_place_once"),
            models.CheckConstraint(condition=Q(kind__in=ExampleKind.values), name="example_good_or_bad"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.class_key}"


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(annotator__in=Annotator.objects.visible_to(user))


class Acknowledgement(TimestampedModel):
    """An annotator has been shown this revision, on whatever machine."""

    annotator = models.ForeignKey(Annotator, on_delete=models.CASCADE, related_name="+", db_index=False)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="acknowledgements")
    revision = models.PositiveIntegerField()

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotator", "queue", "revision"], name="acknowledged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.annotator_id} read {self.queue_id} r{self.revision}"
