"""Files that serve a model, and whether they may leave the server."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.media import signed_media_url
from training.api.run_serializers import MissingExportOut
from training.models import ExportSignature, ModelExport, ModelVersion

MEDIA_TYPES = {"onnx": "application/octet-stream", "litert_int8": "application/octet-stream"}
SUFFIXES = {"onnx": "onnx", "litert_int8": "tflite"}


class ModelExportOut(serializers.ModelSerializer[ModelExport]):
    measurement = serializers.SerializerMethodField()
    download_url = serializers.SerializerMethodField()
    sha256 = serializers.CharField(source="file_hash")
    bytes = serializers.IntegerField(source="size")
    original_bytes = serializers.IntegerField(source="original_size", allow_null=True)

    class Meta:
        model = ModelExport
        fields = (
            "format", "sha256", "bytes", "original_bytes", "cpu_ms", "original_cpu_ms", "agreement", "accuracy",
            "original_accuracy", "rows", "note", "measurement", "download_url", "created_at",
        )  # fmt: skip

    @extend_schema_field(serializers.DictField())
    def get_measurement(self, export: ModelExport) -> Any:
        """Agreement and accuracy with their intervals."""
        return {name: export.measurement.get(name) for name in ("agreement", "accuracy", "original_accuracy")}

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_download_url(self, export: ModelExport) -> str | None:
        """A signed address of the file, for this user; null while nobody answers for it that it may leave."""
        model: ModelVersion = self.context["model"]
        if self.context["blocked"]:
            return None
        name = f"{model.line.name}-v{model.number}.{SUFFIXES[export.format]}"
        return signed_media_url(
            self.context["user"],
            model.project,
            export.object_key,
            media_type=MEDIA_TYPES[export.format],
            download_as=name,
        )


class ExportSignatureIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class ExportSignatureOut(serializers.ModelSerializer[ExportSignature]):
    by = serializers.CharField(source="by.name", allow_null=True, default=None)

    class Meta:
        model = ExportSignature
        fields = ("name", "reason", "by", "created_at")


class SensitiveSourceOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["personal", "special"])


class SensitiveOut(serializers.Serializer[Any]):
    """What blocks the files, as data."""

    brief = serializers.CharField(allow_blank=True, help_text="personal or special, as the brief says; else empty")
    version = serializers.CharField()
    sources = SensitiveSourceOut(many=True)


class ModelExportsOut(serializers.Serializer[Any]):
    results = ModelExportOut(many=True)
    next = serializers.CharField(allow_null=True)
    missing = MissingExportOut(many=True)
    blocked = serializers.CharField(allow_blank=True, help_text="why no file may leave the server; empty when they may")
    blocked_by = SensitiveOut(allow_null=True)
    signature = ExportSignatureOut(allow_null=True)
    serving_card = serializers.DictField(help_text="What a device needs beside the file: classes and preprocessing.")
