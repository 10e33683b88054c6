"""What the labels of several people add up to, and how far each of them is to be believed."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Job, Project, User
from annotation.models.annotator import Annotator
from annotation.models.queue import Queue
from annotation.models.task import Task
from common.models import PublicIdModel, TimestampedModel


class ConsensusMethod(models.TextChoices):
    MAJORITY = "majority"
    DAWID_SKENE = "dawid_skene"


class ConsensusRunQuerySet(models.QuerySet["ConsensusRun"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(queue__in=Queue.objects.visible_to(user))

    def finished(self) -> Self:
        return self.filter(finished_at__isnull=False)


class ConsensusRun(PublicIdModel, TimestampedModel):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="consensus_runs")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    method = models.CharField(max_length=16, choices=ConsensusMethod.choices)
    result = models.JSONField(default=dict, db_comment="sizes, iterations, agreement: what the page shows")
    finished_at = models.DateTimeField(null=True)

    objects = ConsensusRunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.method} {self.pk}"


class EstimateQuerySet(models.QuerySet["Estimate"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(queue__in=Queue.objects.visible_to(user))

    def unaccepted(self) -> Self:
        return self.filter(accepted_at__isnull=True)


class Estimate(models.Model):
    """The moving consensus about an item. The label gets answer and posterior when it is accepted, and keeps them.

    Of several questions the posterior is that of the least sure one and the entropy the sum; each is kept in `parts`.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="estimates", db_index=False)
    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="estimate")
    item = models.ForeignKey("datasets.Item", on_delete=models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(ConsensusRun, on_delete=models.CASCADE, related_name="estimates", db_index=False)
    answer = models.JSONField()
    distribution = models.JSONField(db_comment="class key to probability, the most probable 20")
    posterior = models.FloatField()
    entropy = models.FloatField(db_comment="nats, of the whole distribution")
    n = models.SmallIntegerField(db_comment="labels behind it")
    parts = models.JSONField(
        null=True, db_comment="of several questions, each counted one: posterior, entropy, n, distribution; else null"
    )
    unsettled = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, db_default=[],
        db_comment="questions that are asked and that the answer leaves out: differing, or nobody could tell",
    )  # fmt: skip
    accepted_at = models.DateTimeField(null=True)

    objects = EstimateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "item"], name="estimate_once"),
            models.CheckConstraint(
                condition=Q(posterior__gte=0, posterior__lte=1.000001, entropy__gte=0), name="estimate_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer} {self.posterior:.3f}"


class ReliabilityQuerySet(models.QuerySet["Reliability"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(annotator__in=Annotator.objects.visible_to(user))


class Reliability(models.Model):
    """How often an annotator is right in a queue, as one consensus run saw it; of several questions in each."""

    run = models.ForeignKey(ConsensusRun, on_delete=models.CASCADE, related_name="reliabilities")
    annotator = models.ForeignKey(Annotator, on_delete=models.CASCADE, related_name="reliabilities")
    question = models.CharField(
        max_length=80, blank=True, default="", db_default="", db_comment="key, where the queue asks several; else empty"
    )
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    level = models.FloatField(default=0.95)
    n = models.IntegerField(db_comment="labels compared")
    method = models.CharField(max_length=80)
    reason = models.CharField(max_length=200, blank=True, default="", db_comment="why there is no value")
    agreement = models.JSONField(
        null=True, db_comment="estimate: share of the others' labels on the same items that say the same"
    )

    objects = ReliabilityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "annotator", "question"], name="reliability_once_per_run")
        ]

    def __str__(self) -> str:
        return f"{self.annotator_id}: {self.value}"
