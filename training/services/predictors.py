"""Loaded models, one a process and file: sessions are kept by the hash of their file and serve all threads."""

import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

from common.storage import object_store
from training.models import ModelExport, ModelVersion
from training.serving.card import ServingCard
from training.serving.loader import load_predictor
from training.serving.predictor import Predictor

KEPT = 8  # a small network takes a few megabytes, an encoder about forty
SUFFIXES = {"onnx": ".onnx", "litert_int8": ".tflite"}
SERVED_FORMAT = "onnx"


class PredictorCache:
    """The last used predictors by file hash.

    Two threads that miss at once load twice and keep one: no lock while loading.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._predictors: OrderedDict[str, Predictor] = OrderedDict()

    def get(self, *, file_hash: str, object_key: str, suffix: str, card: ServingCard) -> Predictor:
        """The predictor of a stored file. Raises ModelFileError."""
        with self._lock:
            if (found := self._predictors.get(file_hash)) is not None:
                self._predictors.move_to_end(file_hash)
                return found
        loaded = load_stored(object_key=object_key, suffix=suffix, card=card)
        with self._lock:
            kept = self._predictors.setdefault(file_hash, loaded)
            while len(self._predictors) > self._kept:
                self._predictors.popitem(last=False)
        return kept

    def clear(self) -> None:
        with self._lock:
            self._predictors.clear()


PREDICTORS = PredictorCache()


def load_stored(*, object_key: str, suffix: str, card: ServingCard) -> Predictor:
    """Load a model file from the object store; the runtimes go by suffix, which stored objects do not have."""
    with object_store().local_path(object_key) as path, tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / f"model{suffix}"
        named.symlink_to(Path(path).resolve())
        return load_predictor(named, card)


def predictor_of(model: ModelVersion, *, format: str = SERVED_FORMAT) -> Predictor:
    """The loaded predictor of a model version. Raises ModelExport.DoesNotExist when it was not exported so."""
    export = model.exports.get(format=format)
    return predictor_of_export(export, model)


def predictor_of_export(export: ModelExport, model: ModelVersion) -> Predictor:
    return PREDICTORS.get(
        file_hash=export.file_hash,
        object_key=export.object_key,
        suffix=SUFFIXES[export.format],
        card=ServingCard.from_json(model.serving_card),
    )
