"""What runs left behind, read back from the object store."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet

from common.storage import object_store
from training.models import RunFile

PREDICTIONS = "predictions.parquet"
SERVING_CARD = "serving.json"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StoredPredictions:
    """n judged rows, each once (the mean over repeats), in ascending order of their hash.

    items, groups: (n,) text. truth, probabilities: (n, classes). weights: (n,).
    """

    items: npt.NDArray[np.str_]
    groups: npt.NDArray[np.str_]
    weights: Floats
    truth: Floats
    probabilities: Floats

    def at(self, places: npt.NDArray[np.int64]) -> "StoredPredictions":
        return StoredPredictions(
            self.items[places],
            self.groups[places],
            self.weights[places],
            self.truth[places],
            self.probabilities[places],
        )


def read_json_file(file: RunFile) -> dict[str, Any]:
    with object_store().open(file.object_key) as stored:
        found: dict[str, Any] = json.load(stored)
    return found


@lru_cache(maxsize=16)
def read_predictions(object_key: str, classes: int) -> StoredPredictions:
    """The predictions in a stored Parquet file. Keys name contents, so what was read once stays true."""
    with object_store().open(object_key) as stored:
        table = pyarrow.parquet.read_table(io.BytesIO(stored.read()))
    columns = {name: table.column(name) for name in table.column_names}
    items, first, places = np.unique(
        np.asarray(columns["item"].to_pylist(), dtype=str), return_index=True, return_inverse=True
    )
    probabilities = np.asarray(columns["probabilities"].to_pylist(), dtype=np.float64).reshape(-1, classes)
    total = np.zeros((len(items), classes))
    np.add.at(total, places, probabilities)
    truth = np.zeros((len(items), classes))
    for row, indices in enumerate(columns["truth"].take(first).to_pylist()):
        truth[row, indices] = 1.0
    return StoredPredictions(
        items=items,
        groups=np.asarray(columns["group"].take(first).to_pylist(), dtype=str),
        weights=np.asarray(columns["weight"].take(first).to_pylist(), dtype=np.float64),
        truth=truth,
        probabilities=total / np.maximum(np.bincount(places, minlength=len(items)), 1)[:, None],
    )


def write_predictions(found: StoredPredictions, *, split: str) -> bytes:
    """The Parquet form of predictions, as a run writes it."""
    table = pyarrow.table(
        {
            "item": found.items.tolist(),
            "split": [split] * len(found.items),
            "fold": pyarrow.array([0] * len(found.items), pyarrow.int32()),
            "group": found.groups.tolist(),
            "weight": found.weights.tolist(),
            "truth": pyarrow.array(
                [np.flatnonzero(row).tolist() for row in found.truth], pyarrow.list_(pyarrow.int32())
            ),
            "probabilities": pyarrow.array(found.probabilities.tolist(), pyarrow.list_(pyarrow.float64())),
        }
    )
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out)
    return out.getvalue()


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def classes_of(card: Mapping[str, Any]) -> list[str]:
    return [str(c["key"]) for c in card["classes"]]
