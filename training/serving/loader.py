"""Which runtime serves which file: one loader by format."""

import json
from pathlib import Path

from training.serving.card import ServingCard
from training.serving.litert_runtime import LiteRtPredictor
from training.serving.onnx_runtime import OnnxPredictor
from training.serving.predictor import ModelFileError, Predictor

LOADERS: dict[str, type[OnnxPredictor] | type[LiteRtPredictor]] = {
    ".onnx": OnnxPredictor,
    ".tflite": LiteRtPredictor,
}


def load_predictor(path: Path, card: ServingCard, *, threads: int = 1) -> Predictor:
    """Load a model file by its suffix (.onnx, .tflite). Raises ModelFileError for another format or a bad file."""
    if path.suffix not in LOADERS:
        raise ModelFileError(
            f"No runtime serves {path.suffix or 'a file without suffix'}; known: {', '.join(LOADERS)}."
        )
    if not path.is_file():
        raise ModelFileError(f"The model file {path.name} is not there.")
    return LOADERS[path.suffix](path, card, threads=threads)


def load_run(folder: Path, *, file: str = "model.onnx", threads: int = 1) -> Predictor:
    """Load a model from the folder of a finished run, where `serving.json` lies beside it."""
    try:
        card = ServingCard.read(folder / "serving.json")
    except (OSError, json.JSONDecodeError) as error:
        raise ModelFileError(f"The run has no readable serving.json ({error}).") from error
    return load_predictor(folder / file, card, threads=threads)
