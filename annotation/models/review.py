"""What the crowd disputes, and a random share of what it does not, goes to an expert."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Job, Project, User
from annotation.models.assignment import Assignment, Submission
from annotation.models.queue import Queue
from annotation.models.task import Task
from common.models import PublicIdModel, TimestampedModel


class ReviewReason(models.TextChoices):
    LOW_POSTERIOR = "low_posterior"
    DISAGREEMENT = "disagreement"
    CANNOT_TELL = "cannot_tell"
    FLAGGED = "flagged"
    SKIPPED = "skipped"
    SAMPLED = "sampled"


class ReviewState(models.TextChoices):
    OPEN = "open"
    RETURNED = "returned"
    SETTLED = "settled"


class ReturnDestination(models.TextChoices):
    ANNOTATOR = "annotator"
    POOL = "pool"


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
    fixed_from = models.ForeignKey(
        Submission, null=True, on_delete=models.SET_NULL, related_name="+",
        db_comment="whose answer the reviewer took and corrected; null when the answer is as somebody gave it, or new",
    )  # fmt: skip
    note = models.TextField(blank=True, default="")
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    disputed = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, db_default=[],
        db_comment="of several questions, those that are left to settle; empty: all, or the only one",
    )  # fmt: skip
    n_returns = models.PositiveSmallIntegerField(default=0, db_comment="times that answers were sent back")
    inclusion_probability = models.FloatField(
        null=True, db_comment="drawn at random with this probability; null: not in the random sample"
    )
    sampled_at = models.DateTimeField(null=True, db_comment="answers given before are judged by the sample")

    objects = ReviewCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "returned"], answer__isnull=True, settled_at__isnull=True)
                | Q(state="settled", answer__isnull=False, settled_at__isnull=False),
                name="review_settled_has_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(inclusion_probability__isnull=True, sampled_at__isnull=True)
                | Q(inclusion_probability__gt=0, inclusion_probability__lte=1, sampled_at__isnull=False),
                name="review_sampled_with_a_probability",
            ),
            models.CheckConstraint(
                condition=Q(fixed_from__isnull=True) | Q(state="settled"), name="review_fixed_means_settled"
            ),
        ]
        indexes = [models.Index(fields=["queue", "state", "-id"], name="review_list")]

    def __str__(self) -> str:
        return f"{self.reason} {self.state}"


class ReviewReturnQuerySet(models.QuerySet["ReviewReturn"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(case__in=ReviewCase.objects.visible_to(user))


class ReviewReturn(PublicIdModel, TimestampedModel):
    """One answer that a reviewer sent back. The answer stays; it no longer counts."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="returns")
    number = models.PositiveSmallIntegerField(
        db_comment="the case's first, second … time; several answers may share it"
    )
    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="sent_back")
    destination = models.CharField(max_length=9, choices=ReturnDestination.choices)
    comment = models.TextField(blank=True, default="")
    x = models.FloatField(null=True, db_comment="pixels of the picture, from its left edge; null without a pin")
    y = models.FloatField(null=True, db_comment="pixels of the picture, from its top edge")
    returned_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ReviewReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(destination__in=ReturnDestination.values), name="return_destination"),
            models.CheckConstraint(
                condition=Q(x__isnull=True, y__isnull=True) | Q(x__gte=0, y__gte=0), name="return_pin_is_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} to {self.destination}"


class ReviewPlanQuerySet(models.QuerySet["ReviewPlan"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(queue__in=Queue.objects.visible_to(user))


class ReviewPlan(models.Model):
    """Which finished tasks of a queue a reviewer sees, beside those that a consensus sends."""

    queue = models.OneToOneField(Queue, primary_key=True, on_delete=models.CASCADE, related_name="review_plan")
    share = models.FloatField(default=0.0, db_comment="of the finished tasks, drawn at random")
    agreement_below = models.FloatField(
        null=True, db_comment="tasks whose most frequent answer has a smaller share are reviewed; null: none for this"
    )
    seed = models.CharField(max_length=32, db_comment="secret: with it anybody could tell which tasks are drawn")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    objects = ReviewPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="review_plan_share"),
            models.CheckConstraint(
                condition=Q(agreement_below__isnull=True) | Q(agreement_below__gt=0, agreement_below__lte=1),
                name="review_plan_agreement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share:.0%} of {self.queue_id}"
