"""Answers to the questions of a schema, checked and brought into one canonical form."""

from collections.abc import Mapping
from typing import Any

from datasets.labeling_schema.document import Question

Answer = dict[str, Any]
"""One of {"choice": key}, {"choices": [key, …]} (sorted, at least one), {"none": True}, {"cannot_tell": True}."""

NONE_KEY = "__none__"
CANNOT_TELL_KEY = "__cannot_tell__"


class InvalidAnswer(Exception):
    """An answer that the question does not admit; the message says why, for a person."""


def canonical_answer(question: Question, answer: object) -> Answer:
    """The answer in its one written form. Raises InvalidAnswer."""
    if not isinstance(answer, Mapping) or len(answer) != 1:
        raise InvalidAnswer(f'An answer to "{question.key}" is an object with exactly one of: {_fields(question)}.')
    (field, value), *_ = answer.items()
    if field in ("none", "cannot_tell"):
        return _declined(question, str(field), value)
    if field == "choice" and question.kind == "single_choice":
        return {"choice": _known(question, value)}
    if field == "choices" and question.kind == "multiple_choice":
        return {"choices": _several(question, value)}
    raise InvalidAnswer(f'"{field}" does not answer "{question.key}"; give one of: {_fields(question)}.')


def answer_keys(answer: Answer) -> tuple[str, ...]:
    """Class keys of a canonical answer, sorted; none of these and cannot tell have none."""
    if "choice" in answer:
        return (answer["choice"],)
    return tuple(answer.get("choices", ()))


def answer_token(answer: Answer) -> str:
    """One string that is equal exactly when two canonical answers are: the category for agreement and consensus."""
    if "none" in answer:
        return NONE_KEY
    if "cannot_tell" in answer:
        return CANNOT_TELL_KEY
    return "|".join(answer_keys(answer))


def _declined(question: Question, field: str, value: object) -> Answer:
    allowed = question.allow_none if field == "none" else question.allow_cannot_tell
    if value is not True:
        raise InvalidAnswer(f'"{field}" is either true or absent.')
    if not allowed:
        raise InvalidAnswer(f'"{question.key}" does not admit "{field}".')
    return {field: True}


def _several(question: Question, value: object) -> list[str]:
    if not isinstance(value, list) or not value:
        raise InvalidAnswer(f'"choices" of "{question.key}" is a list with at least one class key.')
    keys = sorted({_known(question, key) for key in value})
    if question.max_choices is not None and len(keys) > question.max_choices:
        raise InvalidAnswer(f'"{question.key}" takes at most {question.max_choices} classes, not {len(keys)}.')
    return keys


def _known(question: Question, key: object) -> str:
    found = question.by_key.get(key) if isinstance(key, str) else None
    if found is None:
        raise InvalidAnswer(f'"{question.key}" has no class with the key {key!r}.')
    if not found.selectable:
        raise InvalidAnswer(f"{found.key!r} only groups other classes; choose one below it.")
    return found.key


def _fields(question: Question) -> str:
    fields = ['"choice"' if question.kind == "single_choice" else '"choices"']
    fields += ['"none"'] if question.allow_none else []
    fields += ['"cannot_tell"'] if question.allow_cannot_tell else []
    return ", ".join(fields)
