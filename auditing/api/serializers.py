from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from auditing.models import Audit, AuditSchedule, Prediction
from common.serializers import EstimateOut, SaidOut

STRATA_BY = ["class", "score", "class_and_score", "none"]


class ModelRefOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="__str__")


class LoggedPredictionOut(serializers.ModelSerializer[Prediction]):
    endpoint = serializers.CharField(source="endpoint.name")
    model = ModelRefOut(source="model_version")
    sha256 = serializers.CharField(source="item.sha256", allow_null=True, default=None)
    thumbnail_url = serializers.CharField(allow_null=True, read_only=True)
    probabilities = serializers.DictField(child=serializers.FloatField())
    attributes = serializers.DictField()

    class Meta:
        model = Prediction
        fields = (
            "request_id",
            "endpoint",
            "model",
            "sha256",
            "thumbnail_url",
            "predicted",
            "score",
            "probabilities",
            "attributes",
            "latency_ms",
            "outcome",
            "predicted_at",
        )


class LatePredictionIn(serializers.Serializer[Any]):
    external_id = serializers.CharField(max_length=128)
    predicted = serializers.CharField(
        max_length=10_000, allow_blank=True, help_text="Class key; for multiple choice keys joined by |, or empty."
    )
    score = serializers.FloatField(min_value=0, max_value=1)
    predicted_at = serializers.DateTimeField()
    probabilities = serializers.DictField(child=serializers.FloatField(min_value=0, max_value=1), required=False)
    attributes = serializers.DictField(required=False)
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", required=False, allow_null=True)


class LateBatchIn(serializers.Serializer[Any]):
    endpoint = serializers.SlugField()
    model = serializers.UUIDField(help_text="The model version that answered on the device.")
    predictions = LatePredictionIn(many=True, allow_empty=False)


class LateBatchOut(serializers.Serializer[Any]):
    taken = serializers.IntegerField()
    known = serializers.IntegerField(help_text="Sent before; nothing changed.")
    without_input = serializers.IntegerField(help_text="New ones whose picture is not here: no audit can judge them.")


class OutcomeIn(serializers.Serializer[Any]):
    request_id = serializers.UUIDField()
    outcome = serializers.CharField(max_length=200)


class WindowIn(serializers.Serializer[Any]):
    endpoint = serializers.SlugField()
    start = serializers.DateTimeField(required=False, allow_null=True, default=None)
    end = serializers.DateTimeField(required=False, allow_null=True, default=None)


class AuditPreviewIn(WindowIn):
    budget = serializers.IntegerField(min_value=2, max_value=20_000)
    strata_by = serializers.ChoiceField(choices=STRATA_BY, required=False, default="class_and_score")
    allocation = serializers.ChoiceField(choices=["proportional", "neyman"], required=False, default="neyman")
    redundancy = serializers.IntegerField(min_value=1, max_value=9, required=False, default=1)


class AuditIn(AuditPreviewIn):
    name = serializers.CharField(max_length=120)
    seed = serializers.IntegerField(min_value=0, required=False, default=0)
    kinds = serializers.ListField(child=serializers.CharField(), required=False, default=list)


class StratumPlanOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    size = serializers.IntegerField()
    sample = serializers.IntegerField()
    guessed_error = serializers.FloatField()


class AuditPreviewOut(serializers.Serializer[Any]):
    population = serializers.IntegerField()
    without_input = serializers.IntegerField(help_text="Predictions that nobody can judge: their input was not kept.")
    total = serializers.IntegerField(help_text="Predictions to judge, at most the budget.")
    labels = serializers.IntegerField(help_text="total times redundancy")
    hours = serializers.FloatField(allow_null=True, help_text="At the pace of this project so far; null without one.")
    expected_half_width = serializers.FloatField(allow_null=True)
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    strata = StratumPlanOut(many=True)


class StratumResultOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    population = serializers.IntegerField()
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    accuracy = EstimateOut()


class ClassResultOut(serializers.Serializer[Any]):
    key = serializers.CharField(source="class")
    precision = EstimateOut()
    recall = EstimateOut()
    prevalence = EstimateOut()
    audited_predicted = serializers.IntegerField()
    audited_true = serializers.IntegerField()


class ConfusionCellOut(serializers.Serializer[Any]):
    truth = serializers.CharField(allow_blank=True)
    predicted = serializers.CharField()
    audited = serializers.IntegerField()
    items = EstimateOut()


class AuditResultOut(serializers.Serializer[Any]):
    """`accuracy`, strata and classes only for random audits: hard samples are never a rate.

    Lists leave strata, classes and confusion out.
    """

    kind = serializers.ChoiceField(choices=["random", "targeted"])
    sentence = serializers.CharField()
    said = SaidOut(many=True, required=False)
    asked = serializers.IntegerField()
    judged = serializers.IntegerField()
    undecidable = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="Items about which nothing is settled yet.")
    wrong = serializers.IntegerField()
    missing = serializers.IntegerField(required=False)
    population = serializers.IntegerField(required=False)
    without_input = serializers.IntegerField(
        required=False, help_text="Predictions of the window that nobody can judge: their input was not kept."
    )
    accuracy = EstimateOut(required=False)
    model_accuracy = EstimateOut(
        required=False,
        help_text="As evidence about the model: the chance by which just these inputs came is in the interval, too.",
    )
    error_rate = EstimateOut(required=False)
    assumption = serializers.CharField(required=False)
    assumption_said = SaidOut(many=True, required=False)
    worst_case = serializers.ListField(child=serializers.FloatField(), required=False, allow_null=True)
    strata = StratumResultOut(many=True, required=False)
    classes = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)
    by_class = ClassResultOut(many=True, required=False)
    confusion = ConfusionCellOut(many=True, required=False)


class AuditDesignOut(serializers.Serializer[Any]):
    strata_by = serializers.CharField()
    allocation = serializers.CharField()
    total = serializers.IntegerField()
    expected_half_width = serializers.FloatField(allow_null=True)
    seed = serializers.IntegerField()
    redundancy = serializers.IntegerField()
    without_input = serializers.IntegerField()
    strata = StratumPlanOut(many=True)


class AuditQueueOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    state = serializers.CharField()


class AuditOut(serializers.ModelSerializer[Audit]):
    id = serializers.UUIDField(source="public_id")
    endpoint = serializers.CharField(source="endpoint.name")
    model = ModelRefOut(source="model_version")
    queue = AuditQueueOut(allow_null=True)
    asked = serializers.IntegerField(read_only=True)
    judged = serializers.IntegerField(read_only=True)
    result = AuditResultOut(allow_null=True)

    class Meta:
        model = Audit
        fields = (
            "id",
            "name",
            "kind",
            "state",
            "endpoint",
            "model",
            "window_from",
            "window_to",
            "population_size",
            "queue",
            "asked",
            "judged",
            "result",
            "result_at",
            "created_at",
            "completed_at",
        )


class AuditDetailOut(AuditOut):
    design = serializers.SerializerMethodField()
    class_names = serializers.DictField(child=serializers.CharField(), help_text="Class key to its English name.")

    class Meta(AuditOut.Meta):
        fields = (*AuditOut.Meta.fields, "design", "class_names")  # type: ignore[assignment]

    @extend_schema_field(AuditDesignOut(allow_null=True))
    def get_design(self, audit: Audit) -> Any:
        return audit.design if audit.kind == "random" else None


class AuditErrorOut(serializers.Serializer[Any]):
    request_id = serializers.UUIDField()
    sha256 = serializers.CharField()
    thumbnail_url = serializers.CharField()
    image_url = serializers.CharField()
    predicted = serializers.CharField()
    truth = serializers.CharField(allow_blank=True)
    score = serializers.FloatField()
    stratum = serializers.CharField()
    inclusion_probability = serializers.FloatField(allow_null=True)


class AuditEndIn(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["complete", "cancelled"])


class PersonOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()


class ScheduleOut(serializers.ModelSerializer[AuditSchedule]):
    id = serializers.UUIDField(source="public_id")
    endpoint = serializers.CharField(source="endpoint.name")
    owner = PersonOut()
    strata_by = serializers.ChoiceField(choices=STRATA_BY)
    kinds = serializers.ListField(child=serializers.CharField())
    overdue_days = serializers.FloatField(read_only=True)

    class Meta:
        model = AuditSchedule
        fields = (
            "id", "endpoint", "cadence_days", "budget", "strata_by", "redundancy", "kinds", "owner", "next_due_at",
            "is_active", "overdue_days",
        )  # fmt: skip


class ScheduleIn(serializers.Serializer[Any]):
    endpoint = serializers.SlugField()
    cadence_days = serializers.IntegerField(min_value=1, max_value=365)
    budget = serializers.IntegerField(min_value=2, max_value=20_000)
    strata_by = serializers.ChoiceField(choices=STRATA_BY, required=False, default="class_and_score")
    redundancy = serializers.IntegerField(min_value=1, max_value=9, required=False, default=1)
    kinds = serializers.ListField(
        child=serializers.CharField(), required=False, default=list, help_text="Kinds of annotators; empty for all."
    )
    owner = serializers.EmailField(required=False, allow_null=True, default=None, help_text="You, unless named.")
