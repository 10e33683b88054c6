import pytest

from datasets.brief_form.checks import clean_answers, figures, missing_for_signature, warnings
from datasets.brief_form.fields import BY_KEY, FIELDS, SECTIONS
from datasets.brief_form.task_kinds import TASK_KINDS, Support
from datasets.brief_form.templates import TEMPLATES


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.key)
def test_every_template_is_valid_and_could_be_signed(template: object) -> None:
    cleaned, errors = clean_answers(template.answers)  # type: ignore[attr-defined]
    assert (errors, missing_for_signature(cleaned)) == ({}, [])
    assert cleaned == template.answers  # type: ignore[attr-defined]


def test_a_kind_that_is_not_supported_says_what_to_do() -> None:
    assert {kind.support for kind in TASK_KINDS} == set(Support)
    for kind in TASK_KINDS:
        assert bool(kind.advice) == (kind.support is not Support.SUPPORTED)
        assert any(kind.advice in one for one in warnings({"task_kind": kind.key})) == (
            kind.support is not Support.SUPPORTED
        )


def test_fields_have_both_languages_and_a_section() -> None:
    assert len(BY_KEY) == len(FIELDS)
    for field in FIELDS:
        assert field.en
        assert field.ko
        assert field.section in SECTIONS


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("positive_share", 3, "from 0 to 1"),
        ("positive_share", True, "not negative"),
        ("latency_ms", -1, "not negative"),
        ("latency_ms", float("nan"), "not negative"),
        ("device", "toaster", "Choose one of"),
        ("input", 7, "Write a text"),
        ("colour", "red", "does not ask"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field(key: str, value: object, sentence: str) -> None:
    cleaned, errors = clean_answers({key: value, "target": "x"})
    assert list(errors) == [key]
    assert sentence in errors[key][0]
    assert cleaned == {"target": "x"}


def test_an_opinion_about_people_is_warned_of() -> None:
    """Tale T1: trustworthiness from faces."""
    found = warnings({"task_kind": "binary", "target_is": "opinion"})
    assert any("prejudice" in sentence and "Stop here" in sentence for sentence in found)
    assert not warnings({"task_kind": "binary", "target_is": "fact"})


def test_classification_needs_a_class_of_concern_and_others_do_not() -> None:
    assert "class_of_concern" in missing_for_signature({"task_kind": "binary"})
    assert "class_of_concern" not in missing_for_signature({"task_kind": "regression"})


def test_the_lifetime_is_told_in_days() -> None:
    assert figures({"lifetime": 10, "lifetime_unit": "days"}).lifetime_days == 10
    assert figures({"lifetime": 0.1, "lifetime_unit": "weeks"}).lifetime_days == 1
    assert figures({"lifetime": 2, "lifetime_unit": "years"}).lifetime_days == 730
    assert figures({}).lifetime_days is None
