"""Columns of a table as the profiling and representativeness methods take them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from datasets.formats.attributes import AttributeSpec, AttributeType, Known, Value, is_missing

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MISSING = -1


class ColumnKind(StrEnum):
    """number: float64, NaN where missing. category: strings, None where missing."""

    NUMBER = "number"
    CATEGORY = "category"


class Origin(StrEnum):
    """attribute: said about the thing. technical: how it was recorded or labelled (file, size, source, annotator)."""

    ATTRIBUTE = "attribute"
    TECHNICAL = "technical"


@dataclass(frozen=True, eq=False)
class Column:
    """One column. values: shape (n,), float64 with NaN (number) or object with str and None (category)."""

    name: str
    kind: ColumnKind
    values: NDArray[Any]
    known_at_prediction: Known = Known.UNKNOWN
    origin: Origin = Origin.ATTRIBUTE

    def __len__(self) -> int:
        return int(self.values.shape[0])

    def take(self, rows: IntArray | NDArray[np.bool_]) -> "Column":
        """The column for some rows, by index or mask."""
        return Column(self.name, self.kind, self.values[rows], self.known_at_prediction, self.origin)


def number_column(
    name: str,
    values: Sequence[float | None] | FloatArray,
    *,
    known: Known = Known.UNKNOWN,
    origin: Origin = Origin.ATTRIBUTE,
) -> Column:
    """A number column; None and infinities become NaN."""
    array = np.array([math.nan if value is None else value for value in values], dtype=np.float64)
    array[~np.isfinite(array)] = math.nan
    return Column(name, ColumnKind.NUMBER, array, known, origin)


def category_column(
    name: str,
    values: Sequence[str | bool | None],
    *,
    known: Known = Known.UNKNOWN,
    origin: Origin = Origin.ATTRIBUTE,
) -> Column:
    """A category column; booleans become "true" and "false"."""
    array = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        array[i] = None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return Column(name, ColumnKind.CATEGORY, array, known, origin)


def attribute_column(spec: AttributeSpec, values: Sequence[Value]) -> Column:
    """A column from an attribute's values by its declared type.

    Numbers and integers are numbers; datetimes are numbers too (seconds since 1970, UTC assumed where no offset is
    given, since only their order and distance matter here); booleans, categories and texts are categories. A value
    that does not fit counts as missing.
    """
    known = spec.known_at_prediction
    match spec.type:
        case AttributeType.NUMBER | AttributeType.INTEGER:
            return number_column(spec.name, [_number(value) for value in values], known=known)
        case AttributeType.DATETIME:
            return number_column(spec.name, [_seconds(value) for value in values], known=known)
        case _:
            words = [
                None if is_missing(value) else value if isinstance(value, bool) else str(value) for value in values
            ]
            return category_column(spec.name, words, known=known)


def category_codes(values: NDArray[Any], *, max_levels: int | None = None) -> tuple[IntArray, tuple[str, ...]]:
    """Integer codes of a category column, shape (n,), -1 for missing, and the levels sorted by name.

    max_levels: keep only the most frequent ones (ties by name) and give all others one further level "(other)".
    """
    raw, names = pd.factorize(values, sort=True)  # None gives -1
    codes, levels = raw.astype(np.int64), tuple(str(name) for name in names)
    if max_levels is None or len(levels) <= max_levels:
        return codes, levels
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    kept = np.sort(np.lexsort((np.arange(len(levels)), -counts))[:max_levels])
    renumbered = np.full(len(levels) + 1, kept.size, dtype=np.int64)
    renumbered[kept] = np.arange(kept.size)
    renumbered[MISSING] = MISSING  # the last place, which index -1 reaches
    return renumbered[codes], (*(levels[i] for i in kept), "(other)")


def _word(value: Value) -> str | bool | None:
    if is_missing(value):
        return None
    return value if isinstance(value, bool) else str(value)


def _number(value: Value) -> float | None:
    if is_missing(value):
        return None
    try:
        return float(value)  # type: ignore[arg-type]
    except ValueError:
        return None


def _seconds(value: Value) -> float | None:
    if is_missing(value):
        return None
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
