import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.labeling_schema.answers import answer_keys, answer_token, canonical_answer, canonical_answers
from datasets.labeling_schema.reading import parse_document
from datasets.labeling_schema.refusal import InvalidAnswer

DOCUMENT = parse_document(
    {
        "questions": [
            {"key": "animal", "kind": "single_choice", "title": {"en": "Animal"}, "allow_none": True,
             "classes": [
                 {"key": "pet", "names": {"en": "Pet"}, "selectable": False},
                 {"key": "cat", "names": {"en": "Cat"}, "parent": "pet"},
                 {"key": "cow", "names": {"en": "Cow"}}]},
            {"key": "length", "kind": "number", "title": {"en": "Length"}, "min": 0.5, "max": 10, "step": 0.1,
             "unit": "m",
             "when": {"question": "animal", "has": ["pet"]}},
            {"key": "remark", "kind": "text", "title": {"en": "Remark"}, "max_length": 10, "allow_cannot_tell": True},
        ]
    }
)  # fmt: skip
ANIMAL, LENGTH, REMARK = DOCUMENT.questions


def refused(asked, answer):
    with pytest.raises(InvalidAnswer) as caught:
        canonical_answer(asked, answer)
    return str(caught.value)


@pytest.mark.parametrize(("given", "kept"), [(3, 3), (3.0, 3), (0.7000000000000001, 0.7), (10, 10)])
def test_a_number_is_kept_one_way(given, kept):
    answer = canonical_answer(LENGTH, {"number": given})
    assert answer == {"number": kept}
    assert type(answer["number"]) is type(kept)


@pytest.mark.parametrize(
    ("given", "word"),
    [("3", "must be a number"), (True, "must be a number"), (float("nan"), "must be a number"), (0.4, "at least 0.5 m"),
     (10.1, "at most 10 m"), (0.75, "steps of 0.1 from 0.5"), (None, "must be a number")],
)  # fmt: skip
def test_a_number_out_of_place_says_why(given, word):
    assert word in refused(LENGTH, {"number": given})


@given(st.integers(5, 100))
def test_every_tenth_is_on_a_step(tenths):
    assert canonical_answer(LENGTH, {"number": tenths / 10}) == {"number": tenths / 10}


@given(st.text(max_size=10))
def test_a_text_that_is_taken_is_its_own_canonical_form(said):
    try:
        once = canonical_answer(REMARK, {"text": said})
    except InvalidAnswer:
        assert not said.strip() or "\x00" in said or len(said) >= 10
        return
    assert canonical_answer(REMARK, once) == once


def test_texts_are_normalised():
    assert canonical_answer(REMARK, {"text": " 가\r\nb "}) == {"text": "가\nb"}


@pytest.mark.parametrize(
    ("given", "word"), [("", "is empty"), ("  ", "is empty"), ("x" * 11, "Shorten it"), (3, "must be a text")]
)
def test_a_text_that_does_not_fit_says_why(given, word):
    assert word in refused(REMARK, {"text": given})


def test_a_field_of_another_kind_is_refused():
    assert '"choice" does not answer "length"' in refused(LENGTH, {"choice": "cat"})


def several(**answers):
    return canonical_answers(DOCUMENT.questions, {"answers": answers})["answers"]


def test_several_questions_are_answered_in_their_order():
    found = several(remark={"text": "ok"}, length={"number": 2}, animal={"choice": "cat"})
    assert list(found) == ["animal", "length", "remark"]


def test_a_condition_that_does_not_hold_is_not_asked():
    assert list(several(animal={"choice": "cow"}, remark={"cannot_tell": True})) == ["animal", "remark"]
    assert list(several(animal={"none": True}, remark={"cannot_tell": True})) == ["animal", "remark"]


@pytest.mark.parametrize(
    ("answers", "place", "word"),
    [
        ({"animal": {"choice": "cow"}, "length": {"number": 2}, "remark": {"text": "a"}}, "length", "only asked when"),
        ({"animal": {"choice": "cat"}, "remark": {"text": "a"}}, "length", "has no answer"),
        ({"animal": {"choice": "cat"}, "length": {"number": 99}, "remark": {"text": "a"}}, "length", "at most 10"),
        ({"colour": {"choice": "red"}}, "colour", "not asked here"),
        ({}, "animal", "has no answer"),
    ],
)
def test_a_mistake_among_several_is_told_at_its_question(answers, place, word):
    with pytest.raises(InvalidAnswer, match=word) as caught:
        several(**answers)
    assert caught.value.faults[0].place == f"answer.answers.{place}"


def test_a_question_without_the_one_it_hangs_on_is_always_asked():
    assert list(canonical_answers((LENGTH, REMARK), {"answers": {"length": {"number": 1}, "remark": {"text": "a"}}}))


def test_tokens_tell_answers_apart_and_keys_are_their_classes():
    answers = [{"choice": "cat"}, {"number": 1}, {"number": 2}, {"text": "cat"}, {"none": True}, {"cannot_tell": True}]
    assert len({answer_token(one) for one in answers}) == len(answers)
    shapes = {"shapes": [{"class": "b"}, {"class": "a"}, {"class": "b"}]}
    assert answer_keys(shapes) == ("a", "b")
    assert answer_keys({"number": 1}) == ()
