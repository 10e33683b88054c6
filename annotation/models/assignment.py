"""Leases, submissions and cursors. Raw SQL writes these tables (services/hot_sql.py)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Project, User
from annotation.models.annotator import Annotator
from annotation.models.queue import Queue
from annotation.models.task import Task


class AssignmentState(models.TextChoices):
    LEASED = "leased"
    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    RETURNED = "returned"
    PAST = "past"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def leased(self) -> Self:
        return self.filter(state=AssignmentState.LEASED)

    def submitted(self) -> Self:
        return self.filter(state=AssignmentState.SUBMITTED)

    def visible_to(self, user: User) -> Self:
        return self.filter(annotator__in=Annotator.objects.visible_to(user))


class Assignment(models.Model):
    """One annotator on one task, once: a lease at first, then answered or skipped. An ended lease is deleted.

    An answer that a reviewer sends back stays as it is, in state "returned". Sent back to the same annotator, it is
    followed by an assignment of the next round, which waits for them until `reserved_until`; the highest round counts.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    annotator = models.ForeignKey(Annotator, on_delete=models.PROTECT, related_name="assignments", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    state = models.CharField(max_length=9, choices=AssignmentState.choices, db_default="leased")
    revision = models.SmallIntegerField(db_default=0, db_comment="highest revision submitted; that one counts")
    tab = models.CharField(max_length=64, db_default="")
    token = models.UUIDField(db_comment="the lease as the client knows it")
    leased_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, db_comment="first submission; the time to edit counts from it")
    round = models.SmallIntegerField(db_default=1, db_comment="above 1: a reviewer sent the round before back")
    remark = models.JSONField(null=True, db_comment="comment and pin of the reviewer who sent the round before back")
    reserved_until = models.DateTimeField(null=True, db_comment="an ended lease waits for its annotator till then")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotator", "task", "round"], name="assignment_once_per_annotator"),
            models.CheckConstraint(
                condition=Q(state="leased", revision=0)
                | Q(state__in=["submitted", "skipped", "returned", "past"], revision__gte=1),
                name="assignment_answered_has_a_revision",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="leased"), name="assignment_expiry"),
            models.Index(fields=["annotator"], condition=Q(state="leased"), name="assignment_held"),
            models.Index(fields=["annotator", "queue"], condition=Q(state="skipped"), name="assignment_skipped"),
        ]

    def __str__(self) -> str:
        return f"{self.annotator_id} on {self.task_id}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(annotator__in=Annotator.objects.visible_to(user))


class Submission(models.Model):
    """An answer as it was sent. Append-only: a correction is the next revision."""

    id = models.UUIDField(primary_key=True, db_comment="minted by the client: the idempotency key")
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    annotator = models.ForeignKey(
        Annotator, on_delete=models.PROTECT, related_name="submissions", db_index=False, db_constraint=False
    )
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="submissions", db_index=False)
    revision = models.SmallIntegerField()
    schema_version = models.IntegerField(db_comment="version of the schema that the annotator saw")
    answer = models.JSONField()
    comment = models.TextField(db_default="")
    flagged = models.BooleanField(db_default=False)
    started_at = models.DateTimeField(null=True)
    duration_ms = models.IntegerField(db_default=0)
    tab = models.CharField(max_length=64, db_default="")
    body_hash = models.BinaryField(max_length=16, db_comment="of the request: tells a replay from a reused id")
    created_at = models.DateTimeField(db_default=Now())

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "revision"], name="submission_revision_once"),
            models.CheckConstraint(condition=Q(revision__gte=1, duration_ms__gte=0), name="submission_numbers_sane"),
        ]
        indexes = [models.Index(fields=["annotator", "queue", "-created_at"], name="submission_history")]

    def __str__(self) -> str:
        return str(self.pk)


class Cursor(models.Model):
    """How far an annotator got in a lane: everything before was done by them, closed, or locked when they passed.

    Except between the places `again` and `until`: there something came behind the cursor, and they look once more.
    """

    annotator = models.ForeignKey(Annotator, on_delete=models.CASCADE, related_name="+", db_index=False)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    lane = models.SmallIntegerField()
    epoch = models.IntegerField(db_comment="the queue's, of the changes that are taken into account")
    rank = models.IntegerField()
    task = models.BigIntegerField(db_comment="id of the last task passed at this rank")
    again_rank = models.IntegerField(null=True, db_comment="what lies after this place is looked at again")
    again_task = models.BigIntegerField(null=True)
    until_rank = models.IntegerField(null=True, db_comment="up to this place, which is included")
    until_task = models.BigIntegerField(null=True)
    reset_at = models.DateTimeField(null=True, db_comment="last walk from the start because nothing was found")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotator", "queue", "lane"], name="cursor_once"),
            models.CheckConstraint(
                condition=Q(again_rank=None, again_task=None, until_rank=None, until_task=None)
                | Q(again_rank__isnull=False, again_task__isnull=False)
                & Q(until_rank__isnull=False, until_task__isnull=False),
                name="cursor_again_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.annotator_id} at {self.rank}/{self.task}"
