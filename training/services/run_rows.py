"""The rows of a run as the file that the child process reads."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.problems import InvalidInput
from datasets.selectors.versions import VersionRow, rows
from training.models import Run
from training.selectors.targets import TargetClasses
from training.services.pictures import Materializer

FITTED_SPLITS = {"hold_out": ("train",), "k_fold": ("train", "validation"), "final": ("train", "validation")}
BEAT_EVERY = 500


@dataclass(frozen=True)
class ManifestRow:
    """A row with its output classes."""

    item: str
    split: str
    keys: tuple[str, ...]
    weight: float
    group: str
    object_key: str


@dataclass(frozen=True)
class LearnableRows:
    """Rows that can be learned or judged; left_out counts the others by reason."""

    rows: list[ManifestRow]
    target: TargetClasses
    left_out: dict[str, int]

    def counts(self) -> dict[str, int]:
        return dict(Counter(row.split for row in self.rows))


def learnable_rows(run: Run, target: TargetClasses, *, splits: Iterable[str]) -> LearnableRows:
    """Read the version and keep the rows whose class was met in the rows that are fitted on.

    Raises InvalidInput when fewer than two classes (one for multiple choice) are left.
    """
    wanted = frozenset(splits)
    left_out: Counter[str] = Counter()
    labelled = labelled_rows(run.version, target)
    found = [
        row for row in (_mapped(r, target, labelled, left_out) for r in rows(run.version) if r.split in wanted) if row
    ]
    fitted = FITTED_SPLITS[run.protocol["kind"]]
    met = {key for row in found if row.split in fitted for key in row.keys}
    kept_target = target.only([c.key for c in target.classes if c.key in met])
    least = 1 if target.is_multiple else 2
    if len(kept_target.classes) < least:
        raise InvalidInput(
            f"In the training rows of {run.version} only {len(kept_target.classes)} class of “{run.question}” occurs; "
            f"at least {least} are needed. Label more, or freeze a version with another recipe."
        )
    kept = [row for row in found if set(row.keys) <= met]
    left_out["its class does not occur in the rows that are fitted on"] += len(found) - len(kept)
    return LearnableRows(kept, kept_target, {reason: n for reason, n in left_out.items() if n})


def labelled_rows(version: Any, target: TargetClasses) -> Callable[[VersionRow], bool]:
    """Which rows have an answer: for multiple choice "none of these" is one, and it has no class key."""
    none_is_told = target.is_multiple and not version.recipe.get("include_unlabelled", False)
    return lambda row: bool(row.label_keys) or none_is_told


def _mapped(
    row: VersionRow, target: TargetClasses, is_labelled: Callable[[VersionRow], bool], left_out: Counter[str]
) -> ManifestRow | None:
    if not row.object_key:
        left_out["it is no picture"] += 1
    elif not is_labelled(row):
        left_out["it has no class (no label, “none of these” or “cannot tell”)"] += 1
    elif (mapped := mapped_row(row, target)) is None:
        left_out["its class is left out of the target, or it has several"] += 1
    else:
        return mapped
    return None


def mapped_row(row: VersionRow, target: TargetClasses) -> ManifestRow | None:
    """The row with its output classes: any number for multiple choice, else one; None for a row without it."""
    keys = tuple(sorted({target.of_key[key] for key in row.label_keys if key in target.of_key}))
    if len(keys) != 1 and not target.is_multiple:
        return None
    return ManifestRow(row.sha256, row.split, keys, float(row.weight), row.group or row.sha256, row.object_key)


def write_manifest(learnable: LearnableRows, *, path: Path, beat: Callable[[int, int], None]) -> str:
    """Write JSON lines with a local picture for every row; return the SHA-256 of the rows without their paths.

    beat(done, total) is called now and then: bringing a bucket's pictures here may take minutes.
    """
    materializer, digest = Materializer(), hashlib.sha256()
    index = {c.key: i for i, c in enumerate(learnable.target.classes)}
    with path.open("w", encoding="utf-8") as out:
        for number, row in enumerate(learnable.rows):
            if number % BEAT_EVERY == 0:
                beat(number, len(learnable.rows))
            record = _record(row, index, learnable.target.is_multiple)
            digest.update(json.dumps(record, sort_keys=True).encode() + b"\n")
            picture = materializer.path(row.object_key)
            out.write(json.dumps(record | {"path": str(picture)}) + "\n")
    return digest.hexdigest()


def _record(row: ManifestRow, index: dict[str, int], is_multiple: bool) -> dict[str, Any]:
    classes = [index[key] for key in row.keys]
    label = {"labels": classes} if is_multiple else {"label": classes[0]}
    return {"item": row.item, "split": row.split, "weight": row.weight, "group": row.group} | label
