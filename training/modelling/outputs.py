"""The files a run leaves behind."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet

from training.modelling.manifest import Rows
from training.modelling.progress import Reporter
from training.modelling.protocol import Indices
from training.modelling.recipes.base import Probabilities

PREDICTIONS_FILE = "predictions.parquet"


@dataclass(frozen=True)
class Predictions:
    """Probabilities, (m, classes), of rows the model that made them was not fitted on; fold 0 is the kept fit."""

    fold: int
    rows: Indices
    probabilities: Probabilities


def write_predictions(path: Path, rows: Rows, parts: list[Predictions]) -> None:
    """Write one row a prediction: item, split, fold, group, weight, truth (list), probabilities (list, float64)."""
    chosen = np.concatenate([part.rows for part in parts]) if parts else np.empty(0, dtype=np.int64)
    folds = [part.fold for part in parts for _ in part.rows]
    probabilities = [row for part in parts for row in part.probabilities.tolist()]
    truth = [np.flatnonzero(rows.targets[index]).tolist() for index in chosen]
    columns = {
        "item": pyarrow.array([str(rows.items[index]) for index in chosen], pyarrow.string()),
        "split": pyarrow.array([str(rows.splits[index]) for index in chosen], pyarrow.string()),
        "fold": pyarrow.array(folds, pyarrow.int32()),
        "group": pyarrow.array([str(rows.groups[index]) for index in chosen], pyarrow.string()),
        "weight": pyarrow.array([float(rows.weights[index]) for index in chosen], pyarrow.float64()),
        "truth": pyarrow.array(truth, pyarrow.list_(pyarrow.int32())),
        "probabilities": pyarrow.array(probabilities, pyarrow.list_(pyarrow.float64())),
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


def write_json(path: Path, content: Any) -> Path:
    """Write a JSON file; not-a-number is refused."""
    path.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n", "utf-8")
    return path


def announce(reporter: Reporter, kind: str, path: Path) -> None:
    """Emit an artifact event: kind, file name, bytes, sha256."""
    content = path.read_bytes()
    reporter.emit("artifact", kind=kind, file=path.name, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
