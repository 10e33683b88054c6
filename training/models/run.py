"""A run: one fit of one recipe on one frozen version, with everything that is needed to do it again."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from common.models import PublicIdModel

if TYPE_CHECKING:
    from accounts.models import User


class RunState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES = (RunState.QUEUED, RunState.RUNNING)


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(project__memberships__user=user)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def succeeded(self) -> Self:
        return self.filter(state=RunState.SUCCEEDED)

    def baselines(self) -> Self:
        return self.filter(is_baseline=True)

    def networks(self) -> Self:
        return self.filter(is_baseline=False)

    def of_version(self, version_id: int, question: str) -> Self:
        return self.filter(version_id=version_id, question=question)


class Run(PublicIdModel):
    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey("datasets.DatasetVersion", on_delete=models.RESTRICT, related_name="+")
    question = models.CharField(max_length=100, db_comment="key of the schema's question that is predicted")
    target = models.JSONField(default=dict, db_comment="level of the taxonomy that is learned, classes left out")
    recipe = models.CharField(max_length=60)
    is_baseline = models.BooleanField(default=False)
    settings = models.JSONField(default=dict, db_comment="every setting of the recipe, defaults filled in")
    protocol = models.JSONField(default=dict, db_comment="how the model is judged: hold_out, k_fold or final")
    seed = models.PositiveIntegerField(default=0)
    task = models.JSONField(default=dict, db_comment="kind, classes in output order, metric shown per epoch")
    exports = models.JSONField(default=list)
    code_revision = models.CharField(max_length=64, blank=True)
    environment = models.JSONField(default=dict, db_comment="versions of Python and of the packages that compute")
    manifest_sha256 = models.CharField(
        max_length=64, blank=True, db_comment="of the rows that were fitted on, without paths"
    )
    rerun_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reruns")

    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    job = models.ForeignKey("accounts.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True, db_comment="a sentence: why the run ended without a model")

    head = models.JSONField(default=dict, db_comment="units, activation, loss")
    head_reason = models.TextField(blank=True)
    protocol_reason = models.TextField(blank=True)
    metrics = models.JSONField(null=True, db_comment="on rows that the model was not fitted on, with intervals")
    overfitting = models.JSONField(null=True)
    comparison = models.JSONField(null=True, db_comment="against the best baseline of the same version")
    details = models.JSONField(default=dict, db_comment="parameters, seconds, sizes, messages")

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["project", "-id"], name="run_project_newest"),
            models.Index(fields=["version", "question"], name="run_version_question"),
            models.Index(fields=["job"], condition=Q(state__in=["queued", "running"]), name="run_open_job"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_known"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, state__in=["queued", "running"])
                | Q(finished_at__isnull=False, state__in=["succeeded", "failed", "cancelled"]),
                name="run_finished_at_when_ended",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="run_failed_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.recipe} {self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class EpochPoint(models.Model):
    """One epoch of one fold: the curves."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="points")
    fold = models.PositiveSmallIntegerField(default=0, db_comment="0 is the fit whose model is kept")
    epoch = models.PositiveIntegerField(db_comment="counts from 1")
    train_loss = models.FloatField(null=True)
    validation_loss = models.FloatField(null=True)
    train_metric = models.FloatField(null=True)
    validation_metric = models.FloatField(null=True)
    learning_rate = models.FloatField(null=True)
    phase = models.CharField(max_length=20, blank=True, db_comment="head, fine_tune: what was being fitted")

    class Meta:
        ordering = ("run", "fold", "epoch")
        constraints = [models.UniqueConstraint(fields=["run", "fold", "epoch"], name="epoch_point_once")]


class RunFile(models.Model):
    """A file that a run left behind, kept in the object store under its content."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=120, db_comment="name in the run's folder, e.g. model.onnx")
    object_key = models.CharField(max_length=300)
    file_hash = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(db_comment="bytes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="run_file_once")]
