"""What can be wrong with the geometry of one shape. The same codes and limits as the drawing engine's `validate.ts`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets.geometry.crossing import find_crossing
from datasets.geometry.rle import ink_of

SMALLEST = 0.5
"""Pixels: less than this wide or high, or (squared) large, is a slip of the hand."""
EDGE = 0.005 + 1e-9
"""Pixels: rounding to hundredths may carry a point this far over the edge."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fault:
    """code: stable, see docs/label-format.md. ring, vertex: where, counted from 0. at: pixels."""

    code: str
    ring: int | None = None
    vertex: int | None = None
    at: tuple[float, float] | None = None


def box_fault(box: Sequence[float], size: tuple[int, int]) -> Fault | None:
    """box: x, y, width, height. size: width and height of the picture, here and below."""
    x, y, width, height = box
    corners = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    return outside_fault(corners, size) or _side_fault(width, height)


def rotated_box_fault(box: Sequence[float], size: tuple[int, int]) -> Fault | None:
    """box: centre x and y, width, height, clockwise degrees; rounding these to hundredths moves the corners too."""
    cx, cy, width, height, angle = box
    slack = 2 * EDGE + math.hypot(width, height) / 2 * math.radians(0.005)
    return outside_fault(rotated_corners(cx, cy, width, height, angle), size, slack) or _side_fault(width, height)


def polygon_fault(rings: Sequence[Floats], size: tuple[int, int]) -> Fault | None:
    """rings: each of shape (n, 2), the outline first, then holes."""
    for ring, points in enumerate(rings):
        if len(points) < 3:
            return Fault("too_few_points", ring=ring)
    if not rings:
        return Fault("too_few_points")
    for ring, points in enumerate(rings):
        if (found := outside_fault(points, size)) is not None:
            return Fault(found.code, ring=ring, vertex=found.vertex, at=found.at)
    if (crossing := find_crossing(rings)) is not None:
        code = "self_crossing" if crossing.ring == crossing.other_ring else "rings_crossing"
        return Fault(code, ring=crossing.ring, vertex=crossing.vertex, at=_at(rings[crossing.ring][crossing.vertex]))
    return _area_fault(rings) or _hole_fault(rings)


def polyline_fault(points: Floats, size: tuple[int, int]) -> Fault | None:
    """points: shape (n, 2)."""
    return Fault("too_few_points") if len(points) < 2 else outside_fault(points, size)


def outside_fault(points: Floats, size: tuple[int, int], edge: float = EDGE) -> Fault | None:
    """The first of the points, shape (n, 2), that lies outside the picture."""
    out = ((points < -edge) | (points > np.array(size) + edge)).any(axis=1)
    if not out.any():
        return None
    vertex = int(out.argmax())
    return Fault("outside_image", vertex=vertex, at=_at(points[vertex]))


def mask_fault(mask_size: tuple[int, int], counts: Sequence[int], size: tuple[int, int]) -> Fault | None:
    """mask_size: width and height. counts: run lengths, zeros first."""
    if mask_size != size:
        return Fault("mask_size")
    if any(count < 0 for count in counts) or sum(counts) != size[0] * size[1]:
        return Fault("mask_counts")
    return Fault("mask_empty") if ink_of(counts) == 0 else None


def rotated_corners(cx: float, cy: float, width: float, height: float, angle: float) -> Floats:
    """Corners, shape (4, 2): top left, top right, bottom right, bottom left of the box before it was turned."""
    turn = math.radians(angle)
    along = np.array([math.cos(turn), math.sin(turn)]) * width / 2
    across = np.array([-math.sin(turn), math.cos(turn)]) * height / 2
    centre = np.array([cx, cy])
    left, right = centre - along, centre + along
    return np.array([left - across, right - across, right + across, left + across])


def signed_area(points: Floats) -> float:
    """Of a ring, shape (n, 2); positive when it runs clockwise as one sees it (y grows downwards)."""
    after = np.roll(points, -1, axis=0)
    return float((points[:, 0] * after[:, 1] - after[:, 0] * points[:, 1]).sum() / 2)


def inside_ring(points: Floats, x: float, y: float) -> bool:
    """Whether a place lies inside a ring, shape (n, 2), by the even-odd rule."""
    before = np.roll(points, 1, axis=0)
    spans = (before[:, 1] > y) != (points[:, 1] > y)
    a, b = before[spans], points[spans]
    crossings = (b[:, 0] - a[:, 0]) * (y - a[:, 1]) / (b[:, 1] - a[:, 1]) + a[:, 0]
    return bool((x < crossings).sum() % 2)


def _side_fault(width: float, height: float) -> Fault | None:
    return Fault("too_small") if width < SMALLEST or height < SMALLEST else None


def _area_fault(rings: Sequence[Floats]) -> Fault | None:
    for ring, points in enumerate(rings):
        if abs(signed_area(points)) < SMALLEST * SMALLEST:
            return Fault("too_small", ring=ring, at=_at(points[0]))
    return None


def _hole_fault(rings: Sequence[Floats]) -> Fault | None:
    """Rings that do not cross lie wholly inside or outside each other, so one point tells."""
    for ring, hole in enumerate(rings[1:], start=1):
        x, y = hole[0]
        others = [other for n, other in enumerate(rings) if n not in (0, ring)]
        if not inside_ring(rings[0], x, y) or any(inside_ring(other, x, y) for other in others):
            return Fault("hole_outside", ring=ring, at=_at(hole[0]))
    return None


def _at(point: Floats) -> tuple[float, float]:
    return float(point[0]), float(point[1])
