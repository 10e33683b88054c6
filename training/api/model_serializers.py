from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import JobOut
from common.serializers import EstimateOut, SaidOut
from training.api.export_serializers import ModelExportOut
from training.api.run_serializers import (
    CeilingOut,
    ClassOut,
    ComparisonOut,
    HeadOut,
    MetricsOut,
    ProtocolOut,
    RunModelOut,
    TestLookOut,
)
from training.models import (
    EndpointRelease,
    Evaluation,
    GateResult,
    GateRun,
    ModelVersion,
    Split,
    Stage,
    Verdict,
)
from training.selectors.ceilings import ceiling_of
from training.selectors.models import headline
from training.selectors.sealed_splits import sealed_split


class ModelIn(serializers.Serializer[Any]):
    run = serializers.UUIDField()
    line = serializers.CharField(max_length=80)


class HeadlineOut(serializers.Serializer[Any]):
    split = serializers.ChoiceField(choices=Split.choices)
    metric = serializers.CharField()
    estimate = EstimateOut()


class ModelOut(serializers.ModelSerializer[ModelVersion]):
    """A row of the registry."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="__str__", help_text="line and number, like emoji-groups v3")
    line = serializers.CharField(source="line.name")
    stage = serializers.ChoiceField(choices=Stage.choices)
    run = serializers.UUIDField(source="run.public_id")
    recipe = serializers.CharField(source="run.recipe")
    version = serializers.CharField(source="run.version")
    kind = serializers.ChoiceField(source="run.task.kind", choices=["single_choice", "binary", "multi_label"])
    endpoints = serializers.SerializerMethodField()
    headline = serializers.SerializerMethodField()
    verdict = serializers.SerializerMethodField()
    gate_passed = serializers.SerializerMethodField()
    registered_by = serializers.CharField(source="registered_by.name", allow_null=True, default=None)

    class Meta:
        model = ModelVersion
        fields: tuple[str, ...] = (
            "id", "name", "line", "number", "stage", "run", "recipe", "version", "kind", "threshold",
            "class_of_concern",
            "endpoints", "headline", "verdict", "gate_passed", "registered_by", "created_at",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_endpoints(self, model: ModelVersion) -> list[str]:
        """Endpoints that answer with it."""
        return [endpoint.name for endpoint in model.endpoints.all()]

    @extend_schema_field(HeadlineOut(allow_null=True))
    def get_headline(self, model: ModelVersion) -> Any:
        """The metric of the run on the latest judged split."""
        return headline(model)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_verdict(self, model: ModelVersion) -> Any:
        """Against the best baseline: beats, does_not_beat, cannot_tell."""
        return model.run.comparison.get("verdict") if model.run.comparison else None

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_gate_passed(self, model: ModelVersion) -> Any:
        """The latest finished passage through the gate; null before the first, and when the threshold changed since."""
        finished = [gate for gate in model.gate_runs.all() if gate.passed is not None]
        judged = next((gate for gate in finished if gate.threshold == model.threshold), None)
        if judged is None and finished and not finished[0].passed:
            return False
        return None if judged is None else judged.passed


class GapOut(serializers.Serializer[Any]):
    warn = serializers.BooleanField(default=False)
    sentence = serializers.CharField(default="")
    said = SaidOut(many=True, required=False)
    gap = EstimateOut(required=False)
    metric = serializers.CharField(required=False)


class EvaluationOut(serializers.ModelSerializer[Evaluation]):
    metrics = MetricsOut()
    comparison = GapOut()

    class Meta:
        model = Evaluation
        fields = ("split", "rows", "metrics", "warning", "comparison", "created_at")


class GateResultOut(serializers.ModelSerializer[GateResult]):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    check = serializers.CharField(source="check_key")
    said = SaidOut(many=True, required=False, source="data.said")

    class Meta:
        model = GateResult
        fields = ("check", "verdict", "sentence", "said", "data")


class GateRunOut(serializers.ModelSerializer[GateRun]):
    results = GateResultOut(many=True)
    champion = serializers.CharField(allow_null=True)
    endpoint = serializers.CharField(source="endpoint.name", allow_null=True, default=None)
    by = serializers.CharField(source="by.name", allow_null=True, default=None)
    job = JobOut(allow_null=True)

    class Meta:
        model = GateRun
        fields = (
            "id",
            "passed",
            "threshold",
            "results",
            "champion",
            "endpoint",
            "by",
            "job",
            "created_at",
            "finished_at",
        )


class GatesOut(serializers.Serializer[Any]):
    results = GateRunOut(many=True)
    next = serializers.CharField(allow_null=True)


class GateIn(serializers.Serializer[Any]):
    endpoint = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="whose model to compare with"
    )
    threshold = serializers.FloatField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="judge decisions with this one; without the field with the model's own",
    )


class AdviceOut(serializers.Serializer[Any]):
    place = serializers.ChoiceField(choices=["rest", "device", "browser"])
    sentence = serializers.CharField()
    said = SaidOut(many=True)
    reasons = serializers.ListField(child=serializers.CharField())
    reasons_said = serializers.ListField(child=serializers.ListField(child=SaidOut()))
    blocked = serializers.CharField(allow_blank=True)
    format = serializers.CharField()
    fits = serializers.BooleanField(allow_null=True)


class CardSectionOut(serializers.Serializer[Any]):
    title = serializers.CharField()
    lines = serializers.ListField(child=serializers.CharField())


class CardOut(serializers.Serializer[Any]):
    """What to know before using the model: sections of sentences, in reading order."""

    name = serializers.CharField()
    written_at = serializers.DateTimeField()
    sections = CardSectionOut(many=True)


class TestSplitOut(serializers.Serializer[Any]):
    """The model's test split with every look at it, the earliest first, whichever line or version took it."""

    __test__ = False
    looks = TestLookOut(many=True)


class ModelDetailOut(ModelOut):
    classes = ClassOut(source="run.task.classes", many=True)
    metric = serializers.CharField(source="run.task.metric")
    protocol = ProtocolOut(source="run.protocol")
    head = HeadOut(source="run.head")
    head_reason = serializers.CharField(source="run.head_reason")
    baseline = ComparisonOut(source="run.comparison", allow_null=True)
    human_ceiling = serializers.SerializerMethodField()
    evaluations = EvaluationOut(many=True)
    exports = serializers.SerializerMethodField()
    gate = serializers.SerializerMethodField()
    test_split = serializers.SerializerMethodField()
    where_to_run = serializers.SerializerMethodField()
    card = serializers.SerializerMethodField()

    class Meta(ModelOut.Meta):
        fields = (
            *ModelOut.Meta.fields, "classes", "metric", "protocol", "head", "head_reason", "baseline", "human_ceiling",
            "evaluations", "exports", "gate", "test_split", "where_to_run", "card",
        )  # fmt: skip

    @extend_schema_field(ModelExportOut(many=True))
    def get_exports(self, model: ModelVersion) -> Any:
        """Files that serve it, measured."""
        context = {**self.context, "model": model, "blocked": self.context["advice"].blocked}
        return ModelExportOut(model.exports.all(), many=True, context=context).data

    @extend_schema_field(GateRunOut(allow_null=True))
    def get_gate(self, model: ModelVersion) -> Any:
        """The latest passage through the release gate."""
        latest = next(iter(model.gate_runs.all()), None)
        return None if latest is None else GateRunOut(latest).data

    @extend_schema_field(CeilingOut())
    def get_human_ceiling(self, model: ModelVersion) -> Any:
        """How right people are by what is settled now, or why that is not known."""
        return CeilingOut(ceiling_of(model.run)).data

    @extend_schema_field(TestSplitOut())
    def get_test_split(self, model: ModelVersion) -> Any:
        """Looks at the sealed test split of the model's version."""
        return TestSplitOut({"looks": sealed_split(model.run.version).looks}).data

    @extend_schema_field(AdviceOut())
    def get_where_to_run(self, model: ModelVersion) -> Any:
        """REST, device or browser, with the reason."""
        return self.context["advice"].as_json()

    @extend_schema_field(CardOut())
    def get_card(self, model: ModelVersion) -> Any:
        """The model card: as it was at the latest release, or as it would be now."""
        return self.context["card"]


class ExpectationsOut(serializers.Serializer[Any]):
    sentence = serializers.CharField()
    said = SaidOut(many=True)
    kind = serializers.ChoiceField(choices=["concern", "all", "unknown"])
    class_of_concern = ClassOut(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    cases_a_day = serializers.FloatField(allow_null=True)
    positive_share = serializers.FloatField(allow_null=True)
    miss_rate = EstimateOut(allow_null=True)
    flag_rate = EstimateOut(allow_null=True)
    wrongly_flagged = EstimateOut(allow_null=True)
    missed = EstimateOut(allow_null=True)
    caught = EstimateOut(allow_null=True)
    right = EstimateOut(allow_null=True)
    wrong = EstimateOut(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())
    notes_said = serializers.ListField(child=serializers.ListField(child=SaidOut()))
    split = serializers.CharField(allow_null=True)
    rows = serializers.IntegerField()


class ThresholdsOut(serializers.Serializer[Any]):
    """Parallel arrays, thresholds ascending, at most 500; a case is flagged when its score reaches the threshold."""

    thresholds = serializers.ListField(child=serializers.FloatField())
    flag_rate = serializers.ListField(child=serializers.FloatField())
    miss_rate = serializers.ListField(child=serializers.FloatField())
    flagged_share = serializers.ListField(child=serializers.FloatField())
    precision = serializers.ListField(child=serializers.FloatField(allow_null=True))
    cost_per_case = serializers.ListField(child=serializers.FloatField())
    best = serializers.IntegerField(help_text="index of the cheapest threshold")
    best_threshold = serializers.FloatField()
    positive_share = serializers.FloatField()
    false_positive_cost = serializers.FloatField()
    false_negative_cost = serializers.FloatField()
    rows = serializers.IntegerField()
    chosen = serializers.FloatField(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())
    notes_said = serializers.ListField(child=serializers.ListField(child=SaidOut()))
    at_best = ExpectationsOut()
    at_chosen = ExpectationsOut()
    concern = ClassOut()


class ThresholdIn(serializers.Serializer[Any]):
    threshold = serializers.FloatField(allow_null=True, min_value=0, max_value=1)


class FailureOut(serializers.Serializer[Any]):
    sha256 = serializers.CharField()
    truth = serializers.ListField(child=serializers.CharField())
    predicted = serializers.ListField(child=serializers.CharField())
    score = serializers.FloatField()
    truth_score = serializers.FloatField()
    badness = serializers.FloatField(
        help_text="0 to 1: how sure it was of what is wrong, above what it gave to the truth"
    )
    image_url = serializers.CharField()
    thumbnail_url = serializers.CharField()


class PairOut(serializers.Serializer[Any]):
    truth = serializers.CharField()
    predicted = serializers.CharField()
    count = serializers.IntegerField()


class FailuresOut(serializers.Serializer[Any]):
    results = FailureOut(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField()
    rows = serializers.IntegerField()
    pairs = PairOut(many=True)


class TestLookIn(serializers.Serializer[Any]):
    __test__ = False
    reason = serializers.CharField(required=False, default="", allow_blank=True)


class ReleaseIn(serializers.Serializer[Any]):
    endpoint = serializers.CharField()
    reason = serializers.CharField(required=False, default="", allow_blank=True)
    despite_gate = serializers.BooleanField(required=False, default=False)
    test_look_reason = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        help_text="Why the test split has to be looked at once more; the first look at it needs none.",
    )


class RollbackIn(serializers.Serializer[Any]):
    reason = serializers.CharField()


class ModelRollbackIn(RollbackIn):
    endpoint = serializers.CharField()


class ReleaseOut(serializers.ModelSerializer[EndpointRelease]):
    endpoint = serializers.CharField(source="endpoint.name")
    model = RunModelOut(source="model_version")
    previous = RunModelOut(allow_null=True)
    by = serializers.CharField(source="by.name", allow_null=True, default=None)
    test_look = serializers.IntegerField(source="test_look.number", allow_null=True, default=None)

    class Meta:
        model = EndpointRelease
        fields = (
            "id", "endpoint", "model", "previous", "kind", "reason", "test_look", "test_look_note", "by", "created_at",
            "ended_at",
        )  # fmt: skip
