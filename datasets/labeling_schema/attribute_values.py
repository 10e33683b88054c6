"""Attributes of one shape: small questions with plain values, as the drawing engine keeps them."""

from collections.abc import Mapping
from typing import Any

from datasets.labeling_schema.document import Attribute, Question
from datasets.labeling_schema.refusal import InvalidAnswer, refusal
from datasets.labeling_schema.values import canonical_number, canonical_text


def canonical_attributes(question: Question, class_key: str, value: object) -> dict[str, Any]:
    """{attribute key: class key, sorted class keys, number or text}, by key. Raises InvalidAnswer."""
    if not isinstance(value, Mapping):
        raise InvalidAnswer("Attributes are an object.")
    carried = {one.question.key: one for one in question.attributes if carries(one, question, class_key)}
    for key in value:
        if key not in carried:
            known = ", ".join(carried) or "none"
            raise InvalidAnswer(f"There is no attribute {key!r} for this class (there are: {known}). Take it out.")
    found: dict[str, Any] = {}
    for key, attribute in sorted(carried.items()):
        if value.get(key) in (None, "", []):
            if attribute.required:
                raise InvalidAnswer(f"The attribute {key!r} is not filled in. Choose its value.")
            continue
        found[key] = _value(attribute.question, value[key])
    return found


def carries(attribute: Attribute, question: Question, class_key: str) -> bool:
    """Whether shapes of a class have this attribute."""
    return attribute.for_classes is None or question.is_under(class_key, attribute.for_classes)


def _value(question: Question, value: object) -> Any:
    if question.kind == "number":
        return canonical_number(question, value)
    if question.kind == "text":
        return canonical_text(question, value)
    if question.kind == "single_choice":
        return _key(question, value)
    if not isinstance(value, list):
        raise InvalidAnswer(f"The attribute {question.key!r} takes a list of class keys.")
    keys = sorted({_key(question, key) for key in value})
    if question.max_choices is not None and len(keys) > question.max_choices:
        raise InvalidAnswer(f"The attribute {question.key!r} takes at most {question.max_choices} values.")
    return keys


def _key(question: Question, key: object) -> str:
    code, sentence = refusal(question, key)
    if code:
        raise InvalidAnswer(sentence, code=code)
    return str(key)
