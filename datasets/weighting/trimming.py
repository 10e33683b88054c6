"""Cap extreme weights, and say what the cap costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from datasets.profiling.columns import FloatArray
from datasets.weighting.effective_sample_size import EffectiveSampleSize, check_weights, effective_sample_size


@dataclass(frozen=True, eq=False)
class Trimming:
    """Weights after the cap and the price.

    weights: shape (n,), same sum as before, none above limit. n_trimmed: items at the limit that were above it.
    moved_share: share of the total weight that was taken from them. largest_shift: largest change of a cell's weighted
    share (0 to 1), cell: which; None without cells: so much bias is now possible. before, after: Kish. sentence: all of
    it for people.
    """

    weights: FloatArray
    limit: float
    n_trimmed: int
    moved_share: float
    largest_shift: float | None
    cell: str | None
    before: EffectiveSampleSize
    after: EffectiveSampleSize
    sentence: str


def trim_weights(weights: FloatArray, *, max_times_mean: float, cells: Sequence[str] | None = None) -> Trimming:
    """Cap weights at max_times_mean times their mean; what is cut goes to the others in proportion to their weights.

    weights: shape (n,). The mean is that of the positive weights. Repeated until nothing exceeds the cap. cells: the
    cell of each item, to measure the cost against the declared shares. Trimming trades bias for variance: the effective
    size grows, and the weighted shares leave the population's. Raises ValueError for max_times_mean < 1 (no weights
    could keep their sum), invalid weights, or unequal lengths. Source: Potter 1990, A study of procedures to identify
    and trim extreme sampling weights.
    """
    check_weights(weights)
    if not max_times_mean >= 1:
        raise ValueError("max_times_mean must be at least 1")
    if cells is not None and len(cells) != weights.shape[0]:
        raise ValueError("cells and weights have different lengths")
    before = effective_sample_size(weights)
    positive = weights > 0
    limit = float(weights[positive].mean() * max_times_mean) if positive.any() else 0.0
    trimmed = _capped(weights, limit)
    n_trimmed = int((weights > limit * (1 + 1e-12)).sum())
    total = float(weights.sum())
    moved = float(np.maximum(weights - trimmed, 0).sum()) / total if total else 0.0
    shift, cell = _largest_shift(weights, trimmed, cells) if cells is not None and total else (None, None)
    after = effective_sample_size(trimmed)
    sentence = _sentence(n_trimmed, moved, shift, cell, before, after)
    return Trimming(trimmed, limit, n_trimmed, moved, shift, cell, before, after, sentence)


def _capped(weights: FloatArray, limit: float) -> FloatArray:
    result, at_limit, total = weights.astype(np.float64), weights > limit, float(weights.sum())
    while (result > limit * (1 + 1e-12)).any():
        at_limit |= result > limit
        free = result[~at_limit].sum()
        rest = total - limit * at_limit.sum()
        result = np.where(at_limit, limit, result * (rest / free if free > 0 else 0.0))
    return result


def _largest_shift(before: FloatArray, after: FloatArray, cells: Sequence[str]) -> tuple[float, str]:
    names, codes = np.unique(np.asarray(cells, dtype=str), return_inverse=True)
    old, new = (np.bincount(codes, w) / w.sum() for w in (before, after))
    worst = int(np.argmax(np.abs(new - old)))
    return float(abs(new[worst] - old[worst])), str(names[worst])


def _sentence(
    n_trimmed: int,
    moved: float,
    shift: float | None,
    cell: str | None,
    before: EffectiveSampleSize,
    after: EffectiveSampleSize,
) -> str:
    if not n_trimmed or before.effective is None or after.effective is None:
        return "No weight was above the cap; nothing changed."
    text = (
        f"{n_trimmed:,} weight{'s were' if n_trimmed > 1 else ' was'} cut, {moved:.1%} of the total weight moved: the "
        f"effective size rose from {before.effective:,.0f} to {after.effective:,.0f}"
    )
    if shift is None:
        return text + "."
    return text + f", and “{cell}” now counts {shift:.1%} of the total more or less than declared."
