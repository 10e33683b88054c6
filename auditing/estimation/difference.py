"""Audit estimates that use the model's own score on all items as a control variate."""

import math

import numpy as np
from numpy.typing import ArrayLike

from auditing.estimation.effective_interval import effective_interval
from auditing.estimation.horvitz_thompson import checked_probabilities, fixed_size_variance
from auditing.estimation.stratified import stratified_mean
from common.numerics.checks import FloatArray, IntArray, as_counts, as_floats, as_indices
from common.numerics.estimate import Estimate
from common.numerics.sums import sum_by

FEWEST_ANSWERS = 10
PSEUDO_OBSERVATIONS = 0.5


def difference_pps(
    population_scores: ArrayLike,
    indices: ArrayLike,
    answers: ArrayLike,
    inclusion_probability: ArrayLike,
    *,
    level: float = 0.95,
) -> Estimate:
    """Share of successes: mean of the scores over all items, corrected by the weighted errors of the scores.

    mean(s) + sum_i (y_i - s_i) / pi_i / sum_i 1 / pi_i.
    population_scores: shape (N,), predicted probability of success of every item in the population, in [0, 1]. Any
    scores keep the estimate right; good ones make it precise. indices: shape (n,), positions of the answered items;
    answers: shape (n,), 0 or 1; inclusion_probability: shape (n,), in (0, 1].

    Draw with `draw_pps` on the uncertainty, sqrt(s (1 - s)), with a uniform floor of 0.2 or more: without a floor one
    error among the sure items has a huge weight. The interval is of the score kind (see `effective_interval`) from
    the variance of the residuals, to which half a made-up answer, right or wrong with equal chance, is added: scores
    that boast leave errors among the sure items, and a sample that met none of them must not claim to know.
    Unknown with fewer than 10 answers. Raises ValueError for scores outside [0, 1], answers other than 0 and 1,
    repeated or wrong indices. Missing answers are left out and taken to be missing at random.
    Source: Sarndal, Swensson and Wretman 1992, sections 6.3 and 7.4; prediction-powered inference, Angelopoulos et al.
    2023, Science 382:669-674, for equal probabilities.
    """
    scores, chosen, right = _validated(population_scores, indices, answers)
    pi = checked_probabilities(inclusion_probability, right.shape)
    method = "difference estimator, unequal probabilities"
    if right.size < FEWEST_ANSWERS:
        return _too_few(right.size, level, method)
    weights = 1.0 / pi
    total = float(weights.sum())
    residuals = right - scores[chosen]
    correction = float(weights @ residuals) / total
    value = float(scores.mean()) + correction
    surprise = _surprise(scores[chosen]) * float(PSEUDO_OBSERVATIONS) / right.size
    unseen = float(((1.0 - pi) / pi**2) @ surprise)
    variance = (fixed_size_variance(residuals - correction, pi) + unseen) / total**2
    kish = total**2 / float((weights**2).sum())
    return _interval(value, variance, right.size, kish, level, method, right.size - 1.0)


def difference_stratified(
    population_scores: ArrayLike,
    population_strata: ArrayLike,
    indices: ArrayLike,
    answers: ArrayLike,
    *,
    level: float = 0.95,
) -> Estimate:
    """The same correction for a stratified sample: sum_h W_h (mean_h s + mean of y - s in the sample of stratum h).

    population_scores, population_strata: shape (N,), score and stratum index of every item. indices, answers: shape
    (n,), positions of the answered items and their answers, 0 or 1.
    Unknown with fewer than 10 answers or when a stratum with items has none. Raises ValueError as `difference_pps`.
    Source: as `difference_pps`.
    """
    scores, chosen, right = _validated(population_scores, indices, answers)
    strata = as_indices("population_strata", population_strata, length=scores.size)
    sizes = as_counts("sizes", np.bincount(strata))
    method = "difference estimator, stratified"
    if right.size < FEWEST_ANSWERS:
        return _too_few(right.size, level, method)
    sampled = np.bincount(strata[chosen], minlength=sizes.size)
    if ((sizes > 0) & (sampled == 0)).any():
        names = ", ".join(str(int(h)) for h in np.flatnonzero((sizes > 0) & (sampled == 0)))
        reason = f"no answers yet in stratum {names}"
        return Estimate.unknown(reason, level=level, n=int(right.size), method=method)
    residuals = right - scores[chosen]
    correction, variance, freedom = stratified_mean(residuals, strata[chosen], sizes)
    value = float(scores.mean()) + correction
    held = sampled > 0
    n, size = sampled[held], sizes[held]
    surprise = sum_by(strata[chosen], _surprise(scores[chosen]), sizes.size)[held] / n
    share = size / sizes.sum()
    variance += float((share**2 * (1.0 - n / size) * surprise * PSEUDO_OBSERVATIONS / n**2).sum())
    weights = (sizes / np.maximum(sampled, 1))[strata[chosen]]
    kish = float(weights.sum() ** 2 / (weights**2).sum())
    return _interval(value, variance, right.size, kish, level, method, freedom)


def _validated(
    population_scores: ArrayLike, indices: ArrayLike, answers: ArrayLike
) -> tuple[FloatArray, IntArray, FloatArray]:
    scores = as_floats("population_scores", population_scores)
    if scores.ndim != 1 or scores.size == 0:
        raise ValueError(f"population_scores must be a vector with entries, got shape {scores.shape}")
    if scores.min() < 0 or scores.max() > 1:
        raise ValueError("population_scores must lie in [0, 1]")
    chosen = as_indices("indices", indices, below=scores.size)
    if np.unique(chosen).size != chosen.size:
        raise ValueError("indices has an item twice")
    right = as_floats("answers", answers, shape=chosen.shape)
    if not np.isin(right, (0.0, 1.0)).all():
        raise ValueError("answers must be 0 or 1")
    return scores, chosen, right


def _surprise(scores: FloatArray) -> FloatArray:
    """Mean squared residual if the answer were a success or a failure with equal chance, shape (n,)."""
    return (scores**2 + (1.0 - scores) ** 2) / 2.0


def _too_few(n: int, level: float, method: str) -> Estimate:
    reason = f"{n} answers are too few for this estimator, {FEWEST_ANSWERS} are needed"
    return Estimate.unknown(reason, level=level, n=n, method=method)


def _interval(
    value: float, variance: float, n: int, kish: float, level: float, method: str, freedom: float
) -> Estimate:
    finite = freedom if math.isfinite(freedom) else math.inf
    return effective_interval(
        value, variance, n=n, kish=kish, level=level, method=method, degrees_of_freedom=max(finite, 1.0)
    )
