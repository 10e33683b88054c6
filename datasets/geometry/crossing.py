"""Where the lines of a polygon cross that must not. The same rule as the drawing engine's `model/crossing.ts`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BLOCK = 32  # edges compared with their candidates at once: bounds the memory


@dataclass(frozen=True)
class Crossing:
    """Edge `vertex` of ring `ring`, from that vertex to the next, meets an edge of `other_ring`."""

    ring: int
    vertex: int
    other_ring: int
    other_vertex: int


def find_crossing(rings: Sequence[Floats]) -> Crossing | None:
    """A place where rings touch or cross themselves or each other, looked for from left to right, or None.

    rings: each of shape (n, 2), n >= 3, without its first point repeated. Two neighbouring edges share an end and clash
    only if the second runs back over the first. Memory: BLOCK rows of the number of edges; time: the number of pairs of
    edges that share an x, at worst all.
    """
    edges = _Edges(rings)
    for start in range(0, edges.n, BLOCK):
        found = edges.first_clash(start, min(start + BLOCK, edges.n))
        if found is not None:
            one, two = found
            ring, vertex = edges.ring, edges.vertex
            return Crossing(int(ring[one]), int(vertex[one]), int(ring[two]), int(vertex[two]))
    return None


class _Edges:
    def __init__(self, rings: Sequence[Floats]) -> None:
        ends = [np.roll(points, -1, axis=0) for points in rings]
        sizes = [len(points) for points in rings]
        a, b = np.concatenate(list(rings)), np.concatenate(ends)
        # From left to right, so that the candidates of an edge are the ones right after it.
        order = np.argsort(np.minimum(a[:, 0], b[:, 0]), kind="stable")
        self.place: Ints = order.astype(np.int64)
        self.a, self.b = a[order], b[order]
        self.low: Floats = np.minimum(self.a, self.b)
        self.high: Floats = np.maximum(self.a, self.b)
        self.ring: Ints = np.repeat(np.arange(len(rings)), sizes).astype(np.int64)
        self.vertex: Ints = np.concatenate([np.arange(size) for size in sizes]).astype(np.int64)
        self.size: Ints = np.repeat(np.array(sizes, dtype=np.int64), sizes)
        self.n = len(a)

    def first_clash(self, start: int, stop: int) -> tuple[int, int] | None:
        """Places in ring order of the first two edges that clash, one of them being start to stop in x order."""
        last = int(np.searchsorted(self.low[:, 0], self.high[start:stop, 0].max(), side="right"))
        rows, columns = np.arange(start, stop)[:, None], np.arange(start, last)[None, :]
        near = (
            (columns > rows)
            & (self.low[columns, 0] <= self.high[rows, 0])
            & (self.low[columns, 1] <= self.high[rows, 1])
            & (self.low[rows, 1] <= self.high[columns, 1])
        )
        i, j = np.nonzero(near)
        i, j = i + start, j + start
        one, two = np.minimum(self.place[i], self.place[j]), np.maximum(self.place[i], self.place[j])
        swap = self.place[i] > self.place[j]
        i, j = np.where(swap, j, i), np.where(swap, i, j)
        clashing = self._clash(i, j, one, two)
        if not clashing.any():
            return None
        found = np.lexsort((two[clashing], one[clashing]))[0]
        return int(one[clashing][found]), int(two[clashing][found])

    def _clash(self, i: Ints, j: Ints, one: Ints, two: Ints) -> NDArray[np.bool_]:
        same = self.ring[one] == self.ring[two]
        follows = same & (self.vertex[one] + 1 == self.vertex[two])
        closes = same & ~follows & ((self.vertex[two] + 1) % self.size[two] == self.vertex[one])
        meets = segments_meet(self.a[i], self.b[i], self.a[j], self.b[j])
        folds = np.where(
            closes, _folds_back(self.a[j], self.b[j], self.b[i]), _folds_back(self.a[i], self.b[i], self.b[j])
        )
        return np.where(follows | closes, folds, meets)


def _cross(p: Floats, q: Floats, r: Floats) -> Floats:
    return np.asarray((q[:, 0] - p[:, 0]) * (r[:, 1] - p[:, 1]) - (q[:, 1] - p[:, 1]) * (r[:, 0] - p[:, 0]))


def _folds_back(p: Floats, q: Floats, r: Floats) -> NDArray[np.bool_]:
    first, second = q - p, r - q
    cross = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    along = (first * second).sum(axis=1)
    return np.asarray((cross == 0) & (along < 0))


def segments_meet(a: Floats, b: Floats, c: Floats, d: Floats) -> NDArray[np.bool_]:
    """Whether the segments ab and cd, each of shape (n, 2), have a point in common, ends included; shape (n,)."""
    abc, abd = np.sign(_cross(a, b, c)), np.sign(_cross(a, b, d))
    cda, cdb = np.sign(_cross(c, d, a)), np.sign(_cross(c, d, b))
    return np.asarray(
        ((abc != abd) & (cda != cdb))
        | ((abc == 0) & _between(a, b, c))
        | ((abd == 0) & _between(a, b, d))
        | ((cda == 0) & _between(c, d, a))
        | ((cdb == 0) & _between(c, d, b))
    )


def _between(a: Floats, b: Floats, p: Floats) -> NDArray[np.bool_]:
    return np.asarray(((p >= np.minimum(a, b)) & (p <= np.maximum(a, b))).all(axis=1))
