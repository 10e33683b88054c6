"""Manual audits: a design with stored inclusion probabilities, judged blind by people."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Project, User
from common.models import PublicIdModel, TimestampedModel


class AuditKind(models.TextChoices):
    RANDOM = "random"  # designed; its estimate speaks for production
    TARGETED = "targeted"  # hard samples; never a rate


class AuditState(models.TextChoices):
    RUNNING = "running"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


class AuditScheduleQuerySet(models.QuerySet["AuditSchedule"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__memberships__user=user)


class AuditSchedule(PublicIdModel):
    """Every so many days, so many items, and somebody who answers for it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    endpoint = models.ForeignKey("training.Endpoint", on_delete=models.CASCADE, related_name="+")
    cadence_days = models.PositiveSmallIntegerField()
    budget = models.PositiveIntegerField(db_comment="items an audit")
    strata_by = models.CharField(max_length=20, default="class_and_score")
    redundancy = models.PositiveSmallIntegerField(default=1, db_comment="people who judge each item")
    kinds = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, db_comment="annotator kinds admitted; empty: all"
    )
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    next_due_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)

    objects = AuditScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cadence_days__gte=1), name="audit_schedule_cadence_positive"),
            models.CheckConstraint(condition=Q(budget__gte=1), name="audit_schedule_budget_positive"),
            models.CheckConstraint(
                condition=Q(strata_by__in=["class", "score", "class_and_score", "none"]),
                name="audit_schedule_strata_known",
            ),
            models.CheckConstraint(
                condition=Q(redundancy__gte=1, redundancy__lte=9), name="audit_schedule_redundancy_1_to_9"
            ),
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(is_active=True), name="audit_schedule_one_active_per_endpoint"
            ),
        ]


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(project__memberships__user=user)


class Audit(PublicIdModel):
    """One look by people at what one model answered in one window."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    endpoint = models.ForeignKey("training.Endpoint", on_delete=models.CASCADE, related_name="+")
    model_version = models.ForeignKey("training.ModelVersion", on_delete=models.CASCADE, related_name="+")
    schedule = models.ForeignKey(AuditSchedule, null=True, on_delete=models.SET_NULL, related_name="audits")
    kind = models.CharField(max_length=10, choices=AuditKind.choices)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=AuditState.choices, default=AuditState.RUNNING)
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    population_size = models.PositiveIntegerField(db_comment="auditable predictions in the window")
    design = models.JSONField(db_comment="strata with sizes, allocation and seed, as drawn")
    queue = models.ForeignKey("annotation.Queue", null=True, on_delete=models.RESTRICT, related_name="+")
    result = models.JSONField(null=True, db_comment="the estimate as of result_at")
    result_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["endpoint", "-id"], name="audit_endpoint_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(window_from__lt=models.F("window_to")), name="audit_window_order"),
            models.UniqueConstraint(
                fields=["schedule", "window_to"], condition=Q(schedule__isnull=False), name="audit_once_per_due_time"
            ),
        ]


class AuditItem(TimestampedModel):
    """One sampled prediction with the probability that the design gave it, and later what people say."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="items")
    request_id = models.UUIDField()
    item = models.ForeignKey("datasets.Item", on_delete=models.CASCADE, related_name="+")
    stratum = models.TextField(db_comment="name of the stratum in the design")
    inclusion_probability = models.FloatField(null=True, db_comment="null: targeted, outside of every estimate")
    predicted = models.TextField(db_comment="class key; keys joined by | for multiple choice")
    score = models.FloatField()
    truth = models.TextField(null=True, db_comment="as predicted; empty: none of these")
    undecidable = models.BooleanField(default=False, db_comment="people could not tell")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["item"], name="audit_item_item")]
        constraints = [
            models.UniqueConstraint(fields=["audit", "request_id"], name="audit_item_once"),
            models.CheckConstraint(
                condition=Q(inclusion_probability__isnull=True)
                | Q(inclusion_probability__gt=0, inclusion_probability__lte=1),
                name="audit_item_probability_share",
            ),
            models.CheckConstraint(
                condition=Q(truth__isnull=True) | Q(undecidable=False), name="audit_item_truth_or_undecidable"
            ),
        ]
