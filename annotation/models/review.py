"""What the crowd disputes goes to an expert."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Project, User
from annotation.models.queue import Queue
from annotation.models.task import Task
from common.models import PublicIdModel, TimestampedModel


class ReviewReason(models.TextChoices):
    LOW_POSTERIOR = "low_posterior"
    DISAGREEMENT = "disagreement"
    CANNOT_TELL = "cannot_tell"
    FLAGGED = "flagged"
    SKIPPED = "skipped"


class ReviewState(models.TextChoices):
    OPEN = "open"
    SETTLED = "settled"


class ReviewCaseQuerySet(models.QuerySet["ReviewCase"]):
    def open(self) -> Self:
        return self.filter(state=ReviewState.OPEN)

    def visible_to(self, user: User) -> Self:
        return self.filter(queue__in=Queue.objects.visible_to(user))


class ReviewCase(PublicIdModel, TimestampedModel):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="review_cases")
    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="review_case")
    reason = models.CharField(max_length=16, choices=ReviewReason.choices)
    state = models.CharField(max_length=8, choices=ReviewState.choices, default=ReviewState.OPEN)
    answer = models.JSONField(null=True)
    note = models.TextField(blank=True, default="")
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = ReviewCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answer__isnull=True, settled_at__isnull=True)
                | Q(state="settled", answer__isnull=False, settled_at__isnull=False),
                name="review_settled_has_an_answer",
            )
        ]
        indexes = [models.Index(fields=["queue", "state", "-id"], name="review_list")]

    def __str__(self) -> str:
        return f"{self.reason} {self.state}"
