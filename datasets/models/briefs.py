from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Project, User
from common.models import PublicIdModel, TimestampedModel
from datasets.models.ownership import ProjectManager


class Brief(PublicIdModel):
    """One revision of what the project is for. A draft is edited in place; a signed or stopped one never changes."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SIGNED = "signed"
        STOPPED = "stopped"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()
    template = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # Copied out of the answers, because releases, audits and schedules compute with them.
    task_kind = models.CharField(max_length=40, blank=True)
    class_of_concern = models.CharField(max_length=200, blank=True)
    positive_share = models.FloatField(null=True, db_comment="share of the class of concern in production, 0 to 1")
    cases_per_day = models.FloatField(null=True)
    lifetime_days = models.PositiveIntegerField(null=True, db_comment="how long a model is expected to stay right")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProjectManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "revision"], name="brief_revision_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(state="draft"), name="brief_one_draft"),
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(decided_at__isnull=False) & ~Q(signed_name="")),
                name="brief_decided_by_a_named_person",
            ),
            models.CheckConstraint(
                condition=Q(positive_share__isnull=True) | Q(positive_share__gte=0, positive_share__lte=1),
                name="brief_positive_share_is_a_share",
            ),
        ]


class Hypothesis(PublicIdModel):
    """One of the two things every project takes for granted until somebody tests it."""

    class Kind(models.TextChoices):
        PREDICTABLE = "predictable"  # the target can be predicted from the input
        INFORMATIVE = "informative"  # the available data are informative enough

    class State(models.TextChoices):
        UNTESTED = "untested"
        SUPPORTED = "supported"
        IN_DOUBT = "in_doubt"
        REFUTED = "refuted"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UNTESTED)
    refuted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    objects = ProjectManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="hypothesis_kind_once"),
            models.CheckConstraint(
                condition=~Q(state="refuted") | (Q(decided_at__isnull=False) & ~Q(signed_name="")),
                name="hypothesis_refuted_by_a_named_person",
            ),
        ]


class HypothesisAttempt(TimestampedModel):
    """One training run held against the baseline. The reference is opaque here: this app knows no runs."""

    hypothesis = models.ForeignKey(Hypothesis, on_delete=models.CASCADE, related_name="attempts")
    reference = models.CharField(max_length=100)
    label = models.CharField(max_length=300)
    beat_baseline = models.BooleanField()
    metric = models.CharField(max_length=60)
    value = models.FloatField(null=True)
    baseline = models.FloatField(null=True)
    notes = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hypothesis", "reference"], name="attempt_counted_once"),
        ]
