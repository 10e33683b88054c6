"""What the kinds beside choices may say."""

import pytest

from datasets.labeling_schema.mistakes import InvalidDocument
from datasets.labeling_schema.reading import parse_document

CLASSES = [{"key": "a", "names": {"en": "A"}}, {"key": "b", "names": {"en": "B"}}]
CHOICE = {"key": "first", "kind": "single_choice", "title": {"en": "First"}, "classes": CLASSES}
SKELETON = {"key": "hand", "names": ["wrist", "tip"]}


def of_kind(kind, **fields):
    return {"key": "q", "kind": kind, "title": {"en": "What?"}} | fields


def shapes(**fields):
    return of_kind("shapes", tools=["box"], classes=CLASSES[:1]) | fields


def mistakes(*questions):
    with pytest.raises(InvalidDocument) as caught:
        parse_document({"questions": list(questions)})
    return caught.value.errors


@pytest.mark.parametrize(
    "question",
    [
        of_kind("number"),
        of_kind("number", min=-1.5, max=2, step=0.5, unit="mm"),
        of_kind("text"),
        of_kind("text", max_length=12, allow_cannot_tell=True),
        shapes(tools=["mask", "keypoints", "box"], skeletons=[SKELETON | {"edges": [[0, 1]]}]),
        shapes(max_shapes=3, attributes=[of_kind("number", key="n", required=True, for_classes=["a"], min=0)]),
        shapes(attributes=[of_kind("multiple_choice", key="m", classes=CLASSES, max_choices=1)]),
        of_kind("single_choice", classes=[*CLASSES, CLASSES[0] | {"key": "c", "retired": True, "replaced_by": ["a"]}]),
        CHOICE | {"key": "q", "when": None},
    ],
)
def test_reading_back_the_canonical_form_changes_nothing(question):
    parsed = parse_document({"questions": [CHOICE, question]})
    again = parse_document(parsed.to_json())
    assert again == parsed
    assert again.to_json() == parsed.to_json()


def test_a_choice_question_without_news_keeps_its_old_bytes():
    """Stored schemas are known by the hash of these."""
    (written,) = parse_document({"questions": [CHOICE]}).to_json()["questions"]
    assert list(written) == [
        "key", "kind", "title", "help", "allow_none", "allow_cannot_tell", "max_choices", "classes",
    ]  # fmt: skip
    assert list(written["classes"][0]) == ["key", "names", "parent", "hotkey", "selectable", "description"]


@pytest.mark.parametrize(
    ("question", "place", "word"),
    [
        (of_kind("number", min=3, max=3), "max", "above the smallest"),
        (of_kind("number", step=0), "step", "above 0"),
        (of_kind("number", min="1"), "min", "a number or null"),
        (of_kind("number", classes=CLASSES), "classes", "no classes"),
        (of_kind("number", max_length=3), "", "'max_length' is not known"),
        (of_kind("text", max_length=0), "max_length", "whole number from 1"),
        (of_kind("drawing"), "kind", "must be one of"),
        (shapes(tools=[]), "tools", "at least one"),
        (shapes(tools=["circle"]), "tools", "at least one"),
        (shapes(tools=["keypoints"]), "skeletons", "need a skeleton"),
        (shapes(skeletons=[SKELETON | {"names": ["a", "a"]}]), "skeletons[0].names", "different"),
        (shapes(skeletons=[SKELETON | {"edges": [[0, 2]]}]), "skeletons[0].edges", "from 0 to 1"),
        (shapes(skeletons=[SKELETON | {"edges": [[1, 1]]}]), "skeletons[0].edges", "two different"),
        (shapes(skeletons=[SKELETON | {"layout": [{"x": 0, "y": 0}]}]), "skeletons[0].layout", "one place for each"),
        (shapes(skeletons=[SKELETON | {"layout": [{"x": 2, "y": 0}] * 2}]), "skeletons[0].layout", "from 0 to 1"),
        (shapes(skeletons=[SKELETON, SKELETON]), "skeletons", "used 2 times"),
        (shapes(max_shapes=0), "max_shapes", "whole number"),
        (shapes(attributes=[of_kind("shapes")]), "attributes[0]", "kind is one of"),
        (shapes(attributes=[of_kind("text", for_classes=["z"])]), "attributes[0].for_classes", "no class 'z'"),
        (shapes(attributes=[of_kind("text", for_classes=[])]), "attributes[0].for_classes", "at least one class"),
        (shapes(attributes=[of_kind("text")] * 2), "attributes", "used 2 times"),
        (shapes(classes=[]), "classes", "1 to 100,000"),
        (of_kind("text", when={"question": "first", "has": ["z"]}), "when.has", "no class 'z'"),
        (of_kind("text", when={"question": "later", "has": ["a"]}), "when.question", "no earlier question"),
        (of_kind("text", when={"question": "q", "has": ["a"]}), "when.question", "those before this one: first"),
        (of_kind("text", when={"has": ["a"]}), "when", "A condition is like"),
        (of_kind("text", when="always"), "when", "A condition is like"),
    ],
)
def test_a_mistake_is_named_at_its_place(question, place, word):
    errors = mistakes(CHOICE, question)
    wanted = f"questions[1].{place}".rstrip(".")
    assert list(errors) == [wanted]
    assert word in errors[wanted][0]


def test_a_retired_class_is_not_selectable_has_no_key_and_frees_its_name():
    classes = [*CLASSES, {"key": "old", "names": {"en": "A"}, "retired": True, "hotkey": "o", "replaced_by": ["a"]}]
    question = parse_document({"questions": [CHOICE | {"classes": classes}]}).by_key["first"]
    old = question.by_key["old"]
    assert not old.selectable
    assert old.hotkey is None
    assert question.selectable_keys == ("a", "b")


def test_what_replaces_a_class_must_exist():
    classes = [*CLASSES, {"key": "old", "names": {"en": "Old"}, "retired": True, "replaced_by": ["new"]}]
    assert "questions[0].classes[2].replaced_by" in mistakes(CHOICE | {"classes": classes})
