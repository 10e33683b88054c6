"""The rows of a run: which pictures, which labels, which split."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet

from training.modelling.spec import RunSpec

SPLITS = ("train", "validation", "test")


class ManifestError(ValueError):
    """Rows that cannot be trained on; the message says which and why."""


@dataclass(frozen=True)
class Rows:
    """n rows in the manifest's order.

    items, groups, splits: (n,) text. paths: n picture files. targets: (n, classes) float32, 1 where the class applies
    (exactly one a row unless multi-label). weights: (n,) float64, positive.
    """

    items: npt.NDArray[np.str_]
    paths: tuple[Path, ...]
    splits: npt.NDArray[np.str_]
    targets: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float64]
    groups: npt.NDArray[np.str_]

    def of(self, *splits: str) -> npt.NDArray[np.int64]:
        """Return the indices of the rows of these splits, ascending."""
        return np.flatnonzero(np.isin(self.splits, splits)).astype(np.int64)


def read_rows(spec: RunSpec) -> Rows:
    """Read and check the manifest of a run.

    Columns: item (text), path (text), split (train, validation, test), label (class index) or labels (list of class
    indices) for multi-label, weight (optional, 1), group (optional, the item itself). Raises ManifestError for rows of
    the test split when the run may not look at it, unknown classes, repeated items, a group in several splits, an empty
    split.
    """
    manifest = Path(spec.data.manifest)
    records = _records(manifest)
    if not records:
        raise ManifestError("The manifest has no rows.")
    base = Path(spec.data.folder) if spec.data.folder else manifest.parent
    try:
        items = np.array([str(r["item"]) for r in records])
        splits = np.array([str(r["split"]) for r in records])
        paths = tuple(base / str(r["path"]) for r in records)
    except KeyError as error:
        raise ManifestError(f"The manifest lacks the column {error.args[0]!r}.") from error
    groups = np.array([str(r["group"]) if r.get("group") not in (None, "") else str(r["item"]) for r in records])
    weights = np.array([1.0 if r.get("weight") is None else float(r["weight"]) for r in records])
    rows = Rows(items, paths, splits, _targets(records, spec), weights, groups)
    _check(rows, spec)
    return rows


def _records(path: Path) -> list[dict[str, Any]]:
    try:
        if path.suffix == ".parquet":
            table: list[dict[str, Any]] = pyarrow.parquet.read_table(path).to_pylist()
            return table
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise ManifestError(f"The manifest {path.name} cannot be read ({error}).") from error
    raise ManifestError(f"The manifest must be .parquet or .jsonl, not {path.suffix or path.name}.")


def _targets(records: list[dict[str, Any]], spec: RunSpec) -> npt.NDArray[np.float32]:
    count = len(spec.task.classes)
    targets = np.zeros((len(records), count), dtype=np.float32)
    for row, record in enumerate(records):
        raw = record.get("labels") if spec.task.kind == "multi_label" else [record.get("label")]
        if not isinstance(raw, list) or any(type(index) is not int or not 0 <= index < count for index in raw):
            column = "labels" if spec.task.kind == "multi_label" else "label"
            raise ManifestError(f"Item {record.get('item')}: {column} {raw!r} is no class index from 0 to {count - 1}.")
        targets[row, raw] = 1.0
    return targets


def _check(rows: Rows, spec: RunSpec) -> None:
    unknown = sorted(set(rows.splits.tolist()) - set(SPLITS))
    if unknown:
        raise ManifestError(f"Unknown split {unknown[0]!r}; known: {', '.join(SPLITS)}.")
    if not spec.evaluate_test and len(rows.of("test")):
        raise ManifestError(
            f"The manifest holds {len(rows.of('test'))} rows of the test split, but this run may not look at it "
            "(evaluate_test is off). Leave them out."
        )
    needed = ["train"] + (["validation"] if spec.protocol.kind == "hold_out" else [])
    needed += ["test"] if spec.evaluate_test else []
    for split in needed:
        if not len(rows.of(split)):
            raise ManifestError(f"There are no rows in the {split} split.")
    if len(set(rows.items.tolist())) != len(rows.items):
        raise ManifestError("An item appears twice in the manifest.")
    if not np.all(np.isfinite(rows.weights)) or rows.weights.min() <= 0:
        raise ManifestError("Weights must be positive numbers.")
    _check_groups(rows)


def _check_groups(rows: Rows) -> None:
    split_of: dict[str, str] = {}
    for group, split in zip(rows.groups.tolist(), rows.splits.tolist(), strict=True):
        if split_of.setdefault(group, split) != split:
            raise ManifestError(
                f"Group {group} is in the splits {split_of[group]} and {split}; near copies must stay together."
            )
