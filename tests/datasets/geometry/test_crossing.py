import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.geometry.crossing import BLOCK, find_crossing

POINTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=9)


def ring(*points):
    return np.array(points, dtype=np.float64)


def meet(a, b, c, d):
    """The plain definition, one pair at a time, in exact whole numbers."""

    def turn(p, q, r):
        return np.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    def on(p, q, r):
        return min(p[0], q[0]) <= r[0] <= max(p[0], q[0]) and min(p[1], q[1]) <= r[1] <= max(p[1], q[1])

    if turn(a, b, c) != turn(a, b, d) and turn(c, d, a) != turn(c, d, b):
        return True
    cases = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn(*three) == 0 and on(*three) for three in cases)


def clash(points):
    n = len(points)
    edges = [(points[i], points[(i + 1) % n]) for i in range(n)]
    for i in range(n):
        for j in range(i + 1, n):
            if j == i + 1 or (i == 0 and j == n - 1):
                first, second = (edges[i], edges[j]) if j == i + 1 else (edges[j], edges[i])
                (p, q), r = first, second[1]
                u, v = (q[0] - p[0], q[1] - p[1]), (r[0] - q[0], r[1] - q[1])
                if u[0] * v[1] == u[1] * v[0] and u[0] * v[0] + u[1] * v[1] < 0:
                    return True
            elif meet(*edges[i], *edges[j]):
                return True
    return False


@given(POINTS)
@settings(max_examples=300, deadline=None)
def test_a_crossing_is_found_exactly_when_two_edges_clash(points):
    assert (find_crossing([ring(*points)]) is not None) == clash(points)


@given(POINTS, st.integers(0, 8), st.booleans())
@settings(max_examples=100, deadline=None)
def test_neither_the_first_point_nor_the_direction_matters(points, start, back):
    start %= len(points)
    turned = points[start:] + points[:start]
    turned = turned[::-1] if back else turned
    assert (find_crossing([ring(*points)]) is None) == (find_crossing([ring(*turned)]) is None)


def test_the_place_names_ring_and_vertex():
    square = ring((0, 0), (50, 0), (50, 50), (0, 50))
    found = find_crossing([square, ring((40, 10), (60, 10), (60, 20), (40, 20))])
    assert found is not None
    assert (found.ring, found.other_ring) == (0, 1)
    assert found.vertex == 1  # the right side


@pytest.mark.parametrize("n", [3, BLOCK, BLOCK + 1, 5 * BLOCK])
def test_a_circle_does_not_cross_itself_and_a_dent_through_its_other_side_does(n):
    angle = np.arange(n) / n * 2 * np.pi
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 100
    assert find_crossing([circle]) is None
    if n > 3:
        circle[n // 2] = (300, 0.3)
        assert find_crossing([circle]) is not None
