"""Who labels: a user seen as an annotator of one project, and what they did in each queue."""

import secrets
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Project, Role, User
from common.models import PublicIdModel, TimestampedModel

LEADING = (Role.OWNER, Role.LEAD, Role.REVIEWER)
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # without letters that are read as digits


def new_pseudonym() -> str:
    return "A-" + "".join(secrets.choice(ALPHABET) for _ in range(6))


class AnnotatorKind(models.TextChoices):
    EXPERT = "expert"
    STAFF = "staff"
    VENDOR = "vendor"
    CROWD = "crowd"


class AnnotatorState(models.TextChoices):
    ACTIVE = "active"
    PAUSED = "paused"


class AnnotatorQuerySet(models.QuerySet["Annotator"]):
    def active(self) -> Self:
        return self.filter(state=AnnotatorState.ACTIVE)

    def visible_to(self, user: User) -> Self:
        """Oneself, and everybody in the projects that one leads or reviews."""
        led = Project.objects.filter(memberships__user=user, memberships__role__in=LEADING)
        return self.filter(Q(user=user, project__memberships__user=user) | Q(project__in=led)).distinct()


class Annotator(PublicIdModel, TimestampedModel):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AnnotatorKind.choices, default=AnnotatorKind.STAFF)
    is_simulated = models.BooleanField(default=False, db_comment="a program that labels with made-up skill")
    pseudonym = models.CharField(max_length=40, default=new_pseudonym)
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    state = models.CharField(max_length=10, choices=AnnotatorState.choices, default=AnnotatorState.ACTIVE)

    objects = AnnotatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="annotator_once_per_project"),
            models.UniqueConstraint(fields=["project", "pseudonym"], name="annotator_pseudonym_unique"),
            models.CheckConstraint(
                condition=Q(kind__in=AnnotatorKind.values) & Q(state__in=AnnotatorState.values),
                name="annotator_kind_and_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(annotator__in=Annotator.objects.visible_to(user))


class Participation(models.Model):
    """Counters of one annotator in one queue, written by the submit that changes them.

    The sum over a queue is its progress: no count(*) over tasks, and no single row that every annotator has to lock.
    """

    annotator = models.ForeignKey(Annotator, on_delete=models.CASCADE, related_name="participations")
    queue = models.ForeignKey(
        "annotation.Queue", on_delete=models.CASCADE, related_name="participations", db_constraint=False
    )
    n_done = models.IntegerField(db_default=0, db_comment="labels given, gold not counted")
    n_gold = models.IntegerField(db_default=0, db_comment="gold tasks answered")
    n_skipped = models.IntegerField(db_default=0)
    n_completed = models.IntegerField(db_default=0, db_comment="tasks finished minus tasks reopened by this annotator")
    n_past = models.IntegerField(db_default=0, db_comment="labels given in rounds that are over")
    n_saved = models.IntegerField(
        db_default=0, db_comment="labels not needed any more; only the sum over a queue says something"
    )
    day = models.DateField(null=True, db_comment="UTC; the day that n_today is about")
    n_today = models.IntegerField(db_default=0, db_comment="answers of that day, gold included")
    gold_streak = models.SmallIntegerField(db_default=0, db_comment="gold answers missed in a row")
    duration_ms = models.BigIntegerField(db_default=0, db_comment="time on these answers, as clients measured it")
    last_at = models.DateTimeField(null=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotator", "queue"], name="participation_once"),
            models.CheckConstraint(
                condition=Q(n_done__gte=0, n_gold__gte=0, n_skipped__gte=0, n_past__gte=0, n_today__gte=0),
                name="participation_counts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.annotator_id} in {self.queue_id}"
