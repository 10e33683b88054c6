"""Tasks are narrow rows for the hot path; what they show lives beside them in the payload.

The hot statements are in services/hot_sql.py; this file holds the invariants. Fillfactor and autovacuum settings of the
hot tables are set in the first migration.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Project, User
from annotation.models.queue import Queue


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(queue__in=Queue.objects.visible_to(user))


class Task(models.Model):
    # Not checked by foreign key: the check would share-lock the one queue row for every write of every annotator.
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    lane = models.SmallIntegerField(db_default=0)
    rank = models.IntegerField(db_default=0, db_comment="minus priority, quantised; lowest first")
    k = models.SmallIntegerField(db_comment="labels wanted")
    n_out = models.SmallIntegerField(db_default=0, db_comment="slots taken: leased or done")
    n_done = models.SmallIntegerField(db_default=0)
    round = models.SmallIntegerField(db_default=1, db_comment="one more each time that the task is opened again")
    closed = models.BooleanField(db_default=False, db_comment="no further slot is given, whatever k says")
    open = models.BooleanField(db_default=True, db_comment="n_out < k and not closed; flips only at the edge")
    returned = models.BooleanField(db_default=False, db_comment="a slot came back behind the cursors: looked at first")

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(k__gte=1), name="task_k_positive"),
            models.CheckConstraint(condition=Q(n_out__gte=0, n_out__lte=F("k")), name="task_at_most_k_out"),
            models.CheckConstraint(condition=Q(n_done__gte=0, n_done__lte=F("n_out")), name="task_done_within_out"),
            models.CheckConstraint(
                condition=Q(open=True, closed=False, n_out__lt=F("k"))
                | Q(open=False, n_out=F("k"))
                | Q(open=False, closed=True),
                name="task_open_means_a_free_slot",
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "lane", "rank", "id"], condition=Q(open=True), name="task_next"),
            models.Index(
                fields=["queue", "lane", "rank", "id"], condition=Q(open=True, returned=True), name="task_returned"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TaskPayloadQuerySet(models.QuerySet["TaskPayload"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(queue__in=Queue.objects.visible_to(user))


class TaskPayload(models.Model):
    """What a task is about. An item's bytes never change, so what the workbench shows is copied once."""

    task = models.OneToOneField(Task, primary_key=True, on_delete=models.CASCADE, related_name="payload")
    queue = models.ForeignKey(
        Queue, on_delete=models.CASCADE, related_name="payloads", db_index=False, db_constraint=False
    )
    item = models.ForeignKey("datasets.Item", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)
    media_type = models.CharField(max_length=100, blank=True, default="")
    object_key = models.CharField(max_length=300, blank=True, default="")
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    name = models.CharField(max_length=255, blank=True, default="")
    provenance = models.JSONField(default=dict, db_comment="why this item; never sent to an annotator")
    remark = models.JSONField(null=True, db_comment="comment and pin of the reviewer who sent it to the pool")

    objects = TaskPayloadQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "item"], name="payload_item_once_per_queue")]

    def __str__(self) -> str:
        return self.sha256[:12]


class GoldQuerySet(models.QuerySet["Gold"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(queue__in=Queue.objects.visible_to(user))


class Gold(models.Model):
    """A task whose answer is known, mixed in blind."""

    task = models.OneToOneField(Task, primary_key=True, on_delete=models.CASCADE, related_name="gold")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="gold")
    answer = models.JSONField()
    set_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = GoldQuerySet.as_manager()

    def __str__(self) -> str:
        return f"gold {self.pk}"


class EarlyStopQuerySet(models.QuerySet["EarlyStop"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(queue__in=Queue.objects.visible_to(user))


class EarlyStop(models.Model):
    """Why a task was finished before it had k labels: how probable its answer was, by whose reliabilities."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="early_stops")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="early_stops", db_constraint=False)
    round = models.SmallIntegerField(db_default=1)
    answer = models.JSONField(db_comment="the leading answer, canonical")
    posterior = models.FloatField()
    n = models.SmallIntegerField(db_comment="answers behind it, without those that could not tell")
    limit = models.FloatField(db_comment="the queue's at that moment")
    minimum = models.SmallIntegerField(db_comment="the queue's at that moment")
    run = models.ForeignKey(
        "annotation.ConsensusRun", null=True, on_delete=models.SET_NULL, related_name="+",
        db_comment="the consensus that knew how reliable people are",
    )  # fmt: skip
    created_at = models.DateTimeField(db_default=Now())

    objects = EarlyStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "round"], name="stop_once_a_round"),
            models.CheckConstraint(condition=Q(n__gte=F("minimum"), minimum__gte=1), name="stop_never_below_minimum"),
            models.CheckConstraint(
                condition=Q(posterior__gte=F("limit"), posterior__lte=1), name="stop_is_sure_enough"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} at {self.posterior:.3f}"


class CompletedTask(models.Model):
    """Finished and not yet announced. Submits add rows; the beat turns a batch into one TasksCompleted event."""

    task = models.OneToOneField(Task, primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    # Internal: only the publisher reads it.

    def __str__(self) -> str:
        return str(self.pk)
