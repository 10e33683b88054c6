from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import JobOut
from common.serializers import EstimateOut, SaidOut
from training.models import EpochPoint, Run, RunState, TestLook
from training.selectors.ceilings import ceiling_of
from training.selectors.export_jobs import missing_exports

VERDICTS = ["beats", "does_not_beat", "cannot_tell"]


class ClassOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()


class RecipeSettingOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=["boolean", "integer", "number", "string"])
    default = serializers.JSONField()
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    choices = serializers.ListField(child=serializers.CharField(), allow_null=True)
    help = serializers.CharField()


class RecipeOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    sentence = serializers.CharField()
    is_baseline = serializers.BooleanField()
    kinds = serializers.ListField(child=serializers.CharField())
    exports = serializers.ListField(child=serializers.CharField())
    settings = RecipeSettingOut(many=True)


class RecipesOut(serializers.Serializer[Any]):
    results = RecipeOut(many=True)
    next = serializers.CharField(allow_null=True)


class TargetIn(serializers.Serializer[Any]):
    version = serializers.CharField(help_text="name@v3, or the version's content hash")
    question = serializers.CharField(required=False, default="", allow_blank=True)
    level = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        help_text="level of the taxonomy that is learned: 0 the topmost classes; null the labelled class",
    )
    left_out = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    protocol = serializers.DictField(required=False, default=dict)
    seed = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31 - 1)
    metric = serializers.CharField(required=False, default="", allow_blank=True)


class RunIn(TargetIn):
    recipe = serializers.CharField()
    settings = serializers.DictField(required=False, default=dict)
    with_baselines = serializers.BooleanField(required=False, default=True)


class BaselinesIn(TargetIn):
    pass


class ProtocolOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["hold_out", "k_fold", "final"])
    folds = serializers.IntegerField()
    repeats = serializers.IntegerField()
    stratified = serializers.BooleanField()
    grouped = serializers.BooleanField()


class TaskOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["single_choice", "binary", "multi_label"])
    metric = serializers.CharField()
    classes = ClassOut(many=True)


class TargetOut(serializers.Serializer[Any]):
    level = serializers.IntegerField(allow_null=True)
    left_out = serializers.ListField(child=serializers.CharField())


class HeadOut(serializers.Serializer[Any]):
    units = serializers.IntegerField()
    activation = serializers.CharField()
    loss = serializers.CharField()


class OverfittingOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["too_early", "still_learning", "stalled", "overfitting"])
    best_epoch = serializers.IntegerField(allow_null=True)
    from_epoch = serializers.IntegerField(allow_null=True, help_text="epoch at which overfitting starts, from 1")
    sentence = serializers.CharField()
    said = SaidOut(many=True, required=False)


class ComparisonOut(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=VERDICTS)
    sentence = serializers.CharField()
    said = SaidOut(many=True, required=False)
    metric = serializers.CharField(required=False)
    model = serializers.FloatField(required=False)
    baseline = serializers.FloatField(required=False)
    gain = EstimateOut(required=False)
    baseline_run = serializers.UUIDField(required=False)
    baseline_recipe = serializers.CharField(required=False)


class ScoresOut(serializers.Serializer[Any]):
    accuracy = EstimateOut()
    balanced_accuracy = EstimateOut()
    macro_f1 = EstimateOut()
    log_loss = EstimateOut()
    brier = EstimateOut()
    ece = EstimateOut()
    roc_auc = EstimateOut()
    pr_auc = EstimateOut()


class ClassScoresOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    cases = serializers.IntegerField()
    precision = EstimateOut()
    recall = EstimateOut()
    f1 = EstimateOut()
    roc_auc = EstimateOut()
    pr_auc = EstimateOut()


class CalibrationBinOut(serializers.Serializer[Any]):
    low = serializers.FloatField()
    high = serializers.FloatField()
    share = serializers.FloatField()
    confidence = serializers.FloatField(allow_null=True)
    right = EstimateOut()


class MetricsOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    rows = serializers.IntegerField()
    groups = serializers.IntegerField()
    scores = ScoresOut()
    classes = ClassScoresOut(many=True)
    confusion = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        allow_null=True,
        help_text="rows are the truth, columns the decision, in the order of `classes`",
    )
    calibration = CalibrationBinOut(many=True)


class CeilingOut(serializers.Serializer[Any]):
    accuracy = EstimateOut()
    against = serializers.ChoiceField(choices=["gold", "review"], allow_null=True)
    n_annotators = serializers.IntegerField()
    simulated_share = serializers.FloatField()
    sentence = serializers.CharField()
    said = SaidOut(many=True, required=False)


class RunModelOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    line = serializers.CharField(source="line.name")
    number = serializers.IntegerField()


class MeasuredExportOut(serializers.Serializer[Any]):
    format = serializers.CharField()
    file = serializers.CharField()
    bytes = serializers.IntegerField()
    cpu_ms = serializers.FloatField()
    original_cpu_ms = serializers.FloatField()
    agreement = EstimateOut()
    largest_difference = serializers.FloatField()
    accuracy = EstimateOut()
    original_accuracy = EstimateOut()
    judged = serializers.BooleanField()
    sentence = serializers.CharField()
    said = SaidOut(many=True, required=False)


class ExportIn(serializers.Serializer[Any]):
    format = serializers.CharField(help_text="onnx, litert_int8")


class MissingExportOut(serializers.Serializer[Any]):
    """A format that the model is not in yet. job: who makes it, or failed to."""

    format = serializers.CharField()
    job = JobOut(allow_null=True)


class LooksOut(serializers.Serializer[Any]):
    looks = serializers.IntegerField()
    optimism = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(choices=["fine", "careful", "too_often", "unknown"])
    sentence = serializers.CharField()


class RunOut(serializers.ModelSerializer[Run]):
    """A row of the table of runs."""

    id = serializers.UUIDField(source="public_id")
    version = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=RunState.choices)
    protocol = ProtocolOut()
    task = TaskOut()
    target = TargetOut()
    job = JobOut(allow_null=True)
    score = serializers.SerializerMethodField()
    verdict = serializers.SerializerMethodField()
    started_by = serializers.CharField(source="started_by.name", allow_null=True, default=None)
    model = serializers.SerializerMethodField()
    seed = serializers.IntegerField()

    class Meta:
        model = Run
        fields: tuple[str, ...] = (
            "id", "version", "question", "target", "recipe", "is_baseline", "settings", "protocol", "seed", "task",
            "state",
            "attempt", "failure", "job", "score", "verdict", "started_by", "created_at", "started_at", "finished_at",
            "model",
        )  # fmt: skip

    @extend_schema_field(serializers.CharField())
    def get_version(self, run: Run) -> str:
        return str(run.version)

    @extend_schema_field(EstimateOut(allow_null=True))
    def get_score(self, run: Run) -> Any:
        """The metric of the run with its interval."""
        return run.metrics["scores"].get(run.task["metric"]) if run.metrics else None

    @extend_schema_field(serializers.ChoiceField(choices=VERDICTS, allow_null=True))
    def get_verdict(self, run: Run) -> Any:
        """Whether it beats the best baseline."""
        return run.comparison.get("verdict") if run.comparison else None

    @extend_schema_field(RunModelOut(allow_null=True))
    def get_model(self, run: Run) -> Any:
        """The model it was registered as."""
        found = getattr(run, "model_version", None)
        return None if found is None else RunModelOut(found).data


class RunDetailOut(RunOut):
    """A run with everything that is known of it."""

    head = HeadOut()
    metrics = MetricsOut(allow_null=True)
    overfitting = OverfittingOut(allow_null=True)
    comparison = ComparisonOut(allow_null=True)
    human_ceiling = serializers.SerializerMethodField()
    looks = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()
    left_out = serializers.SerializerMethodField()
    best_epoch = serializers.SerializerMethodField()
    exports = serializers.SerializerMethodField()
    missing_exports = serializers.SerializerMethodField()
    environment = serializers.DictField(child=serializers.CharField())
    rerun_of = serializers.UUIDField(source="rerun_of.public_id", allow_null=True, default=None)

    class Meta(RunOut.Meta):
        fields = (
            *RunOut.Meta.fields, "head", "head_reason", "protocol_reason", "metrics", "overfitting", "comparison",
            "human_ceiling", "looks", "rows", "left_out", "best_epoch", "exports", "missing_exports",
            "code_revision", "environment",
            "manifest_sha256", "rerun_of",
        )  # fmt: skip

    @extend_schema_field(CeilingOut(allow_null=True))
    def get_human_ceiling(self, run: Run) -> Any:
        """How right people are by what is settled now, or why that is not known; null before the run has a score."""
        return CeilingOut(ceiling_of(run)).data if run.metrics else None

    @extend_schema_field(LooksOut(allow_null=True))
    def get_looks(self, run: Run) -> Any:
        """How often the validation rows were looked at."""
        looks = self.context.get("looks")
        return None if looks is None else looks.as_json()

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_rows(self, run: Run) -> Any:
        """Rows by split."""
        return run.details.get("rows", {})

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_left_out(self, run: Run) -> Any:
        """Rows that could not be learned or judged, by reason."""
        return run.details.get("left_out", {})

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_best_epoch(self, run: Run) -> Any:
        """The epoch whose weights were kept."""
        return run.details.get("best_epoch")

    @extend_schema_field(MeasuredExportOut(many=True))
    def get_exports(self, run: Run) -> Any:
        """Exported files, each measured against the model it came from."""
        return MeasuredExportOut(list(run.details.get("exports", {}).values()), many=True).data

    @extend_schema_field(MissingExportOut(many=True))
    def get_missing_exports(self, run: Run) -> Any:
        """Formats that it could be exported as, and is not yet."""
        return MissingExportOut(missing_exports(run), many=True).data


class VersionLooksOut(LooksOut):
    version = serializers.CharField()
    question = serializers.CharField()


class TestLookOut(serializers.ModelSerializer[TestLook]):
    __test__ = False
    line = serializers.CharField(source="line.name")
    model = serializers.UUIDField(source="model_version.public_id")
    model_name = serializers.CharField(source="model_version")
    by = serializers.CharField(source="by.name", allow_null=True, default=None)
    job = JobOut(allow_null=True)
    split_of = serializers.CharField(help_text="Version whose test split was looked at first: looks are counted by it.")

    class Meta:
        model = TestLook
        fields = ("line", "split_of", "number", "model", "model_name", "by", "reason", "created_at", "job")


class LedgerOut(serializers.Serializer[Any]):
    validation = VersionLooksOut(many=True)
    test = TestLookOut(many=True)


class EpochPointOut(serializers.ModelSerializer[EpochPoint]):
    class Meta:
        model = EpochPoint
        fields = (
            "fold", "epoch", "phase", "train_loss", "validation_loss", "train_metric", "validation_metric",
            "learning_rate",
        )  # fmt: skip


class CurvesOut(serializers.Serializer[Any]):
    metric = serializers.CharField()
    epochs = serializers.IntegerField(help_text="how many there are; `points` may be thinned to 500")
    points = EpochPointOut(many=True)
    overfitting = OverfittingOut(allow_null=True)
