"""Raking: weight a sample to several margins at once when the joint shares are not known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from datasets.profiling.columns import FloatArray, IntArray
from datasets.weighting.effective_sample_size import EffectiveSampleSize, check_weights, effective_sample_size
from datasets.weighting.population import normalised_shares


@dataclass(frozen=True, eq=False)
class Raking:
    """Weights and how well they fit.

    weights: shape (n,), mean 1 over items inside the population, 0 outside. converged; iterations: rounds over all
    margins. largest_gap: largest absolute difference between a weighted and a declared share. uncovered: (variable,
    category) pairs with a share but no item; their share is spread over the rest of the variable. n_outside: items with
    a category that has no share. size: Kish. reason: why there are no weights, or why they do not fit, else None.
    """

    weights: FloatArray
    converged: bool
    iterations: int
    largest_gap: float
    uncovered: tuple[tuple[str, str], ...]
    n_outside: int
    size: EffectiveSampleSize
    reason: str | None = None


def rake(
    variables: Mapping[str, Sequence[str | None]],
    margins: Mapping[str, Mapping[str, float]],
    *,
    base: FloatArray | None = None,
    tolerance: float = 1e-9,
    max_iterations: int = 1000,
) -> Raking:
    """Iterative proportional fitting of item weights.

    variables: category of each item by variable, each of length n; None is outside. margins: declared shares by
    variable and category. base: starting weights, shape (n,), default 1. In every round each variable's weights are
    scaled to its shares, until no share is off by more than the tolerance. Among all weights that fit, the result is
    the one closest to the base in the sense of Kullback and Leibler. If two variables never combine in the sample as
    the margins demand, no weights fit: then converged is False and reason says so.
    Raises ValueError for a margin without variable, unequal lengths, invalid shares or weights.
    Source: Deming & Stephan 1940; Ireland & Kullback 1968.
    """
    n = _check(variables, margins, base)
    coded = [_coded(variables[name], name, shares) for name, shares in margins.items()]
    inside = np.ones(n, dtype=bool)
    for variable in coded:
        inside &= variable.codes >= 0
    weights = np.where(inside, 1.0 if base is None else base, 0.0)
    n_outside = int(n - inside.sum())
    if not weights.sum() > 0:
        size = effective_sample_size(np.zeros(n))
        reason = "No item lies in the population on every margin."
        return Raking(np.zeros(n), False, 0, 1.0, (), n_outside, size, reason)
    rows = np.flatnonzero(inside)
    fitted = weights[rows] / weights[rows].mean()
    targets, uncovered = _targets(coded, rows, fitted)
    fitted, rounds, gap = _fit([v.codes[rows] for v in coded], targets, fitted, tolerance, max_iterations)
    weights[rows] = fitted
    converged = gap <= tolerance
    misfit = None if converged else f"The margins cannot be met together: a share stays off by {gap:.2%}."
    return Raking(weights, converged, rounds, gap, uncovered, n_outside, effective_sample_size(weights), misfit)


@dataclass(frozen=True, eq=False)
class _Variable:
    name: str
    codes: IntArray  # -1: no share
    categories: tuple[str, ...]
    shares: FloatArray


def _coded(values: Sequence[str | None], name: str, shares: Mapping[str, float]) -> _Variable:
    declared = {category: share for category, share in normalised_shares(shares).items() if share > 0}
    categories = tuple(sorted(declared))
    index = {category: i for i, category in enumerate(categories)}
    codes = np.array([-1 if value is None else index.get(value, -1) for value in values], dtype=np.int64)
    return _Variable(name, codes, categories, np.array([declared[category] for category in categories]))


def _targets(
    coded: Sequence[_Variable], rows: IntArray, weights: FloatArray
) -> tuple[list[FloatArray], tuple[tuple[str, str], ...]]:
    """Shares to reach, those of categories without items spread over the others; and these categories."""
    targets, uncovered = [], []
    for variable in coded:
        present = np.bincount(variable.codes[rows], weights, minlength=len(variable.categories)) > 0
        uncovered += [(variable.name, c) for c, p in zip(variable.categories, present, strict=True) if not p]
        reachable = np.where(present, variable.shares, 0.0)
        targets.append(reachable / reachable.sum())
    return targets, tuple(uncovered)


def _fit(
    codes: Sequence[IntArray], targets: Sequence[FloatArray], weights: FloatArray, tolerance: float, max_iterations: int
) -> tuple[FloatArray, int, float]:
    """(weights with mean 1, rounds, largest gap)."""
    total = weights.sum()
    rounds, gap = 0, np.inf
    while gap > tolerance and rounds < max_iterations:
        rounds += 1
        for variable, target in zip(codes, targets, strict=True):
            current = np.bincount(variable, weights, minlength=target.size)
            factor = np.divide(target * total, current, out=np.zeros_like(target), where=current > 0)
            weights = weights * factor[variable]
        gap = max(
            float(np.abs(np.bincount(variable, weights, minlength=target.size) / weights.sum() - target).max())
            for variable, target in zip(codes, targets, strict=True)
        )
    return weights / weights.mean(), rounds, gap


def _check(
    variables: Mapping[str, Sequence[str | None]], margins: Mapping[str, Mapping[str, float]], base: FloatArray | None
) -> int:
    if not margins:
        raise ValueError("at least one margin is needed")
    missing = sorted(set(margins) - set(variables))
    if missing:
        raise ValueError(f"there is no variable for the margin {missing[0]}")
    lengths = {len(variables[name]) for name in margins}
    if len(lengths) != 1:
        raise ValueError("the variables have different lengths")
    (n,) = lengths
    if base is not None:
        check_weights(base)
        if base.shape != (n,):
            raise ValueError("base weights and variables have different lengths")
    return n
