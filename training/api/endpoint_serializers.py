from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from training.api.model_serializers import ReleaseOut
from training.api.run_serializers import RunModelOut
from training.models import Endpoint, EndpointError


class EndpointOut(serializers.ModelSerializer[Endpoint]):
    model = RunModelOut(source="model_version", allow_null=True)
    kept_in = serializers.CharField(
        source="source.name", allow_null=True, default=None, help_text="source of kept inputs"
    )

    class Meta:
        model = Endpoint
        fields: tuple[str, ...] = ("name", "model", "log_inputs", "top_k", "kept_in", "created_at")


class EndpointErrorOut(serializers.ModelSerializer[EndpointError]):
    code = serializers.CharField(help_text="unreadable-picture, model-failed, endpoint-empty")

    class Meta:
        model = EndpointError
        fields = ("day", "code", "count", "last", "last_at")


class EndpointDetailOut(EndpointOut):
    releases = serializers.SerializerMethodField()
    errors_lately = serializers.SerializerMethodField()

    class Meta(EndpointOut.Meta):
        fields = (*EndpointOut.Meta.fields, "releases", "errors_lately")

    @extend_schema_field(EndpointErrorOut(many=True))
    def get_errors_lately(self, endpoint: Endpoint) -> Any:
        """What it could not answer in the last 30 days, by day and reason."""
        return EndpointErrorOut(self.context["errors"], many=True).data

    @extend_schema_field(ReleaseOut(many=True))
    def get_releases(self, endpoint: Endpoint) -> Any:
        """Releases and roll-backs, the latest first."""
        return ReleaseOut(self.context["releases"], many=True).data


class EndpointIn(serializers.Serializer[Any]):
    name = serializers.SlugField(max_length=60)
    log_inputs = serializers.BooleanField(required=False, default=True)
    top_k = serializers.IntegerField(required=False, default=5, min_value=1, max_value=100)


class EndpointChange(serializers.Serializer[Any]):
    log_inputs = serializers.BooleanField(required=False)
    top_k = serializers.IntegerField(required=False, min_value=1, max_value=100)
