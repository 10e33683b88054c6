"""A queue asks questions of one schema about many items; its lanes keep tasks of different skills apart."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Project, User
from annotation.models.annotator import LEADING, AnnotatorKind
from common.models import PublicIdModel, TimestampedModel

GOLD_LANE = 100  # a constant, so that the hot statements need no look-up


class QueuePurpose(models.TextChoices):
    LABELING = "labeling"
    AUDIT = "audit"
    TARGETED_AUDIT = "targeted_audit"


class QueueState(models.TextChoices):
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class SkipTo(models.TextChoices):
    """What a skip does with the item."""

    OTHERS = "others"
    ME_LATER = "me_later"
    REVIEW = "review"


class QueueQuerySet(models.QuerySet["Queue"]):
    def open(self) -> Self:
        return self.filter(state=QueueState.OPEN)

    def visible_to(self, user: User) -> Self:
        """Queues of the projects that the user leads or reviews; an annotator's own are `for_annotator`."""
        return self.filter(
            project__memberships__user=user, project__memberships__role__in=(*LEADING, "researcher")
        ).distinct()


class Queue(PublicIdModel, TimestampedModel):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=16, choices=QueuePurpose.choices, default=QueuePurpose.LABELING)
    schema = models.ForeignKey("datasets.LabelSchema", on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=80, db_comment="key of the question in the schema's document")
    questions = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, db_default=[],
        db_comment="keys of several questions in the schema's order, the first is `question`; empty: that one alone",
    )  # fmt: skip
    redundancy = models.PositiveSmallIntegerField(default=1, db_comment="k of new tasks")
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, db_comment="annotator kinds admitted; empty: all"
    )
    gold_share = models.FloatField(default=0.0, db_comment="share of leases that are gold, 0 to 0.5")
    auto_submit = models.BooleanField(default=True, db_comment="one key answers and submits")
    instructions = models.TextField(blank=True, default="")
    instructions_revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=QueueState.choices, default=QueueState.OPEN)
    skip_to = models.CharField(max_length=8, choices=SkipTo.choices, default=SkipTo.OTHERS)
    stop_at = models.FloatField(
        null=True, db_comment="a task is finished early when its leading answer is that probable; null: never"
    )
    stop_min = models.PositiveSmallIntegerField(default=2, db_comment="answers that an early stop needs at least")
    gold_misses = models.PositiveSmallIntegerField(
        null=True, db_comment="gold answers missed in a row after which a pause is suggested; null: never"
    )
    day_limit = models.PositiveIntegerField(null=True, db_comment="answers of one annotator a day (UTC), gold included")
    person_limit = models.PositiveIntegerField(null=True, db_comment="answers of one annotator in all, gold included")
    share_limit = models.FloatField(null=True, db_comment="of the labels wanted, what one annotator may give at most")
    epoch = models.IntegerField(default=1, db_comment="a change of places behind cursors adds one: see QueueChange")
    n_tasks = models.IntegerField(default=0, db_comment="ordinary tasks, without gold")
    n_slots = models.BigIntegerField(default=0, db_comment="sum of k over ordinary tasks")
    n_gold = models.IntegerField(default=0)
    n_closed = models.IntegerField(default=0, db_comment="tasks closed before they had all their labels")
    n_reopened = models.IntegerField(default=0, db_comment="finished tasks that were opened again for a new round")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = QueueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="queue_name_unique_in_project"),
            models.CheckConstraint(condition=Q(redundancy__gte=1, redundancy__lte=100), name="queue_redundancy_sane"),
            models.CheckConstraint(condition=Q(gold_share__gte=0, gold_share__lte=0.5), name="queue_gold_share_sane"),
            models.CheckConstraint(
                condition=Q(purpose__in=QueuePurpose.values) & Q(state__in=QueueState.values),
                name="queue_purpose_and_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=list(AnnotatorKind.values)), name="queue_kinds_known"
            ),
            models.CheckConstraint(condition=Q(skip_to__in=SkipTo.values), name="queue_skip_known"),
            models.CheckConstraint(
                condition=Q(stop_at__isnull=True) | Q(stop_at__gt=0.5, stop_at__lt=1, purpose="labeling"),
                name="queue_stop_is_a_probability",
            ),
            models.CheckConstraint(condition=Q(stop_min__gte=1, stop_min__lte=100), name="queue_stop_minimum_sane"),
            models.CheckConstraint(
                condition=Q(gold_misses__isnull=True) | Q(gold_misses__gte=1, gold_misses__lte=100),
                name="queue_gold_misses_sane",
            ),
            models.CheckConstraint(
                condition=(Q(day_limit__isnull=True) | Q(day_limit__gte=1))
                & (Q(person_limit__isnull=True) | Q(person_limit__gte=1))
                & (Q(share_limit__isnull=True) | Q(share_limit__gt=0, share_limit__lte=1)),
                name="queue_limits_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def asked_keys(self) -> list[str]:
        """Keys of all that is asked about an item, in the order of the schema."""
        return list(self.questions) or [self.question]

    @property
    def has_limits(self) -> bool:
        return not (self.day_limit is None and self.person_limit is None and self.share_limit is None)

    @property
    def is_audit(self) -> bool:
        return self.purpose in (QueuePurpose.AUDIT, QueuePurpose.TARGETED_AUDIT)


class LaneQuerySet(models.QuerySet["Lane"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(queue__in=Queue.objects.visible_to(user))


class Lane(models.Model):
    """Tasks of one queue that need the same skills: lane 0 those of the queue itself; gold has a lane of its own."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="lanes")
    number = models.SmallIntegerField()
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_gold = models.BooleanField(default=False, db_comment="true for number 100 and no other")
    n_tasks = models.IntegerField(default=0)
    max_rank = models.IntegerField(null=True, db_comment="highest rank ever given: cursors may have passed a lower one")

    objects = LaneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "number"], name="lane_number_once"),
            models.CheckConstraint(
                condition=Q(is_gold=True, number=GOLD_LANE) | Q(is_gold=False, number__gte=0, number__lt=GOLD_LANE),
                name="lane_gold_has_its_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id}/{self.number}"


class QueueChange(models.Model):
    """The queue came to this epoch because tasks came to places between two, which cursors may have passed already.

    Written in the transaction that changes the tasks: who reads the epoch reads both. A cursor that is behind looks
    again at what lies between the lowest and the highest place of all that it missed.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False)
    lane = models.SmallIntegerField()
    epoch = models.IntegerField()
    low_rank = models.IntegerField()
    low_task = models.BigIntegerField()
    high_rank = models.IntegerField()
    high_task = models.BigIntegerField()
    # Internal: only `next` reads it.

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "lane", "epoch"], name="queuechange_once")]

    def __str__(self) -> str:
        return f"{self.queue_id}/{self.lane} at {self.epoch}"
