"""How much of every column is missing, and whether missing itself tells something about the label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_interval
from datasets.profiling.columns import Column, IntArray


@dataclass(frozen=True)
class MissingColumn:
    """Missing values of one column. share: with Wilson's interval.

    p_value, q_value: of the chi-square test that missing is independent of the label, and the same after
    Benjamini-Hochberg over the columns; effect: Cramer's V, 0 to 1. All three None, with a reason, where there is
    nothing to test. tells_label: q < 0.05 and V >= 0.1.
    """

    name: str
    n_missing: int
    share: Estimate
    p_value: float | None
    q_value: float | None
    effect: float | None
    tells_label: bool
    reason: str | None


@dataclass(frozen=True)
class MissingReport:
    """Columns, most missing first; verdict: one sentence."""

    columns: tuple[MissingColumn, ...]
    verdict: str


def missing_values(columns: Sequence[Column], labels: Sequence[str] | None = None) -> MissingReport:
    """Share of missing values by column and its tie to the label.

    columns: all of one length n. labels: length n, or None to leave the second question out. Rows are taken to be
    independent. Raises ValueError for unequal lengths.
    """
    codes = None if labels is None else np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1]
    results = []
    for column in columns:
        if codes is not None and codes.shape[0] != len(column):
            raise ValueError(f"{column.name}: the labels have another length")
        mask = missing_mask(column)
        p_value, effect, reason = _tie(mask, codes)
        results.append((column.name, int(mask.sum()), len(column), p_value, effect, reason))
    tested = [p for *_, p, _, _ in results if p is not None]
    q_values = iter(stats.false_discovery_control(tested) if tested else ())
    rows = []
    for name, n_missing, n, p_value, effect, reason in results:
        q_value = float(next(q_values)) if p_value is not None else None
        tells = q_value is not None and effect is not None and q_value < 0.05 and effect >= 0.1
        rows.append(
            MissingColumn(name, n_missing, wilson_interval(n_missing, n), p_value, q_value, effect, tells, reason)
        )
    rows.sort(key=lambda row: (-(row.share.value or 0.0), row.name))
    return MissingReport(tuple(rows), _verdict(rows))


def missing_mask(column: Column) -> NDArray[np.bool_]:
    """True where the column has no value, shape (n,)."""
    return np.asarray(pd.isna(column.values), dtype=bool)


def _tie(
    mask: np.ndarray[tuple[int], np.dtype[np.bool_]], codes: IntArray | None
) -> tuple[float | None, float | None, str | None]:
    if codes is None:
        return None, None, "No labels were given."
    if mask.all() or not mask.any():
        return None, None, "Nothing is missing." if not mask.any() else "Everything is missing."
    table = np.stack([np.bincount(codes[mask == flag], minlength=codes.max() + 1) for flag in (False, True)])
    if table.shape[1] < 2:
        return None, None, "There is only one class."
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    if expected.min() < 1:
        return None, None, "Too few values are missing, or a class is too rare, for a test."
    statistic, p_value, *_ = stats.chi2_contingency(table, correction=False)
    return float(p_value), float(np.sqrt(statistic / table.sum())), None


def _verdict(rows: Sequence[MissingColumn]) -> str:
    with_gaps = [row for row in rows if row.n_missing]
    if not with_gaps:
        return "No value is missing."
    telling = [row.name for row in rows if row.tells_label]
    worst = with_gaps[0]
    count = "1 column has" if len(with_gaps) == 1 else f"{len(with_gaps)} columns have"
    text = f"{count} missing values; most in “{worst.name}” ({worst.share.value or 0:.1%})."
    if telling:
        text += f" That a value is missing tells something about the label in {_names(telling)}."
    return text


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
