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
LEAST_GUESS = 0.02  # networks boast: a big stratum thought perfect, and not, would be looked at too thinly
FLOOR = 2  # items of each stratum, so that there is a variance
REST = "all others"
NO_CLASS = "no class"
MOST_AUDITED = 20_000
MOST_PREDICTIONS = 2_000_000  # of a window: they are read into memory


@dataclass(frozen=True, eq=False)
class Population:
    """Auditable predictions of a window, in the order of their request ids; arrays of shape (n,).

    without_input: predictions of the window that nobody can look at, since their input was not kept. No number of an
    audit speaks of them.
    """

    request_ids: list[UUID]
    item_ids: NDArray[np.int64]
    predicted: NDArray[np.str_]
    scores: NDArray[np.float64]
    without_input: int = 0

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
    """The window's predictions whose input was kept. Raises InvalidInput when there are none, or too many."""
    wanted = window.predictions().auditable().order_by("request_id")
    rows = list(wanted.values_list("request_id", "item_id", "predicted", "score")[: MOST_PREDICTIONS + 1])
    if len(rows) > MOST_PREDICTIONS:
        raise InvalidInput(
            f"The window has more than {MOST_PREDICTIONS:,} predictions. Choose a shorter one: the exactness of an "
            "audit depends on how many are judged, hardly on how many there are.",
            errors={"start": ["The window is too long."]},
        )
    if not rows:
        raise InvalidInput(
            "No prediction in this window kept its input, so there is nothing that people could look at. "
            "Choose another window, or let the endpoint keep its inputs.",
            errors={"start": ["No auditable prediction."]},
        )
    request_ids, item_ids, predicted, scores = zip(*rows, strict=True)
    return Population(
        request_ids=list(request_ids),
        item_ids=np.asarray(item_ids, dtype=np.int64),
        predicted=np.asarray(predicted, dtype=np.str_),
        scores=np.asarray(scores, dtype=np.float64),
        without_input=window.predictions().filter(item=None).count(),
    )


def design_audit(
    population: Population, *, budget: int, strata_by: StrataBy = "class_and_score", allocation: Allocation = "neyman"
) -> Design:
    """Stratify and allocate. The guess of a stratum's error rate is one minus its mean score.

    Where that guess is below 2%, sizes and preview go by 2%: an interval from a big stratum in which next to no error
    can be met is too narrow (docs/methods/auditing.md).

    budget: predictions to judge, and never more: strata are put together until the floors of all of them fit in.
    Raises InvalidInput for a budget out of range.
    """
    if not 2 <= budget <= MOST_AUDITED:
        raise InvalidInput(
            f"An audit judges 2 to {MOST_AUDITED:,} predictions, not {budget}.", errors={"budget": ["Out of range."]}
        )
    strata, names = _merge_small(*_stratify(population, strata_by), most=budget // FLOOR)
    sizes = np.bincount(strata, minlength=len(names)).astype(np.int64)
    guess = 1.0 - np.bincount(strata, weights=population.scores, minlength=len(names)) / sizes
    deviations = guessed_deviations(sizes, guess, least=LEAST_GUESS)
    counts = (
        neyman_allocation(sizes, deviations, budget, floor=FLOOR)
        if allocation == "neyman"
        else proportional_allocation(sizes, budget, floor=FLOOR)
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
        labels = np.where(population.predicted == "", NO_CLASS, population.predicted).astype(object)
    if strata_by in ("score", "class_and_score"):
        words = _score_words(population.scores, SCORE_BANDS if strata_by == "score" else 2)
        labels = words if strata_by == "score" else labels + " · " + words
    names, strata = np.unique(labels.astype(str), return_inverse=True)
    return strata.astype(np.int64), [str(name) for name in names]


def _score_words(scores: NDArray[np.float64], n_bands: int) -> NDArray[np.object_]:
    """The band of each score in words, with as many digits as it takes to tell the bands apart."""
    bands = score_strata(scores, n_bands)
    spans = [(scores[bands == band].min(), scores[bands == band].max()) for band in range(int(bands.max()) + 1)]
    words: list[str] = []
    for digits in range(2, 18):
        words = [f"score {low:.{digits}f} to {high:.{digits}f}" for low, high in spans]
        if len(set(words)) == len(words):
            break
    return np.array(words, dtype=object)[bands]


def _merge_small(strata: NDArray[np.int64], names: list[str], *, most: int) -> tuple[NDArray[np.int64], list[str]]:
    """Put strata of fewer than ten together, and then the next smallest, until there are at most `most`."""
    sizes = np.bincount(strata, minlength=len(names))
    by_size = np.argsort(-sizes, kind="stable")
    small = sizes < SMALLEST_STRATUM
    if len(names) > most:
        small[by_size[max(most - 1, 0) :]] = True
    if small.sum() < 2:
        return strata, names
    rest = "all" if small.all() else REST
    merged = np.where(small[strata], rest, np.asarray(names, dtype=object)[strata]).astype(str)
    kept, index = np.unique(merged, return_inverse=True)
    return index.astype(np.int64), [str(name) for name in kept]
