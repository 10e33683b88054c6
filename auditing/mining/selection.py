"""Choose hard samples of production for people to look at, each with its reason and, where there is one, its chance."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from auditing.estimation.sampling import draw_pps
from auditing.mining.novelty import Vectors, unit_vectors
from common.numerics.checks import FloatArray, as_floats

RANDOM = "random"


@dataclass(frozen=True, eq=False)
class Criterion:
    """One reason to look at an item: `scores`, shape (n_items,), higher is more urgent, and how many to take.

    name: the reason that is stored with the item ("uncertain", "novel", "disputed", "wrong in audit"). least: items
    below this score are never taken for this reason. by_chance: draw with probability proportional to the score
    (mixed with a uniform floor of 0.2), so that every item has a known selection probability; otherwise the highest
    scores are taken, for which no probability is defined.
    """

    name: str
    scores: FloatArray
    quota: int
    least: float = -np.inf
    by_chance: bool = False


@dataclass(frozen=True)
class HardSample:
    """One chosen item. score: of its reason. selection_probability: None for items taken by rank.

    The probability is that of being drawn for this reason, before any other reason was looked at.
    """

    index: int
    reason: str
    score: float
    selection_probability: float | None


@dataclass(frozen=True)
class Selection:
    """What was chosen, and what was not.

    chosen: in the order of reasons, best first. short: per reason, how many of its quota could not be filled.
    skipped: per reason, items passed over because their group was full or a near copy was taken.
    """

    chosen: tuple[HardSample, ...]
    short: Mapping[str, int]
    skipped: Mapping[str, int]


class _Caps:
    """What has been taken so far, and whether one more item is allowed."""

    def __init__(self, groups: Sequence[object] | None, per_group: int | None, vectors: Vectors | None, gap: float):
        self.groups, self.vectors, self.gap = groups, vectors, gap
        self.per_group = math.inf if per_group is None else per_group
        self.counts: dict[object, int] = {}
        self.taken: list[int] = []

    def allows(self, index: int) -> bool:
        if self.groups is not None and self.counts.get(self.groups[index], 0) >= self.per_group:
            return False
        if self.vectors is None or not self.taken:
            return True
        return float((1.0 - self.vectors[self.taken] @ self.vectors[index]).min()) >= self.gap

    def take(self, index: int) -> None:
        self.taken.append(index)
        if self.groups is not None:
            self.counts[self.groups[index]] = self.counts.get(self.groups[index], 0) + 1


def select_hard_samples(
    n_items: int,
    criteria: Sequence[Criterion],
    *,
    rng: np.random.Generator,
    n_random: int = 0,
    drawn: Sequence[int] = (),
    drawn_from: int | None = None,
    groups: Sequence[object] | None = None,
    per_group: int | None = None,
    vectors: ArrayLike | None = None,
    smallest_gap: float = 0.0,
) -> Selection:
    """Combine reasons, without taking an item twice.

    First a simple random part (reason "random", probability n_random / n_items): it keeps an unbiased view beside the
    hunted items. When the items are only the hardest of a population, a draw among them would not speak for it: the
    caller then draws beforehand among all `drawn_from`, hands in those in `drawn`, and leaves n_random 0.
    Then the criteria by chance, then those by rank, each in the order given. An item that several
    reasons want carries the first; a probability draw that hits a taken item is not replaced, since replacing would
    change the probabilities.
    groups, per_group: at most so many items by rank of one group (source, burst of one camera, predicted class).
    vectors, smallest_gap: shape (n_items, d) and the least cosine distance between items by rank and all taken ones.
    Caps apply to items taken by rank only; applied to a random draw they would change its probabilities.

    The chosen items say where the model is weak, not how often it is wrong: never show their error share as a rate.
    Raises ValueError for scores of another length, negative quotas or scores (by chance), or reasons named twice.
    """
    _check(n_items, criteria, n_random, groups)
    _check_drawn(drawn, drawn_from, n_random)
    points = None if vectors is None else unit_vectors("vectors", vectors)
    if points is not None and points.shape[0] != n_items:
        raise ValueError(f"vectors must have {n_items} rows, got {points.shape[0]}")
    caps = _Caps(groups, per_group, points, smallest_gap)
    chosen: list[HardSample] = []
    taken: set[int] = set()
    short: dict[str, int] = {}
    skipped: dict[str, int] = {}

    def take(index: int, reason: str, score: float, probability: float | None) -> None:
        chosen.append(HardSample(index, reason, score, probability))
        taken.add(index)
        caps.take(index)

    random_part = rng.choice(n_items, min(n_random, n_items), replace=False) if n_random else np.asarray(drawn, int)
    for index in np.sort(random_part):
        take(int(index), RANDOM, 0.0, random_part.size / (drawn_from or n_items))
    for criterion in [c for c in criteria if c.by_chance] + [c for c in criteria if not c.by_chance]:
        before, skipped[criterion.name] = len(chosen), 0
        if criterion.by_chance:
            for index, probability in _draw(criterion, rng):
                if index not in taken:
                    take(index, criterion.name, float(criterion.scores[index]), probability)
        else:
            for index in _ranked(criterion):
                if len(chosen) - before >= criterion.quota:
                    break
                if index in taken:
                    continue
                if not caps.allows(index):
                    skipped[criterion.name] += 1
                    continue
                take(index, criterion.name, float(criterion.scores[index]), None)
        short[criterion.name] = criterion.quota - (len(chosen) - before)
    return Selection(tuple(chosen), short, skipped)


def _draw(criterion: Criterion, rng: np.random.Generator) -> list[tuple[int, float]]:
    """Draw among the items at or above the least score, highest score first."""
    eligible = np.flatnonzero(criterion.scores >= criterion.least)
    sample = draw_pps(criterion.scores[eligible], min(criterion.quota, eligible.size), rng=rng)
    indices = eligible[sample.indices]
    order = np.argsort(-criterion.scores[indices], kind="stable")
    return [(int(indices[place]), float(sample.inclusion_probability[place])) for place in order]


def _ranked(criterion: Criterion) -> Iterator[int]:
    """Items at or above the least score, highest first, ties by position."""
    for index in np.argsort(-criterion.scores, kind="stable"):
        if criterion.scores[index] < criterion.least:
            return
        yield int(index)


def _check_drawn(drawn: Sequence[int], drawn_from: int | None, n_random: int) -> None:
    if len(drawn) and (n_random or drawn_from is None or len(set(drawn)) < len(drawn) or len(drawn) > drawn_from):
        raise ValueError("drawn needs the size of the population it was drawn from, each item once, and no n_random")


def _check(n_items: int, criteria: Sequence[Criterion], n_random: int, groups: Sequence[object] | None) -> None:
    names = [criterion.name for criterion in criteria]
    if len(set(names)) < len(names) or RANDOM in names:
        raise ValueError(f"reasons must be named once, and not {RANDOM!r}: {names}")
    if n_random < 0 or any(criterion.quota < 0 for criterion in criteria):
        raise ValueError("quotas must not be negative")
    if groups is not None and len(groups) != n_items:
        raise ValueError(f"groups must have {n_items} entries, got {len(groups)}")
    for criterion in criteria:
        scores = as_floats(f"scores of {criterion.name!r}", criterion.scores, shape=(n_items,))
        if criterion.by_chance and scores.size and scores.min() < 0:
            raise ValueError(f"scores of {criterion.name!r} must not be negative to draw by chance")
