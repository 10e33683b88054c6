"""Population proportion from a sample with unequal inclusion probabilities."""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from auditing.estimation.effective_interval import effective_interval
from common.numerics.checks import FloatArray, as_floats
from common.numerics.estimate import Estimate


def horvitz_thompson_proportion(
    successes: ArrayLike, inclusion_probability: ArrayLike, population: int, *, level: float = 0.95
) -> Estimate:
    """Sum (y_i / pi_i) / N: unbiased, but worse than Hajek's ratio for proportions; kept as the reference.

    On a sample drawn by uncertainty it is worse than simple random sampling, and its interval too narrow (0.88 of 95%
    measured): prefer `difference_pps`. Arguments, variance and errors as `hajek_proportion`.
    Source: Horvitz and Thompson 1952, JASA 47:663-685.
    """
    return _proportion(successes, inclusion_probability, population, level, "Horvitz-Thompson")


def hajek_proportion(
    successes: ArrayLike, inclusion_probability: ArrayLike, population: int, *, level: float = 0.95
) -> Estimate:
    """Sum (y_i / pi_i) / sum (1 / pi_i), with a score interval of the effective size.

    successes: shape (n,), 0 or 1 per audited item; inclusion_probability: shape (n,), in (0, 1], as stored with the
    sample; population: N. The variance is Hajek's approximation for fixed-size designs of high entropy, with
    residuals y_i - estimate. Missing answers must be left out of both arrays; they are then taken to be missing at
    random. Unknown without answers. Raises ValueError for probabilities outside (0, 1] or answers other than 0 and 1.
    Source: Hajek 1971; Sarndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, sections 5.7 and 7.
    """
    return _proportion(successes, inclusion_probability, population, level, "Hajek")


def _proportion(
    successes: ArrayLike,
    inclusion_probability: ArrayLike,
    population: int,
    level: float,
    method: Literal["Horvitz-Thompson", "Hajek"],
) -> Estimate:
    answers = as_floats("successes", successes)
    pi = checked_probabilities(inclusion_probability, answers.shape)
    if not np.isin(answers, (0.0, 1.0)).all():
        raise ValueError("successes must be 0 or 1")
    if population < answers.size:
        raise ValueError(f"population {population} is smaller than the sample of {answers.size}")
    if answers.size == 0:
        return Estimate.unknown("no answers yet", level=level, method=method)
    weights = 1.0 / pi
    total = float(weights.sum()) if method == "Hajek" else float(population)
    value = float(weights @ answers) / total
    residuals = answers - value if method == "Hajek" else answers
    variance = fixed_size_variance(residuals, pi) / total**2
    kish = float(weights.sum() ** 2 / (weights**2).sum())
    return effective_interval(
        value,
        variance,
        n=int(answers.size),
        kish=kish,
        level=level,
        method=method,
        degrees_of_freedom=max(answers.size - 1, 1),
    )


def checked_probabilities(inclusion_probability: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Inclusion probabilities as floats of this shape, or ValueError outside (0, 1]."""
    pi = as_floats("inclusion_probability", inclusion_probability, shape=shape)
    if pi.size and (pi.min() <= 0 or pi.max() > 1.0 + 1e-9):
        raise ValueError("inclusion_probability must lie in (0, 1]")
    return np.minimum(pi, 1.0)


def fixed_size_variance(values: FloatArray, pi: FloatArray) -> float:
    """Variance of sum values / pi under a fixed-size design of high entropy, from the sample.

    n/(n-1) sum (1 - pi_i) (values_i / pi_i - B)^2 with B the (1 - pi)-weighted mean of values / pi.
    values, pi: shape (n,). 0 when every item was certain; for a single uncertain item its own square is the best there
    is. Source: Hajek 1964; Deville 1999, equation in Tille and Matei (R package sampling, varest).
    """
    open_share = 1.0 - pi
    total = float(open_share.sum())
    if total <= 1e-12:
        return 0.0
    expanded = values / pi
    centre = float(open_share @ expanded) / total
    n = int((open_share > 1e-12).sum())
    if n == 1:
        return float(open_share @ expanded**2)
    return n / (n - 1.0) * math.fsum(open_share * (expanded - centre) ** 2)
