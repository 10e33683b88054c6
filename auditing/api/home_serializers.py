from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Role
from auditing.api.serializers import ModelRefOut, PersonOut
from auditing.models import HardSample, HardSampleBatch, RetrainSuggestion
from auditing.services.retraining import plan_of
from common.serializers import EstimateOut, SaidOut

LIGHTS = ["good", "warning", "bad", "empty"]


class StationOut(serializers.Serializer[Any]):
    key = serializers.ChoiceField(
        choices=["define", "data", "labels", "version", "model", "production", "audit", "hard_samples"]
    )
    light = serializers.ChoiceField(choices=LIGHTS)
    figure = serializers.CharField()
    unit = serializers.CharField()
    sentence = serializers.CharField()
    said = serializers.ListField(child=SaidOut(), source="said.as_json")
    link = serializers.CharField(help_text="Below the project's address.")
    flow = serializers.IntegerField(allow_null=True, help_text="How many came this week.")
    estimate = EstimateOut(allow_null=True)


class NextStepOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    urgency = serializers.IntegerField()
    reason = serializers.CharField()
    said = serializers.ListField(child=SaidOut(), source="said.as_json", help_text="Where `code` says too little.")
    link = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]  # a field of that name, not the validated data


class VersionGlanceOut(serializers.Serializer[Any]):
    ref = serializers.CharField()
    content_hash = serializers.CharField()
    created_at = serializers.DateTimeField()
    items = serializers.IntegerField()
    classes = serializers.IntegerField()
    splits = serializers.DictField(child=serializers.IntegerField())


class HomeOut(serializers.Serializer[Any]):
    """`stations` and `next_steps` for leads and reviewers, `versions` for everybody but annotators, who ask my-work."""

    role = serializers.ChoiceField(choices=Role.choices)
    stations = StationOut(many=True)
    next_steps = NextStepOut(many=True)
    versions = VersionGlanceOut(many=True)


class HitOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["item", "version", "model", "run", "queue", "audit", "person"])
    title = serializers.CharField()
    detail = serializers.CharField()
    link = serializers.CharField()


class TrafficDayOut(serializers.Serializer[Any]):
    day = serializers.DateField()
    model_version_id = serializers.IntegerField()
    count = serializers.IntegerField()
    with_input = serializers.IntegerField()
    mean_score = serializers.FloatField()
    latency_p50_ms = serializers.FloatField(allow_null=True)
    latency_p95_ms = serializers.FloatField(allow_null=True)


class MixOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    count = serializers.IntegerField()


class PromisedOut(EstimateOut):
    split = serializers.CharField()


class VerdictOut(serializers.Serializer[Any]):
    light = serializers.ChoiceField(choices=LIGHTS)
    code = serializers.CharField()
    sentence = serializers.CharField()
    said = serializers.ListField(child=SaidOut(), source="said.as_json")


class AuditedPointOut(serializers.Serializer[Any]):
    audit = serializers.UUIDField()
    name = serializers.CharField()
    at = serializers.DateTimeField()
    model = serializers.CharField()
    state = serializers.CharField()
    accuracy = EstimateOut()


class ReleaseMarkerOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    model = serializers.CharField()
    kind = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class SuggestionEvidenceOut(serializers.Serializer[Any]):
    audit = serializers.UUIDField()
    sentence = serializers.CharField()
    said = SaidOut(many=True, required=False)
    drop = EstimateOut()
    p_value = serializers.FloatField(allow_null=True)
    alpha = serializers.FloatField()
    smallest_drop = serializers.FloatField()
    dismissed_because = serializers.CharField(required=False)


class RetrainPlanOut(serializers.Serializer[Any]):
    step = serializers.ChoiceField(
        choices=["freeze", "train", "nothing"],
        help_text="freeze: a version with the new labels, then train on it. nothing: there is nothing new to learn.",
    )
    version = serializers.CharField(help_text="The newest frozen version.")
    new_labels = serializers.IntegerField()
    added = serializers.ListField(
        child=serializers.CharField(), help_text="Sources of production to which the recipe is opened."
    )


class SuggestionOut(serializers.ModelSerializer[RetrainSuggestion]):
    id = serializers.UUIDField(source="public_id")
    evidence = SuggestionEvidenceOut()
    plan = serializers.SerializerMethodField(help_text="What accepting would do now; null when it cannot be accepted.")
    decided_by = PersonOut(allow_null=True)
    job = serializers.UUIDField(source="job.public_id", allow_null=True, default=None)
    run = serializers.UUIDField(source="run.public_id", allow_null=True, default=None)

    class Meta:
        model = RetrainSuggestion
        fields = ("id", "state", "evidence", "plan", "created_at", "decided_by", "decided_at", "job", "run")

    @extend_schema_field(RetrainPlanOut(allow_null=True))
    def get_plan(self, suggestion: RetrainSuggestion) -> dict[str, Any] | None:
        plan = plan_of(suggestion)
        return None if plan is None else dict(RetrainPlanOut(plan).data)


class DismissIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class ProductionOut(serializers.Serializer[Any]):
    endpoint = serializers.CharField()
    model = ModelRefOut(allow_null=True)
    now = serializers.DateTimeField()
    days = serializers.IntegerField()
    total = serializers.IntegerField()
    traffic = TrafficDayOut(many=True)
    mix = MixOut(many=True)
    class_names = serializers.DictField(child=serializers.CharField())
    expected = PromisedOut(allow_null=True)
    verdict = VerdictOut()
    audited = AuditedPointOut(many=True)
    releases = ReleaseMarkerOut(many=True)
    suggestions = SuggestionOut(many=True)


class EndpointNameOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    model = ModelRefOut(source="model_version", allow_null=True)


class CheckIn(serializers.Serializer[Any]):
    endpoint = serializers.SlugField()
    start = serializers.DateTimeField(required=False, allow_null=True, default=None)
    end = serializers.DateTimeField(required=False, allow_null=True, default=None)


class CompareIn(serializers.Serializer[Any]):
    endpoint = serializers.SlugField()
    earlier_start = serializers.DateTimeField()
    earlier_end = serializers.DateTimeField()
    later_start = serializers.DateTimeField()
    later_end = serializers.DateTimeField()


class MineIn(CheckIn):
    n_uncertain = serializers.IntegerField(min_value=0, max_value=2000, required=False, default=20)
    n_novel = serializers.IntegerField(min_value=0, max_value=2000, required=False, default=20)
    n_wrong = serializers.IntegerField(min_value=0, max_value=2000, required=False, default=20)
    n_random = serializers.IntegerField(min_value=0, max_value=2000, required=False, default=10)
    per_class = serializers.IntegerField(min_value=1, max_value=2000, required=False, default=8)
    seed = serializers.IntegerField(min_value=0, required=False, default=0)


class MineSummaryOut(serializers.Serializer[Any]):
    candidates = serializers.IntegerField(help_text="Items looked at: the least certain ones, and those drawn.")
    population = serializers.IntegerField(help_text="Items of the window, from all of which the random ones are drawn.")
    sent_before = serializers.IntegerField(help_text="Not chosen by rank again: people were asked about them.")
    chosen = serializers.IntegerField()
    by_reason = serializers.DictField(child=serializers.IntegerField())
    note = serializers.CharField(allow_null=True)
    without_vector = serializers.IntegerField(
        required=False, allow_null=True, help_text="Candidates that could not be novel; null: none has a vector."
    )


class BatchJobOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    state = serializers.CharField()


class BatchOut(serializers.ModelSerializer[HardSampleBatch]):
    id = serializers.UUIDField(source="public_id")
    endpoint = serializers.CharField(source="endpoint.name")
    model = ModelRefOut(source="model_version")
    job = BatchJobOut(allow_null=True)
    audit = serializers.UUIDField(source="audit.public_id", allow_null=True, default=None)
    queue = serializers.UUIDField(source="queue.public_id", allow_null=True, default=None)
    summary = MineSummaryOut(allow_null=True)

    class Meta:
        model = HardSampleBatch
        fields = (
            "id",
            "endpoint",
            "model",
            "window_from",
            "window_to",
            "job",
            "audit",
            "queue",
            "summary",
            "created_at",
        )


class HardSampleOut(serializers.ModelSerializer[HardSample]):
    sha256 = serializers.CharField(source="item.sha256")
    thumbnail_url = serializers.CharField(allow_null=True)

    class Meta:
        model = HardSample
        fields = (
            "request_id",
            "sha256",
            "thumbnail_url",
            "reason",
            "score",
            "selection_probability",
            "predicted",
            "predicted_score",
            "fate",
        )


class ToQueueIn(serializers.Serializer[Any]):
    queue = serializers.UUIDField()


class ToQueueOut(serializers.Serializer[Any]):
    tasks = serializers.IntegerField(help_text="New tasks; 0 when the batch had been sent before.")
