"""Choose items that cover the ground instead of a hundred copies of one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from auditing.mining.novelty import unit_vectors
from common.numerics.checks import FloatArray, IntArray, as_indices


@dataclass(frozen=True, eq=False)
class Cover:
    """chosen: positions in the order of choice, shape (k,).

    gap: cosine distance of each chosen item to those chosen before it (and to the starting set), shape (k,),
    non-increasing; infinite for the very first without a starting set. radius: largest distance of any item to its
    nearest chosen one.
    """

    chosen: IntArray
    gap: FloatArray
    radius: float


def farthest_first(
    vectors: ArrayLike,
    n: int,
    *,
    start: int = 0,
    already: ArrayLike = (),
    smallest_gap: float = 0.0,
) -> Cover:
    """Greedy k-center: take the item farthest from all chosen so far, n times, by cosine distance.

    vectors: shape (n_items, d). start: position of the first choice, unless `already` names items that count as chosen
    beforehand (they are not returned). smallest_gap: stop when the farthest item is not farther than this.
    In chord length sqrt(2 distance) the radius is at most twice the smallest possible for the same number, so in cosine
    distance at most four times. n passes over the data.
    Raises ValueError for positions that do not exist, n < 0, zero vectors.
    Source: Gonzalez 1985, Theoretical Computer Science 38:293-306; as active learning Sener and Savarese 2018, ICLR.
    """
    points = unit_vectors("vectors", vectors)
    if n < 0:
        raise ValueError(f"n must not be negative, got {n}")
    before = as_indices("already", np.asarray(already, dtype=np.int64), below=points.shape[0])
    distance = np.full(points.shape[0], np.inf)
    for position in before:
        distance = np.minimum(distance, _distance_to(points, int(position)))
        distance[position] = 0.0
    chosen: list[int] = []
    gaps: list[float] = []
    taken = np.zeros(points.shape[0], dtype=np.bool_)
    taken[before] = True
    while len(chosen) < min(n, points.shape[0] - before.size):
        if not chosen and not before.size:
            position = int(as_indices("start", np.array([start]), below=points.shape[0])[0])
        else:
            position = int(np.argmax(np.where(taken, -1.0, distance)))
            if distance[position] <= smallest_gap and smallest_gap > 0:
                break
        chosen.append(position)
        gaps.append(float(distance[position]))
        taken[position] = True
        distance = np.minimum(distance, _distance_to(points, position))
        distance[position] = 0.0
    radius = float(distance.max()) if points.shape[0] else 0.0
    return Cover(np.array(chosen, dtype=np.int64), np.array(gaps, dtype=np.float64), radius)


def diverse_ranking(vectors: ArrayLike, scores: ArrayLike, n: int, *, smallest_gap: float) -> IntArray:
    """The best-scored items, skipping any closer than `smallest_gap` to one already taken; at most n positions.

    vectors: shape (n_items, d); scores: shape (n_items,), higher is better, ties by position. smallest_gap: cosine
    distance, in [0, 2]. Keeps the order of the scores, so the first is the best; unlike `farthest_first` it never
    takes an easy item because it lies far out. Raises ValueError for unequal lengths or a gap outside [0, 2].
    """
    points = unit_vectors("vectors", vectors)
    ranking = np.asarray(scores, dtype=np.float64)
    if ranking.shape != (points.shape[0],):
        raise ValueError(f"scores must have shape ({points.shape[0]},), got {ranking.shape}")
    if not 0.0 <= smallest_gap <= 2.0:
        raise ValueError(f"smallest_gap must lie in [0, 2], got {smallest_gap}")
    chosen: list[int] = []
    for position in np.argsort(-ranking, kind="stable"):
        if len(chosen) >= n:
            break
        if chosen and float((1.0 - points[chosen] @ points[position]).min()) < smallest_gap:
            continue
        chosen.append(int(position))
    return np.array(chosen, dtype=np.int64)


def _distance_to(points: FloatArray | np.ndarray, position: int) -> FloatArray:
    return np.asarray(np.clip(1.0 - points @ points[position], 0.0, 2.0), dtype=np.float64)
