"""Predictions for stored items, in jobs: a loaded model, pictures from the object store, a heartbeat between chunks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from common.storage import object_store
from training.models import ModelVersion
from training.selectors.files import Floats, StoredPredictions
from training.services.run_rows import ManifestRow
from training.serving.predictor import CHUNK, Predictor
from training.serving.preprocessing import prepare_valid

Beat = Callable[[int, int], None]


@dataclass(frozen=True)
class BatchResult:
    """predictions: of the rows whose picture could be read. broken: hash and reason of the others."""

    predictions: StoredPredictions
    broken: list[tuple[str, str]]


def predict_rows(
    predictor: Predictor, rows: Sequence[ManifestRow], *, classes: Sequence[str], beat: Beat
) -> BatchResult:
    """Predict stored pictures and put their truth beside.

    rows: with keys among `classes`; ascending hashes come back.
    """
    ordered = sorted(rows, key=lambda row: row.item)
    kept: list[ManifestRow] = []
    parts: list[Floats] = []
    broken: list[tuple[str, str]] = []
    for start in range(0, len(ordered), CHUNK):
        beat(start, len(ordered))
        chunk = ordered[start : start + CHUNK]
        prepared = prepare_valid(list(_bytes_of(chunk)), predictor.card.preprocessing)
        parts.append(predictor.predict_pixels(prepared.pixels))
        kept += [chunk[int(place)] for place in prepared.kept]
        broken += [(chunk[error.index].item, error.reason) for error in prepared.broken]
    index = {key: i for i, key in enumerate(classes)}
    truth = np.zeros((len(kept), len(classes)))
    for number, row in enumerate(kept):
        truth[number, [index[key] for key in row.keys]] = 1.0
    found = StoredPredictions(
        items=np.array([row.item for row in kept], dtype=str),
        groups=np.array([row.group for row in kept], dtype=str),
        weights=np.array([row.weight for row in kept], dtype=np.float64),
        truth=truth,
        probabilities=np.concatenate(parts) if parts else np.empty((0, len(classes))),
    )
    return BatchResult(found, broken)


def _bytes_of(rows: Sequence[ManifestRow]) -> Iterator[bytes]:
    store = object_store()
    for row in rows:
        with store.open(row.object_key) as stored:
            yield stored.read()


def class_keys(model: ModelVersion) -> list[str]:
    return [str(c["key"]) for c in model.serving_card["classes"]]
