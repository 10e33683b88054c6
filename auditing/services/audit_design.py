"""The design of a random audit: strata, how many from each, how exact the answer will be. Nothing is drawn yet."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from auditing.estimation.allocation import (
    expected_half_width,
    guessed_deviations,
    neyman_allocation,
    proportional_allocation,
)
from auditing.estimation.sampling import score_strata
from auditing.selectors.production import Window
from common.problems import InvalidInput

StrataBy = Literal["class", "score", "class_and_score", "none"]
Allocation = Literal["proportional", "neyman"]
SCORE_BANDS = 4
SMALLEST_STRATUM = 10  # smaller ones are put together: two items each tell nothing about a variance
REST = "all others"
MOST_AUDITED = 20_000


@dataclass(frozen=True, eq=False)
class Population:
    """Auditable predictions of a window, in the order of their request ids; arrays of shape (n,)."""

    request_ids: list[UUID]
    item_ids: NDArray[np.int64]
    predicted: NDArray[np.str_]
    scores: NDArray[np.float64]

    @property
    def size(self) -> int:
        return len(self.request_ids)


@dataclass(frozen=True, eq=False)
class Design:
    """strata: stratum index of each prediction, shape (n,); names, sizes, counts, guesses: one a stratum."""

    strata: NDArray[np.int64]
    names: list[str]
    sizes: NDArray[np.int64]
    counts: NDArray[np.int64]
    guessed_error: NDArray[np.float64]
    half_width: float
    strata_by: str
    allocation: str

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    def as_json(self) -> dict[str, Any]:
        return {
            "strata_by": self.strata_by,
            "allocation": self.allocation,
            "total": self.total,
            "expected_half_width": None if not np.isfinite(self.half_width) else self.half_width,
            "strata": [
                {"name": name, "size": int(size), "sample": int(count), "guessed_error": float(guess)}
                for name, size, count, guess in zip(
                    self.names, self.sizes, self.counts, self.guessed_error, strict=True
                )
            ],
        }


def population_of(window: Window) -> Population:
    """The window's predictions whose input was kept. Raises InvalidInput when there are none."""
    rows = list(
        window.predictions()
        .auditable()
        .order_by("request_id")
        .values_list("request_id", "item_id", "predicted", "score")
    )
    if not rows:
        raise InvalidInput(
            "No prediction in this window kept its input, so there is nothing that people could look at. "
            "Choose another window, or let the endpoint keep its inputs.",
            errors={"from": ["No auditable prediction."]},
        )
    request_ids, item_ids, predicted, scores = zip(*rows, strict=True)
    return Population(
        request_ids=list(request_ids),
        item_ids=np.asarray(item_ids, dtype=np.int64),
        predicted=np.asarray(predicted, dtype=np.str_),
        scores=np.asarray(scores, dtype=np.float64),
    )


def design_audit(
    population: Population, *, budget: int, strata_by: StrataBy = "class_and_score", allocation: Allocation = "neyman"
) -> Design:
    """Stratify and allocate. The guess of a stratum's error rate is one minus its mean score.

    budget: predictions to judge; the floors of the strata may ask for a few more. Raises InvalidInput out of range.
    """
    if not 2 <= budget <= MOST_AUDITED:
        raise InvalidInput(
            f"An audit judges 2 to {MOST_AUDITED:,} predictions, not {budget}.", errors={"budget": ["Out of range."]}
        )
    strata, names = _stratify(population, strata_by)
    sizes = np.bincount(strata, minlength=len(names)).astype(np.int64)
    guess = 1.0 - np.bincount(strata, weights=population.scores, minlength=len(names)) / sizes
    deviations = guessed_deviations(sizes, guess)
    counts = (
        neyman_allocation(sizes, deviations, budget)
        if allocation == "neyman"
        else proportional_allocation(sizes, budget)
    )
    return Design(
        strata=strata,
        names=names,
        sizes=sizes,
        counts=counts,
        guessed_error=guess,
        half_width=expected_half_width(sizes, deviations, counts),
        strata_by=strata_by,
        allocation=allocation,
    )


def _stratify(population: Population, strata_by: StrataBy) -> tuple[NDArray[np.int64], list[str]]:
    labels = np.full(population.size, "all", dtype=object)
    if strata_by in ("class", "class_and_score"):
        labels = population.predicted.astype(object)
    if strata_by in ("score", "class_and_score"):
        bands = score_strata(population.scores, SCORE_BANDS if strata_by == "score" else 2)
        spans = {
            band: (population.scores[bands == band].min(), population.scores[bands == band].max())
            for band in np.unique(bands)
        }
        words = np.array([f"score {spans[b][0]:.2f} to {spans[b][1]:.2f}" for b in bands], dtype=object)
        labels = words if strata_by == "score" else labels + " · " + words
    names, strata = np.unique(labels.astype(str), return_inverse=True)
    return _merge_small(strata.astype(np.int64), [str(name) for name in names])


def _merge_small(strata: NDArray[np.int64], names: list[str]) -> tuple[NDArray[np.int64], list[str]]:
    sizes = np.bincount(strata, minlength=len(names))
    small = sizes < SMALLEST_STRATUM
    if small.sum() < 2:
        return strata, names
    merged = np.where(small[strata], REST, np.asarray(names, dtype=object)[strata]).astype(str)
    kept, index = np.unique(merged, return_inverse=True)
    return index.astype(np.int64), [str(name) for name in kept]
