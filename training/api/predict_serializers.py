from typing import Any

from rest_framework import serializers

from accounts.api.serializers import ProblemOut
from training.api.run_serializers import RunModelOut


class PredictItemsIn(serializers.Serializer[Any]):
    """Predict items that the project has already."""

    items = serializers.ListField(child=serializers.RegexField(r"^[0-9a-f]{64}$"), allow_empty=False, max_length=100)


class PredictImagesIn(serializers.Serializer[Any]):
    """Pictures as files of a form; every file field counts, in order."""

    images = serializers.ListField(child=serializers.FileField(), allow_empty=False)
    attributes = serializers.CharField(
        required=False, help_text="JSON: one object for all pictures, or a list with one object for each"
    )


class ProbabilityOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    probability = serializers.FloatField()


class PredictionOut(serializers.Serializer[Any]):
    """One answer, or the problem with one picture; then everything else but `request_id` and `name` is null."""

    request_id = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)
    sha256 = serializers.CharField(allow_blank=True, help_text="of the kept item; empty when inputs are not kept")
    predicted = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="class keys: one, or several for multiple choice"
    )
    predicted_names = serializers.ListField(child=serializers.CharField(), allow_null=True)
    score = serializers.FloatField(allow_null=True, help_text="probability of the predicted class")
    is_flagged = serializers.BooleanField(allow_null=True, help_text="reached the threshold for the class of concern")
    probabilities = ProbabilityOut(many=True, help_text="the likeliest classes, likeliest first")
    latency_ms = serializers.FloatField(allow_null=True)
    problem = ProblemOut(allow_null=True)


class PredictOut(serializers.Serializer[Any]):
    endpoint = serializers.CharField()
    model = RunModelOut()
    predictions = PredictionOut(many=True)
