"""Files that serve a model, with what was measured of them."""

from typing import Any

from training.models import ModelExport, ModelVersion, RunFile

EXPORT_FILES = {"onnx": "model.onnx", "litert_int8": "model.int8.tflite"}
ORIGINAL_FILES = ("model.keras",)


def export_row(model: ModelVersion, format: str, file: RunFile, details: dict[str, Any]) -> ModelExport:
    """The row of an exported file, unsaved; the figures were measured against the original when the run wrote it."""
    measured = details.get("exports", {}).get(format, {})
    original = RunFile.objects.filter(run_id=file.run_id, name__in=ORIGINAL_FILES).first()
    return ModelExport(
        model_version=model,
        format=format,
        object_key=file.object_key,
        file_hash=file.file_hash,
        size=file.size,
        original_size=None if original is None else original.size,
        cpu_ms=measured.get("cpu_ms"),
        original_cpu_ms=measured.get("original_cpu_ms"),
        agreement=measured.get("agreement", {}).get("value"),
        accuracy=measured.get("accuracy", {}).get("value"),
        original_accuracy=measured.get("original_accuracy", {}).get("value"),
        rows=measured.get("agreement", {}).get("n", 0),
        note=measured.get("sentence", "It was not measured."),
        measurement=measured,
    )
