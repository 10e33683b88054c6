from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.agreement.answer_agreement import (
    agreement_of,
    most_typical,
    pair_agreement,
    text_agreement,
)
from annotation.agreement.shape_overlap import overlap, shapes_agreement
from datasets.geometry.rle import counts_to_string
from datasets.labeling_schema.document import Question


def box(x, y, width, height, key="wheel"):
    return {"id": f"{x}.{y}", "type": "box", "class": key, "box": [x, y, width, height]}


def polygon(*rings, key="wheel"):
    return {"id": "p", "type": "polygon", "class": key, "rings": [list(ring) for ring in rings]}


def mask(ink: np.ndarray, key="wheel"):
    """ink: shape (height, width)."""
    flat = ink.T.ravel().astype(int)
    edges = np.flatnonzero(np.diff(flat)) + 1
    counts = np.diff([0, *edges, flat.size]).tolist()
    counts = [0, *counts] if flat[0] else counts
    return {
        "id": "m",
        "type": "mask",
        "class": key,
        "rle": {"size": list(ink.shape), "counts": counts_to_string(counts)},
    }


def test_the_worked_example():
    """A drew two wheels, B three: the first half over it, the second the same, the third nobody else's.

    Overlaps: 10 x 10 and 10 x 10 moved by 5: 50 / 150 = 1/3; the same: 1. 2 * (1/3 + 1) / (2 + 3) = 8 / 15.
    """
    a = [box(0, 0, 10, 10), box(40, 40, 20, 20)]
    b = [box(5, 0, 10, 10), box(40, 40, 20, 20), box(80, 80, 5, 5)]
    assert shapes_agreement(a, b, side=100) == pytest.approx(8 / 15)
    assert agreement_of([{"shapes": a}, {"shapes": b}], side=100) == pytest.approx(8 / 15)


def test_a_class_must_match_and_a_shape_has_one_partner():
    assert shapes_agreement([box(0, 0, 10, 10)], [box(0, 0, 10, 10, "door")], side=100) == 0
    twice = [box(0, 0, 10, 10), box(0, 0, 10, 10)]
    assert shapes_agreement([box(0, 0, 10, 10)], twice, side=100) == pytest.approx(2 / 3)


def test_partners_are_chosen_for_the_greatest_sum_not_one_after_the_other():
    """Greedily 0-0 first (overlap 9/11) and nothing for the other; together 0-1 and 1-0 give more."""
    a = [box(0, 0, 10, 10), box(4, 0, 10, 10)]
    b = [box(1, 0, 10, 10), box(-3, 0, 10, 10)]
    pairs = [[overlap(one, other, reach=2) for other in b] for one in a]
    best = max(sum(pairs[i][j] for i, j in enumerate(order)) for order in permutations(range(2)))
    assert shapes_agreement(a, b, side=100) == pytest.approx(best / 2)


def test_a_mask_a_polygon_and_a_box_of_one_place_are_the_same():
    ink = np.zeros((60, 80), dtype=bool)
    ink[10:30, 20:60] = True
    ring = [20, 10, 60, 10, 60, 30, 20, 30]
    for one in (box(20, 10, 40, 20), polygon(ring), mask(ink)):
        for other in (polygon(ring), mask(ink), {"type": "rotated_box", "class": "wheel", "box": [40, 20, 40, 20, 0]}):
            assert overlap(one, other, reach=2) == pytest.approx(1.0, abs=0.02)


def test_a_hole_is_none_of_it():
    whole = polygon([0, 0, 100, 0, 100, 100, 0, 100])
    holed = polygon([0, 0, 100, 0, 100, 100, 0, 100], [25, 25, 75, 25, 75, 75, 25, 75])
    assert overlap(whole, holed, reach=2) == pytest.approx(0.75, abs=0.01)


def test_lines_and_points_have_a_reach():
    line = {"type": "polyline", "class": "wheel", "points": [0, 0, 100, 0]}
    beside = {**line, "points": [0, 5, 100, 5]}
    assert overlap(line, line, reach=5) == 1
    assert overlap(line, beside, reach=5) == pytest.approx(1 / 3, abs=0.05)
    assert overlap(line, {**line, "points": [0, 30, 100, 30]}, reach=5) == 0
    point = {"type": "point", "class": "wheel", "points": [10, 10]}
    assert overlap(point, point, reach=5) == 1
    # Two discs whose centres are a radius apart: lens of 2 pi / 3 - sqrt(3) / 2.
    lens = 2 * np.pi / 3 - np.sqrt(3) / 2
    assert overlap(point, {**point, "points": [15, 10]}, reach=5) == pytest.approx(lens / (2 * np.pi - lens))
    assert overlap(point, {**point, "points": [20, 10]}, reach=5) == 0
    hand = {"type": "keypoints", "class": "wheel", "template": "hand", "points": [10, 10, 2, 50, 50, 2]}
    assert overlap(hand, {**hand, "points": [10, 10, 2, 0, 0, 0]}, reach=5) == 0.5
    assert overlap(hand, point, reach=5) == 0


def test_numbers_by_their_span_and_without_one_by_the_larger():
    assert pair_agreement({"number": 3}, {"number": 4}, span=10) == pytest.approx(0.9)
    assert pair_agreement({"number": 3}, {"number": 4}) == pytest.approx(0.75)
    assert pair_agreement({"number": -3}, {"number": 3}) == 0
    assert pair_agreement({"number": 0}, {"number": 0}) == 1
    assert agreement_of([{"number": 0}, {"number": 5}, {"number": 10}], span=10) == pytest.approx((0.5 + 0.5 + 0) / 3)


def test_texts_by_their_letters_and_long_ones_by_their_words():
    assert text_agreement("kitten", "sitting") == pytest.approx(1 - 3 / 7), "Levenshtein's own example"
    assert text_agreement("AB 12", "ab   12 ") == 1
    assert text_agreement("abc", "") == 0
    long = " ".join(f"word{n}" for n in range(200))
    assert text_agreement(long, long.replace("word7 ", "word ")) == pytest.approx(1 - 1 / 200)


def test_what_declines_agrees_only_with_itself():
    drawn = {"shapes": [box(0, 0, 5, 5)]}
    assert pair_agreement({"none": True}, {"none": True}) == 1
    assert pair_agreement({"none": True}, drawn) == pair_agreement({"cannot_tell": True}, drawn) == 0
    assert pair_agreement({"cannot_tell": True}, {"none": True}) == 0


def test_choices_as_ever_by_the_most_frequent():
    assert agreement_of([{"choice": "cat"}, {"choice": "dog"}, {"choice": "cat"}]) == pytest.approx(2 / 3)
    assert agreement_of([{"choice": "cat"}, {"none": True}]) == 0.5


def number(low=None, high=None) -> Question:
    return Question(key="n", kind="number", title={}, minimum=low, maximum=high)


def test_the_most_typical_answer_agrees_most_with_all():
    assert most_typical([number(0, 10)], [{"number": 9}, {"number": 5}, {"number": 4}]) == 1
    text = Question(key="t", kind="text", title={})
    assert most_typical([text], [{"text": "AB 1"}, {"text": "AB 12"}, {"text": "AB 12"}]) == 1
    with pytest.raises(ValueError, match="two answers"):
        agreement_of([{"number": 1}])


def test_over_several_questions_the_agreements_of_a_pair_are_summed():
    kind, n = Question(key="k", kind="single_choice", title={}), number(0, 10)

    def say(choice, **more):
        return {"answers": {"k": {"choice": choice}, **{key: {"number": value} for key, value in more.items()}}}

    assert most_typical([kind, n], [say("cat", n=9), say("dog", n=4), say("cat", n=5)]) == 2


coordinates = st.integers(0, 90)
boxes = st.lists(
    st.builds(
        box, coordinates, coordinates, st.integers(1, 40), st.integers(1, 40), st.sampled_from(["wheel", "door"])
    ),
    min_size=1,
    max_size=4,
)
answers = st.one_of(
    boxes.map(lambda shapes: {"shapes": shapes}),
    st.integers(-50, 50).map(lambda number: {"number": number}),
    st.text("ab 가", max_size=8).map(lambda text: {"text": text}),
    st.just({"none": True}),
    st.just({"cannot_tell": True}),
)


@given(one=answers, other=answers)
def test_laws_of_a_pair(one, other):
    alike = pair_agreement(one, other, side=100)
    assert 0 <= alike <= 1 + 1e-9
    assert alike == pytest.approx(pair_agreement(other, one, side=100))
    assert pair_agreement(one, one, side=100) == 1


@given(shapes=boxes, far=st.integers(200, 400))
def test_where_it_lies_and_the_order_of_shapes_do_not_matter(shapes, far):
    moved = [{**one, "box": [one["box"][0] + far, one["box"][1] + far, *one["box"][2:]]} for one in shapes]
    others = [box(10, 10, 20, 20), box(30, 5, 20, 30, "door")]
    moved_others = [{**one, "box": [one["box"][0] + far, one["box"][1] + far, *one["box"][2:]]} for one in others]
    found = shapes_agreement(shapes, others, side=100)
    assert found == pytest.approx(shapes_agreement(moved, moved_others, side=100))
    assert found == pytest.approx(shapes_agreement(shapes[::-1], others[::-1], side=100))
    assert shapes_agreement(shapes, shapes, side=100) == pytest.approx(1)


@given(texts=st.lists(st.text("abc", max_size=6), min_size=3, max_size=3))
def test_the_edit_distance_keeps_the_triangle(texts):
    def distance(a, b):
        return (1 - text_agreement(a, b)) * max(len(a), len(b))

    one, two, three = texts
    assert distance(one, three) <= distance(one, two) + distance(two, three) + 1e-9
