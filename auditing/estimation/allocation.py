"""How many items to ask for in each stratum, and how wide the interval will be."""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from common.numerics.checks import FloatArray, IntArray, as_counts, as_floats
from common.numerics.critical import critical_value

Rule = Literal["proportional", "neyman"]
SMALLEST_RATE_COUNT = 0.5


def proportional_allocation(sizes: ArrayLike, total: int, *, floor: int = 2) -> IntArray:
    """Sample sizes proportional to the strata, at least `floor` each and never more than the stratum holds.

    sizes: shape (n_strata,), items in the population per stratum. Returns whole numbers that sum to
    min(max(total, floors), all items); an empty stratum gets 0. See `neyman_allocation` for errors and rounding.
    """
    population = as_counts("sizes", sizes)
    return _allocate(population, population.astype(np.float64), total, floor)


def neyman_allocation(sizes: ArrayLike, deviations: ArrayLike, total: int, *, floor: int = 2) -> IntArray:
    """Sample sizes proportional to size x standard deviation, which minimise the variance of the stratified mean.

    sizes: items per stratum; deviations: standard deviation of one observation in each stratum, >= 0, as guessed
    beforehand (`guessed_deviations`), both shape (n_strata,). floor: the least number per non-empty stratum, so that
    a wrong guess of "no variation" is found out and variances can be estimated (2 or more).
    Strata that would get more than they hold are taken whole and the rest is shared again; whole numbers by largest
    remainder. If the floors alone exceed `total`, the floors win: the sum of the result says what will be asked.
    Raises ValueError for negative sizes, deviations, total or floor, or unequal lengths.
    Source: Neyman 1934, JRSS 97:558-625; Cochran 1977, Sampling Techniques, sections 5.5 and 5.8.
    >>> neyman_allocation([1000, 1000], [0.3, 0.1], 100).tolist()
    [75, 25]
    """
    population = as_counts("sizes", sizes)
    spread = as_floats("deviations", deviations, shape=population.shape)
    if spread.size and spread.min() < 0:
        raise ValueError("deviations has a negative entry")
    weights = population * spread
    return _allocate(population, weights if weights.sum() > 0 else population.astype(np.float64), total, floor)


def guessed_deviations(sizes: ArrayLike, rates: ArrayLike, *, least: float = 0.0) -> FloatArray:
    """Standard deviation sqrt(p (1 - p)) of a yes/no answer for guessed rates, kept off zero.

    rates: expected share of errors per stratum, in [0, 1], for example 1 - mean confidence. A guess of 0 or 1 is
    moved to half an item of the stratum, since nobody knows that a stratum has no errors before looking. least: and to
    this rate, 0 to 0.5, in strata where the guess is more extreme: for guesses that boast, as confidence does.
    Raises ValueError for rates outside [0, 1], least outside [0, 0.5] or unequal lengths.
    """
    population = as_counts("sizes", sizes)
    guess = as_floats("rates", rates, shape=population.shape)
    if guess.size and (guess.min() < 0 or guess.max() > 1):
        raise ValueError("rates must lie in [0, 1]")
    if not 0.0 <= least <= 0.5:
        raise ValueError(f"least must lie in [0, 0.5], got {least}")
    edge = np.clip(SMALLEST_RATE_COUNT / np.maximum(population, 1), least, 0.5)
    kept = np.clip(guess, edge, 1.0 - edge)
    return np.asarray(np.sqrt(kept * (1.0 - kept)), dtype=np.float64)


def expected_half_width(sizes: ArrayLike, deviations: ArrayLike, counts: ArrayLike, *, level: float = 0.95) -> float:
    """Half-width of the interval of the stratified mean that this allocation should give, in the unit of deviations.

    z sqrt(sum_h W_h^2 S_h^2 (1 - n_h/N_h) / n_h), W_h = N_h / N. A preview: it is as good as the guessed deviations.
    Infinite when a stratum that holds items and varies is not sampled. Raises ValueError for unequal lengths, for
    counts above the sizes, or an empty population. Source: Cochran 1977, section 5.3.
    """
    population = as_counts("sizes", sizes)
    spread = as_floats("deviations", deviations, shape=population.shape)
    sample = as_counts("counts", counts, length=population.size)
    if population.sum() == 0:
        raise ValueError("the population is empty")
    if (sample > population).any():
        raise ValueError("counts has a stratum with more than it holds")
    if ((sample == 0) & (population > 0) & (spread > 0)).any():
        return math.inf
    drawn = sample > 0
    shares = population[drawn] / population.sum()
    variance = shares**2 * spread[drawn] ** 2 * (1.0 - sample[drawn] / population[drawn]) / sample[drawn]
    return critical_value(level) * math.sqrt(float(variance.sum()))


def size_for_half_width(
    sizes: ArrayLike,
    deviations: ArrayLike,
    half_width: float,
    *,
    level: float = 0.95,
    rule: Rule = "neyman",
    floor: int = 2,
) -> int:
    """Smallest total for which the preview of the allocation reaches the wished half-width.

    Found by bisection on `expected_half_width` of the actual whole-number allocation, so floors, full strata and
    rounding are in. Never more than the population, which gives half-width 0.
    Raises ValueError for half_width <= 0 or an empty population.
    """
    if not half_width > 0:
        raise ValueError(f"half_width must be positive, got {half_width}")
    population = as_counts("sizes", sizes)

    def width(total: int) -> float:
        counts = (
            neyman_allocation(population, deviations, total, floor=floor)
            if rule == "neyman"
            else proportional_allocation(population, total, floor=floor)
        )
        return expected_half_width(population, deviations, counts, level=level)

    low, high = 0, int(population.sum())
    while low < high:
        middle = (low + high) // 2
        if width(middle) <= half_width:
            high = middle
        else:
            low = middle + 1
    return max(low, int(np.minimum(population, floor).sum()))


def _allocate(population: IntArray, weights: FloatArray, total: int, floor: int) -> IntArray:
    if total < 0 or floor < 0:
        raise ValueError("total and floor must not be negative")
    least = np.minimum(population, floor)
    total = min(total, int(population.sum()))
    if least.sum() >= total:
        return least
    fixed = np.zeros(population.size, dtype=np.bool_)
    share = least.astype(np.float64)
    while not fixed.all():
        free = ~fixed
        rest = total - share[fixed].sum()
        scale = weights[free].sum()
        even = population[free] / max(population[free].sum(), 1)
        wanted = rest * (weights[free] / scale if scale > 0 else even)
        clipped = np.clip(wanted, least[free], population[free])
        excess = float(clipped.sum() - rest)
        share[free] = clipped
        if math.isclose(excess, 0.0, abs_tol=1e-9):
            break
        # Fix the strata at their floor when the clipped plan is too dear, at their size when it is too cheap.
        pinned = clipped > wanted if excess > 0 else clipped < wanted
        fixed[np.flatnonzero(free)[pinned]] = True
    return _round(share, population, least, total)


def _round(share: FloatArray, population: IntArray, least: IntArray, total: int) -> IntArray:
    """Whole numbers by largest remainder, within the limits."""
    counts = np.clip(np.floor(share + 1e-9).astype(np.int64), least, population)
    missing = total - int(counts.sum())
    order = np.argsort(-(share - counts), kind="stable")
    while missing > 0:
        for stratum in order:
            if missing > 0 and counts[stratum] < population[stratum]:
                counts[stratum] += 1
                missing -= 1
    return counts
