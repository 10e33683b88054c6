import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.geometry.rle import counts_to_string
from datasets.labeling_schema.answers import canonical_answer
from datasets.labeling_schema.reading import parse_document
from datasets.labeling_schema.refusal import InvalidAnswer
from datasets.labeling_schema.shapes import canonical_shapes, hundredths, normal_angle

CASES = json.loads(Path(__file__).with_name("shape_cases.json").read_text())
SIZE = (100, 80)
TOOLS = ["box", "rotated_box", "polygon", "polyline", "point", "keypoints", "mask"]


def question(**fields):
    classes = [{"key": key, "names": {"en": key.title()}} for key in CASES["classes"]]
    classes += [{"key": "tyre", "names": {"en": "Tyre"}, "retired": True, "replaced_by": ["wheel"]}]
    raw = {
        "key": "parts", "kind": "shapes", "title": {"en": "Parts"}, "tools": TOOLS, "classes": classes,
        "skeletons": CASES["skeletons"],
    }  # fmt: skip
    return parse_document({"questions": [raw | fields]}).by_key["parts"]


def box(**fields):
    return {"id": "a", "type": "box", "class": "wheel", "box": [0, 0, 10, 10]} | fields


def refused(asked, *shapes, size=SIZE):
    with pytest.raises(InvalidAnswer) as caught:
        canonical_shapes(asked, list(shapes), size)
    return caught.value.faults


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_the_server_finds_what_the_drawing_engine_finds(case):
    """frontend/src/engine/model/shapeCases.test.ts runs the same list through the engine."""
    if case["code"] is None:
        assert canonical_shapes(question(), [case["shape"]], SIZE)[0]["id"] == "a"
        return
    (fault,) = refused(question(), case["shape"])
    assert (fault.code, fault.place) == (case["code"], "answer.shapes[0]")
    assert fault.sentence.startswith("Shape 1")
    assert fault.sentence.endswith(".")


def test_what_is_written_is_written_one_way():
    written = [
        box(box=[1.004, 2.006, 10.0, 10], hidden=True, locked=True, attributes={}),
        {"id": "b", "type": "rotated_box", "class": "door", "box": [50, 40, 10, 5, 270]},
        {"id": "c", "type": "keypoints", "class": "door", "template": "hand", "points": [3, 4, 0, 5.5, 6, 1]},
        {"id": "d", "type": "mask", "class": "door", "rle": {"size": [80, 100], "counts": [10, 2, 0, 3, 7985]}},
    ]
    assert canonical_shapes(question(), written, SIZE) == [
        {"id": "a", "type": "box", "class": "wheel", "box": [1, 2.01, 10, 10]},
        {"id": "b", "type": "rotated_box", "class": "door", "box": [50, 40, 10, 5, -90]},
        {"id": "c", "type": "keypoints", "class": "door", "template": "hand", "points": [0, 0, 0, 5.5, 6, 1]},
        {
            "id": "d",
            "type": "mask",
            "class": "door",
            "rle": {"size": [80, 100], "counts": counts_to_string([10, 5, 7985])},
        },
    ]


NUMBERS = st.floats(-5, 105, width=32)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=12), st.floats(-1000, 1000))
@settings(max_examples=200, deadline=None)
def test_the_canonical_form_of_a_canonical_form_is_itself(points, angle):
    polygon = {"id": "p", "type": "polygon", "class": "wheel", "rings": [[x for point in points for x in point]]}
    turned = {"id": "r", "type": "rotated_box", "class": "wheel", "box": [50, 40, 7.123, 9.456, angle]}
    try:
        once = canonical_answer(question(), {"shapes": [polygon, turned]}, SIZE)
    except InvalidAnswer:
        return
    assert canonical_answer(question(), once, SIZE) == once
    assert json.loads(json.dumps(once)) == once


@given(st.floats(-1e6, 1e6))
def test_hundredths_and_angles_stay_put(value):
    assert hundredths(hundredths(value)) == hundredths(value)
    assert abs(hundredths(value) - value) <= 0.005 + 1e-9
    assert -180 < normal_angle(value) <= 180


def test_each_shape_tells_its_own_fault():
    faults = refused(question(), box(), box(box=[95, 0, 10, 10]), box(id="c", **{"class": "tyre"}))
    assert [(one.place, one.code) for one in faults] == [
        ("answer.shapes[1]", "outside_image"),
        ("answer.shapes[2]", "retired_class"),
    ]
    assert faults[0].sentence == (
        "Shape 2 (“Wheel”) reaches out of the picture at point 2 (105, 0), which is 100 x 80 pixels. Move it inside."
    )
    assert faults[0].at == (105, 0)
    assert faults[1].sentence == "Shape 3 (“Tyre”): The class 'tyre' was retired. Choose wheel instead."


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ("a box", "not_a_shape"),
        (box(type="circle"), "unknown_type"),
        (box(type=["box"]), "unknown_type"),
        (box(box=[0, 0, 10]), "bad_field"),
        (box(box=[0, 0, "10", 10]), "bad_field"),
        (box(box=[0, 0, True, 10]), "bad_field"),
        (box(box=[0, 0, float("nan"), 10]), "not_a_number"),
        (box(box=[0, 0, 10**400, 10]), "not_a_number"),
        (box(id=""), "bad_field"),
        (box(id=3), "bad_field"),
        (box(**{"class": 7}), "unknown_class"),
        (box(attributes={"colour": "red"}), "bad_attribute"),
        (box(attributes=[]), "bad_attribute"),
        (box(type="polygon", rings=[[0, 0, 5]]), "bad_field"),
        (box(type="polygon", rings=[0, 0, 5, 5]), "bad_field"),
        (box(type="polyline", points=[1] * 20_002), "too_many_points"),
        (box(type="keypoints", template=None, points=[]), "unknown_template"),
        (box(type="keypoints", template="hand", points=[1, 1, 3, 1, 1, 1]), "bad_field"),
        (box(type="mask", rle={"size": [80, 100], "counts": "é"}), "bad_field"),
        (box(type="mask", rle={"size": [80.0, 100], "counts": [8000]}), "bad_field"),
        (box(type="mask", rle={"size": [80, 100], "counts": [-1, 1, 8000]}), "mask_counts"),
        (box(type="mask"), "bad_field"),
    ],
)
def test_what_cannot_be_read_is_refused(shape, code):
    assert refused(question(), shape)[0].code == code


def test_a_tool_must_be_one_of_the_question_s():
    (fault,) = refused(question(tools=["polygon"]), box())
    assert fault.code == "tool_not_allowed"
    assert "Draw it as one of polygon" in fault.sentence


def test_two_shapes_may_not_share_an_id():
    assert refused(question(), box(), box())[0].code == "duplicate_id"


def test_shapes_are_limited_and_need_a_picture():
    assert refused(question(max_shapes=1), box(), box(id="b"))[0].code == "too_many_shapes"
    assert refused(question(), box(), size=None)[0].code == "no_picture"


def test_nothing_to_draw_is_an_answer_where_it_is_allowed():
    assert canonical_answer(question(allow_none=True), {"shapes": []}, SIZE) == {"none": True}
    with pytest.raises(InvalidAnswer, match="at least one shape"):
        canonical_answer(question(), {"shapes": []}, SIZE)


ATTRIBUTES = [
    {"key": "hidden", "kind": "single_choice", "title": {"en": "Hidden"}, "required": True, "for_classes": ["wheel"],
     "classes": [{"key": "no", "names": {"en": "No"}}, {"key": "half", "names": {"en": "Half"}}]},
    {"key": "marks", "kind": "multiple_choice", "title": {"en": "Marks"},
     "classes": [{"key": "rust", "names": {"en": "Rust"}}, {"key": "dent", "names": {"en": "Dent"}}]},
    {"key": "bolts", "kind": "number", "title": {"en": "Bolts"}, "min": 0, "step": 1},
    {"key": "note", "kind": "text", "title": {"en": "Note"}, "max_length": 5},
]  # fmt: skip


def test_attributes_are_small_answers():
    asked = question(attributes=ATTRIBUTES)
    given = {"hidden": "half", "marks": ["rust", "dent", "rust"], "bolts": 5.0, "note": " a "}
    (shape,) = canonical_shapes(asked, [box(attributes=given)], SIZE)
    assert shape["attributes"] == {"hidden": "half", "marks": ["dent", "rust"], "bolts": 5, "note": "a"}
    (plain,) = canonical_shapes(asked, [box(**{"class": "door"}, attributes={"marks": []})], SIZE)
    assert "attributes" not in plain


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "'hidden' is not filled in"),
        ({"hidden": "quite"}, "no class with the key 'quite'"),
        ({"hidden": "no", "marks": "rust"}, "list of class keys"),
        ({"hidden": "no", "bolts": 1.5}, "steps of 1"),
        ({"hidden": "no", "note": "too long"}, "at most 5"),
    ],
)
def test_a_wrong_attribute_says_which(given, word):
    (fault,) = refused(question(attributes=ATTRIBUTES), box(attributes=given))
    assert fault.code == "bad_attribute"
    assert word in fault.sentence


def test_an_attribute_of_other_classes_is_refused():
    (fault,) = refused(question(attributes=ATTRIBUTES), box(**{"class": "door"}, attributes={"hidden": "no"}))
    assert "no attribute 'hidden' for this class" in fault.sentence
