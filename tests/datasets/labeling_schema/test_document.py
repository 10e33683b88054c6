from typing import Any

import pytest

from datasets.labeling_schema.answers import InvalidAnswer, answer_keys, answer_token, canonical_answer
from datasets.labeling_schema.mistakes import InvalidDocument
from datasets.labeling_schema.reading import parse_document


def document(classes: list[dict[str, Any]], **question: Any) -> dict[str, Any]:
    base = {"key": "q", "kind": "single_choice", "title": {"en": "What?"}, "classes": classes}
    return {"format": 1, "questions": [base | question]}


def leaf(key: str, **fields: Any) -> dict[str, Any]:
    return {"key": key, "names": {"en": key.upper()}, **fields}


def test_reading_back_the_canonical_form_changes_nothing() -> None:
    parsed = parse_document(document([leaf("a"), leaf("b", parent="a", hotkey="Shift+B")], allow_none=True))
    assert parse_document(parsed.to_json()) == parsed
    assert parsed.by_key["q"].by_key["b"].hotkey == "shift+b"


def test_ten_thousand_classes_in_a_deep_tree_are_read() -> None:
    classes = [leaf(f"c{n}", parent=f"c{n - 1}" if n % 50 else None) for n in range(10_000)]
    question = parse_document(document(classes)).by_key["q"]
    assert len(question.classes) == 10_000
    assert [*question.ancestors("c103")] == ["c102", "c101", "c100"]


@pytest.mark.parametrize(
    ("classes", "place", "sentence"),
    [
        ([leaf("a", parent="b"), leaf("b", parent="a")], "classes[0].parent", "ring"),
        ([leaf("a", parent="a"), leaf("b")], "classes[0].parent", "ring"),
        ([leaf("a"), leaf("a", names={"en": "Other"})], "classes[1].key", "already belongs to classes[0]"),
        ([leaf("a", hotkey="1"), leaf("b", hotkey="1")], "classes[1].hotkey", "already belongs"),
        ([leaf("a", hotkey="F1"), leaf("b")], "classes[0].hotkey", "letter or digit"),
        ([leaf("a b"), leaf("b")], "classes[0].key", "A key is made of"),
        ([leaf("a")], "classes", "2 to 100,000"),
        ([leaf("a", names={"en": "X"}), leaf("b", names={"en": "X"})], "classes", "nobody could tell them apart"),
        ([leaf("a", colour="red"), leaf("b")], "classes[0]", "'colour' is not known"),
        ([leaf("a", selectable=False), leaf("b", selectable=False)], "classes", "nothing could be answered"),
        ([leaf("a", names={"de": "Hund", "en": "Dog"}), leaf("b")], "classes[0].names", "'de' is not one of"),
    ],
)
def test_a_mistake_is_named_at_its_place(classes: list[dict[str, Any]], place: str, sentence: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        parse_document(document(classes))
    assert list(caught.value.errors) == [f"questions[0].{place}"]
    assert sentence in caught.value.errors[f"questions[0].{place}"][0]


@pytest.mark.parametrize("wrong", [None, [], {}, {"questions": []}, {"questions": [3]}, {"format": 9, "questions": []}])
def test_what_is_no_document_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidDocument):
        parse_document(wrong)


def test_several_choices_have_one_written_form() -> None:
    question = parse_document(
        document([leaf("a"), leaf("b"), leaf("c")], kind="multiple_choice", max_choices=2, allow_none=True)
    ).by_key["q"]
    answer = canonical_answer(question, {"choices": ["b", "a", "b"]})
    assert (answer, answer_keys(answer), answer_token(answer)) == ({"choices": ["a", "b"]}, ("a", "b"), "a|b")
    assert answer_token(canonical_answer(question, {"none": True})) == "__none__"
    for wrong in (
        {"choices": []},
        {"choices": ["a", "b", "c"]},
        {"choice": "a"},
        {"none": False},
        {"cannot_tell": True},
    ):
        with pytest.raises(InvalidAnswer):
            canonical_answer(question, wrong)


def test_a_class_that_only_groups_is_no_answer() -> None:
    question = parse_document(document([leaf("a", selectable=False), leaf("b", parent="a")])).by_key["q"]
    with pytest.raises(InvalidAnswer, match="only groups"):
        canonical_answer(question, {"choice": "a"})
