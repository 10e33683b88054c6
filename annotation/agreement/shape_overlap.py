"""How much two people's shapes on one picture lie on each other."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from datasets.geometry.faults import rotated_corners
from datasets.geometry.rle import counts_from_string, mask_bounds

Floats = NDArray[np.float64]
Shape = Mapping[str, Any]
"""A shape of a canonical answer, docs/label-format.md; coordinates in pixels."""

CELLS = 128
REACH = 0.01
LEAST_REACH = 2.0


def shapes_agreement(one: Sequence[Shape], other: Sequence[Shape], *, side: float) -> float:
    """Mean overlap over all shapes of both people, each with its best partner; 0 for a shape without one.

    one, other: shapes of two answers to the same picture. side: its longer side in pixels, 0 where unknown. The formula
    is 2 * sum(IoU of the pairs) / (len(one) + len(other)): pairs are of one class, each shape is in at most one, and
    they are chosen so that the sum is greatest. From 0 to 1, symmetric; 1 for equal answers, and for two empty ones.
    Source: the matching is Kuhn's assignment as in panoptic quality (Kirillov et al. 2019), without its cut at 0.5.
    """
    if not one and not other:
        return 1.0
    reach = max(LEAST_REACH, REACH * side)
    left, right = [_Outline(shape, reach) for shape in one], [_Outline(shape, reach) for shape in other]
    rows, columns, overlaps = _candidates(left, right)
    return 2.0 * _best_sum(rows, columns, overlaps, len(left), len(right)) / (len(left) + len(right))


def overlap(one: Shape, other: Shape, *, reach: float) -> float:
    """Intersection over union of two shapes, 0 to 1.

    Boxes exactly; rotated boxes, polygons with holes and masks at the centres of 128 x 128 cells over both, so to about
    0.01. A polyline is as thick as `reach` (pixels) on either side. Points are discs of that radius; of key points the
    mean over those that at least one of the two has seen or guessed, by their place in the template.
    """
    return _overlap(_Outline(one, reach), _Outline(other, reach))


class _Outline:
    """One shape, with its bounds and a test of which places lie in it."""

    def __init__(self, shape: Shape, reach: float) -> None:
        self.kind, self.reach, self.shape = str(shape["type"]), reach, shape
        self.class_key = shape.get("class")
        self.rings: list[Floats] = []
        self.points: Floats = np.empty((0, 3))
        if self.kind == "box":
            x, y, width, height = shape["box"]
            self.rings = [
                np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], dtype=np.float64)
            ]
        elif self.kind == "rotated_box":
            self.rings = [rotated_corners(*shape["box"])]
        elif self.kind == "polygon":
            self.rings = [np.array(ring, dtype=np.float64).reshape(-1, 2) for ring in shape["rings"]]
        elif self.kind == "mask":
            self._read_mask()
        else:
            width = 3 if self.kind == "keypoints" else 2
            self.points = np.array(shape["points"], dtype=np.float64).reshape(-1, width)
        self.bounds = self._bounds()

    def _read_mask(self) -> None:
        self.height = int(self.shape["rle"]["size"][0])
        counts = self.shape["rle"]["counts"]
        self.counts = (counts_from_string(counts) or []) if isinstance(counts, str) else list(counts)
        self.ends = np.cumsum(self.counts)

    def _bounds(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom"""
        if self.kind == "mask":
            x, y, width, height = mask_bounds(self.counts, self.height) or (0, 0, 0, 0)
            return float(x), float(y), float(x + width), float(y + height)
        if self.rings:
            low, high = self.rings[0].min(axis=0), self.rings[0].max(axis=0)
            return float(low[0]), float(low[1]), float(high[0]), float(high[1])
        places = self.points[self.points[:, 2] > 0] if self.kind == "keypoints" else self.points
        if not len(places):
            return 0.0, 0.0, 0.0, 0.0
        low, high = places[:, :2].min(axis=0) - self.reach, places[:, :2].max(axis=0) + self.reach
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def covers(self, xs: Floats, ys: Floats) -> NDArray[np.bool_]:
        """Which places of the grid lie inside; shape (len(ys), len(xs))."""
        if self.kind == "mask":
            return self._inked(xs, ys)
        if self.rings:
            return self._inside(xs, ys)
        return self._near(xs, ys)

    def _inked(self, xs: Floats, ys: Floats) -> NDArray[np.bool_]:
        """Runs go down the columns, without ink first: the parity of the run that a pixel is in tells."""
        columns, rows = np.floor(xs).astype(np.int64), np.floor(ys).astype(np.int64)
        places = columns[None, :] * self.height + rows[:, None]
        inside = (rows >= 0)[:, None] & (rows < self.height)[:, None] & (columns >= 0)[None, :]
        run = np.searchsorted(self.ends, places, side="right")
        return np.asarray(inside & (run < len(self.ends)) & (run % 2 == 1), dtype=np.bool_)

    def _inside(self, xs: Floats, ys: Floats) -> NDArray[np.bool_]:
        """The even-odd rule along each row: an edge turns over all cells to its right. So holes are none of it."""
        b = np.concatenate(self.rings)
        a = np.concatenate([np.roll(ring, 1, axis=0) for ring in self.rings])
        row, edge = np.nonzero((a[:, 1] > ys[:, None]) != (b[:, 1] > ys[:, None]))
        a, b = a[edge], b[edge]
        crossings = (b[:, 0] - a[:, 0]) * (ys[row] - a[:, 1]) / (b[:, 1] - a[:, 1]) + a[:, 0]
        turns = np.zeros((ys.size, xs.size + 1), dtype=np.int64)
        np.add.at(turns, (row, np.searchsorted(xs, crossings)), 1)
        return np.asarray(turns.cumsum(axis=1)[:, :-1] % 2 == 1, dtype=np.bool_)

    def _near(self, xs: Floats, ys: Floats) -> NDArray[np.bool_]:
        grid = np.stack(np.meshgrid(xs, ys), axis=-1)
        found = np.zeros(grid.shape[:2], dtype=np.bool_)
        for a, b in zip(self.points[:-1, :2], self.points[1:, :2], strict=True):
            along = b - a
            length = max(float(along @ along), 1e-12)
            share = np.clip((grid - a) @ along / length, 0.0, 1.0)
            found |= np.hypot(*np.moveaxis(grid - (a + share[..., None] * along), -1, 0)) <= self.reach
        return found


def _candidates(left: Sequence[_Outline], right: Sequence[_Outline]) -> tuple[list[int], list[int], list[float]]:
    """Pairs of one class whose bounds meet, with their overlap where there is any."""
    rows: list[int] = []
    columns: list[int] = []
    overlaps: list[float] = []
    bounds = np.array([other.bounds for other in right]).reshape(-1, 4)
    for i, one in enumerate(left):
        x0, y0, x1, y1 = one.bounds
        meets = (bounds[:, 0] < x1) & (bounds[:, 2] > x0) & (bounds[:, 1] < y1) & (bounds[:, 3] > y0)
        for j in np.flatnonzero(meets).tolist():
            if one.class_key == right[j].class_key and (found := _overlap(one, right[j])) > 0:
                rows.append(i)
                columns.append(j)
                overlaps.append(found)
    return rows, columns, overlaps


def _best_sum(rows: list[int], columns: list[int], overlaps: list[float], n: int, m: int) -> float:
    """The greatest sum over pairs without a shape twice: shapes that touch nothing in common are looked at apart."""
    if not overlaps:
        return 0.0
    i, j, value = np.array(rows), np.array(columns), np.array(overlaps)
    _, group = connected_components(coo_array((value, (i, n + j)), shape=(n + m, n + m)), directed=False)
    total = 0.0
    for one in np.unique(group[i]):
        mine = group[i] == one
        own_rows, row = np.unique(i[mine], return_inverse=True)
        own_columns, column = np.unique(j[mine], return_inverse=True)
        matrix = np.zeros((own_rows.size, own_columns.size))
        matrix[row, column] = value[mine]
        total += float(matrix[linear_sum_assignment(matrix, maximize=True)].sum())
    return total


def _overlap(one: _Outline, other: _Outline) -> float:
    if one.kind == other.kind == "box":
        return _box_overlap(one.bounds, other.bounds)
    if "keypoints" in (one.kind, other.kind) or "point" in (one.kind, other.kind):
        return _point_overlap(one, other) if one.kind == other.kind else 0.0
    left, top = min(one.bounds[0], other.bounds[0]), min(one.bounds[1], other.bounds[1])
    right, bottom = max(one.bounds[2], other.bounds[2]), max(one.bounds[3], other.bounds[3])
    centres = (np.arange(CELLS) + 0.5) / CELLS
    xs, ys = left + centres * (right - left), top + centres * (bottom - top)
    a, b = one.covers(xs, ys), other.covers(xs, ys)
    union = int((a | b).sum())
    return int((a & b).sum()) / union if union else 0.0


def _box_overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / ((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]) - both)


def _point_overlap(one: _Outline, other: _Outline) -> float:
    if one.points.shape != other.points.shape or one.shape.get("template") != other.shape.get("template"):
        return 0.0
    distances = np.hypot(*(one.points[:, :2] - other.points[:, :2]).T)
    alike = _disc_overlap(distances / one.reach)
    if one.kind == "point":
        return float(alike.mean())
    here, there = one.points[:, 2] > 0, other.points[:, 2] > 0
    either = here | there
    return float(np.where(here & there, alike, 0.0)[either].mean()) if either.any() else 0.0


def _disc_overlap(distance: Floats) -> Floats:
    """Intersection over union of two discs of radius 1 whose centres are `distance` apart."""
    half = np.clip(distance / 2, 0.0, 1.0)
    lens = 2 * np.arccos(half) - 2 * half * np.sqrt(1 - half * half)
    return np.asarray(lens / (2 * np.pi - lens), dtype=np.float64)
