"""Does the sample hold the shares that the population is declared to have?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import stats

from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_interval
from datasets.weighting.population import normalised_shares

ALPHA = 0.05
_MIN_EXPECTED = 5.0


class Representation(StrEnum):
    """How a cell stands in the sample."""

    OVER = "over"
    UNDER = "under"
    ABSENT = "absent"
    FINE = "fine"


@dataclass(frozen=True)
class CellBias:
    """One cell of the population.

    sample_share: with Wilson's interval. ratio: sample share / population share, with the same interval divided; 1 is
    fair. p_value: exact binomial; q_value: Benjamini-Hochberg over the cells.
    """

    name: str
    n: int
    population_share: float
    sample_share: Estimate
    ratio: Estimate
    p_value: float
    q_value: float
    representation: Representation


@dataclass(frozen=True)
class SamplingBias:
    """Comparison of a sample with a declared population.

    cells: most wrongly represented first. p_value: of the goodness-of-fit test. distance: total variation, the share of
    the sample that would have to lie in other cells; distance_by_chance: what a fair sample of this size has on
    average. n_outside: items whose cell has no declared share. biased: p < 0.05 and distance >= the limit given.
    verdict: for people. reason: why nothing was tested, else None.
    """

    cells: tuple[CellBias, ...]
    n: int
    n_outside: int
    p_value: float | None
    distance: float | None
    distance_by_chance: float | None
    biased: bool
    verdict: str
    reason: str | None = None


def sampling_bias(
    cells: Sequence[str | None],
    population: Mapping[str, float],
    *,
    rng: np.random.Generator,
    name: str = "the population",
    min_distance: float = 0.05,
    min_ratio: float = 1.25,
    resamples: int = 9999,
) -> SamplingBias:
    """Test a sample against declared shares.

    cells: shape (n,), the cell of each item, independent of each other; None is outside. population: share, percentage
    or head count by cell. The test is Pearson's chi-square if every cell is expected 5 times, else the same statistic
    against simulated samples. A cell is over- or under-represented if q < 0.05 and its ratio is at least min_ratio away
    from 1 (up or down). The same function with class keys as cells tells whether selection depends on the target, if
    the population's class shares are known: weighting by attributes does not repair that.
    Raises ValueError for invalid shares. Source: Pearson 1900; Benjamini & Hochberg 1995.
    """
    shares = {cell: share for cell, share in sorted(normalised_shares(population).items()) if share > 0}
    counts = Counter(cell for cell in cells if cell in shares)
    n, n_outside = counts.total(), len(cells) - counts.total()
    if n < 2 or len(shares) < 2:
        reason = "Fewer than two items or two cells of the population."
        return SamplingBias((), n, n_outside, None, None, None, False, f"Not checked: {reason}", reason)
    observed = np.array([counts[cell] for cell in shares], dtype=np.int64)
    expected = np.array(list(shares.values()))
    p_value, by_chance = _fit_test(observed, expected, rng, resamples)
    distance = float(np.abs(observed / n - expected).sum() / 2)
    rows = _cells(list(shares), observed, expected, min_ratio)
    biased = p_value < ALPHA and distance >= min_distance
    verdict = _verdict(rows, biased, distance, n_outside, name)
    return SamplingBias(rows, n, n_outside, p_value, distance, by_chance, biased, verdict)


def _fit_test(
    observed: np.ndarray[tuple[int], np.dtype[np.int64]],
    shares: np.ndarray[tuple[int], np.dtype[np.float64]],
    rng: np.random.Generator,
    resamples: int,
) -> tuple[float, float]:
    """(p-value, mean total variation distance of fair samples)."""
    n = int(observed.sum())
    draws = rng.multinomial(n, shares, size=resamples)
    by_chance = float(np.abs(draws / n - shares).sum(axis=1).mean() / 2)
    if n * shares.min() >= _MIN_EXPECTED:
        return float(stats.chisquare(observed, n * shares).pvalue), by_chance
    statistics = ((draws - n * shares) ** 2 / (n * shares)).sum(axis=1)
    own = float(((observed - n * shares) ** 2 / (n * shares)).sum())
    return float((1 + (statistics >= own * (1 - 1e-12)).sum()) / (1 + resamples)), by_chance


def _cells(
    names: Sequence[str],
    observed: np.ndarray[tuple[int], np.dtype[np.int64]],
    shares: np.ndarray[tuple[int], np.dtype[np.float64]],
    min_ratio: float,
) -> tuple[CellBias, ...]:
    n = int(observed.sum())
    p_values = [float(stats.binomtest(int(k), n, float(s)).pvalue) for k, s in zip(observed, shares, strict=True)]
    q_values = stats.false_discovery_control(p_values)
    rows = []
    for cell, count, share, p, q in zip(names, observed, shares, p_values, q_values, strict=True):
        sample_share = wilson_interval(int(count), n)
        ratio = _divided(sample_share, float(share))
        value = ratio.value or 0.0
        kind = Representation.FINE
        if q < ALPHA and value >= min_ratio:
            kind = Representation.OVER
        elif q < ALPHA and value <= 1 / min_ratio:
            kind = Representation.UNDER if count else Representation.ABSENT
        rows.append(CellBias(cell, int(count), float(share), sample_share, ratio, p, float(q), kind))
    rows.sort(key=lambda row: (row.representation is Representation.FINE, row.q_value, row.name))
    return tuple(rows)


def _divided(estimate: Estimate, by: float) -> Estimate:
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return Estimate(
        estimate.value / by, estimate.low / by, estimate.high / by, estimate.level, estimate.n, estimate.method
    )


def _verdict(rows: Sequence[CellBias], biased: bool, distance: float, n_outside: int, name: str) -> str:
    wrong = [row for row in rows if row.representation is not Representation.FINE]
    if not biased and not wrong:
        text = f"The sample has the shares of {name}, as far as its size can tell."
    elif not biased:
        text = f"As a whole the sample is close to the shares of {name}; {_worst(wrong[0])}."
    else:
        text = f"The sample does not have the shares of {name}: {distance:.0%} of it would have to lie in other cells"
        text += f"; {_worst(wrong[0])}." if wrong else "."
    if n_outside:
        text += f" {n_outside:,} item{'s lie' if n_outside > 1 else ' lies'} outside {name}."
    return text


def _worst(row: CellBias) -> str:
    share, declared = row.sample_share.value or 0.0, row.population_share
    if row.representation is Representation.ABSENT:
        return f"“{row.name}” is absent, though it is {declared:.1%} of the population"
    word = "over" if row.representation is Representation.OVER else "under"
    return f"“{row.name}” is {word}-represented, {share:.1%} instead of {declared:.1%}"
