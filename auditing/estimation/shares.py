"""The two audit designs, each able to estimate a share or a mean of the population from answered items."""

import math
from dataclasses import dataclass

import numpy as np

from auditing.estimation.effective_interval import effective_interval
from auditing.estimation.horvitz_thompson import checked_probabilities, fixed_size_variance
from auditing.estimation.stratified import stratified_mean
from common.numerics.checks import BoolArray, FloatArray, IntArray, as_counts, as_indices
from common.numerics.critical import critical_value
from common.numerics.estimate import Estimate

PSEUDO_OBSERVATIONS = 0.5


@dataclass(frozen=True, eq=False)
class StratifiedAudit:
    """Items drawn at random within strata: `strata` of each item, shape (n,); `sizes` N_h, shape (n_strata,)."""

    strata: IntArray
    sizes: IntArray

    def __post_init__(self) -> None:
        sizes = as_counts("sizes", self.sizes)
        strata = as_indices("strata", self.strata, below=sizes.size)
        if (np.bincount(strata, minlength=sizes.size) > sizes).any():
            raise ValueError("a stratum has more audited items than it holds")
        object.__setattr__(self, "strata", strata)
        object.__setattr__(self, "sizes", sizes)

    @property
    def population(self) -> int:
        """Items in the population."""
        return int(self.sizes.sum())

    def answered(self, mask: BoolArray) -> "StratifiedAudit":
        """The design of the answered items only; within strata they are taken to be like the others."""
        return StratifiedAudit(self.strata[mask], self.sizes)

    def share(self, indicator: BoolArray, *, level: float, method: str) -> Estimate:
        """Share of the population with the property, score interval with effective size.

        The variance in each stratum uses a rate drawn half an observation towards the overall share, so that a rare
        property that was not met in a stratum is not taken to be impossible there. Strata without items are taken to
        be like the others.
        """
        n = np.bincount(self.strata, minlength=self.sizes.size)
        held = n > 0
        counts = np.bincount(self.strata[indicator], minlength=self.sizes.size)[held]
        n, sizes = n[held], self.sizes[held]
        weights = sizes / sizes.sum()
        value = float(sizes @ (counts / n)) / float(sizes.sum())  # exactly 0 or 1 when all agree
        smoothed = (counts + PSEUDO_OBSERVATIONS * value) / (n + PSEUDO_OBSERVATIONS)
        unseen = 1.0 - n / sizes
        variance = float((weights**2 * unseen * smoothed * (1.0 - smoothed) / n).sum())
        inverse_kish = float((weights**2 * unseen / n).sum())
        if inverse_kish <= 0:
            return Estimate(value=value, low=value, high=value, level=level, n=int(n.sum()), method="complete count")
        return effective_interval(value, variance, n=int(n.sum()), kish=1.0 / inverse_kish, level=level, method=method)

    def mean(self, values: FloatArray, *, level: float, method: str) -> Estimate:
        """Mean of a number over the population with a t interval."""
        value, variance, freedom = stratified_mean(values, self.strata, self.sizes)
        return _t_interval(value, variance, freedom, values.size, level, method)


@dataclass(frozen=True, eq=False)
class UnequalAudit:
    """Items drawn with unequal probabilities: `inclusion_probability`, shape (n,), from a population of that size."""

    inclusion_probability: FloatArray
    population: int

    def __post_init__(self) -> None:
        pi = checked_probabilities(self.inclusion_probability, np.shape(self.inclusion_probability))
        if self.population < pi.size:
            raise ValueError(f"population {self.population} is smaller than the sample of {pi.size}")
        object.__setattr__(self, "inclusion_probability", pi)

    def answered(self, mask: BoolArray) -> "UnequalAudit":
        """The design of the answered items only; missing answers are taken to be missing at random."""
        return UnequalAudit(self.inclusion_probability[mask], self.population)

    def share(self, indicator: BoolArray, *, level: float, method: str) -> Estimate:
        """Share of the population with the property (Hajek), score interval with effective size."""
        value, variance = self._hajek(indicator.astype(np.float64))
        weights = 1.0 / self.inclusion_probability
        kish = float(weights.sum() ** 2 / (weights**2).sum())
        return effective_interval(value, variance, n=int(indicator.size), kish=kish, level=level, method=method)

    def mean(self, values: FloatArray, *, level: float, method: str) -> Estimate:
        """Mean of a number over the population (Hajek) with a t interval."""
        value, variance = self._hajek(values)
        return _t_interval(value, variance, max(values.size - 1.0, 1.0), values.size, level, method)

    def _hajek(self, values: FloatArray) -> tuple[float, float]:
        weights = 1.0 / self.inclusion_probability
        total = float(weights.sum())
        value = float(weights @ values) / total
        return value, fixed_size_variance(values - value, self.inclusion_probability) / total**2


AuditDesign = StratifiedAudit | UnequalAudit


def _t_interval(value: float, variance: float, freedom: float, n: int, level: float, method: str) -> Estimate:
    if variance <= 0:
        reason = "all answers are alike, so there is no spread to make an interval from"
        return Estimate.point(value, reason, level=level, n=n, method=method)
    margin = critical_value(level, freedom) * math.sqrt(variance)
    return Estimate(value=value, low=value - margin, high=value + margin, level=level, n=n, method=method)
