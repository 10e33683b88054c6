"""Answers to the questions of a schema, checked and brought into one canonical form."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from datasets.labeling_schema.document import Question
from datasets.labeling_schema.refusal import AnswerFault, InvalidAnswer, refusal
from datasets.labeling_schema.shapes import canonical_shapes
from datasets.labeling_schema.values import canonical_number, canonical_text

__all__ = ["Answer", "AnswerFault", "InvalidAnswer", "canonical_answer", "canonical_answers"]

Answer = dict[str, Any]
"""One of the forms of docs/label-format.md: {"choice": key}, {"choices": [key, …]}, {"number": 1}, {"text": "a"},
{"shapes": [shape, …]}, {"none": True}, {"cannot_tell": True}; to several questions {"answers": {question: answer}}."""

NONE_KEY = "__none__"
CANNOT_TELL_KEY = "__cannot_tell__"
FIELD = {
    "single_choice": "choice", "multiple_choice": "choices", "number": "number", "text": "text", "shapes": "shapes",
}  # fmt: skip

Size = tuple[int, int]
"""Width and height of a picture in pixels, after its EXIF orientation."""


def canonical_answer(question: Question, answer: object, size: Size | None = None) -> Answer:
    """The answer in its one written form. size: of the picture, needed for shapes. Raises InvalidAnswer."""
    if not isinstance(answer, Mapping) or len(answer) != 1:
        raise InvalidAnswer(f'An answer to "{question.key}" is an object with exactly one of: {_fields(question)}.')
    (field, value), *_ = answer.items()
    if field in ("none", "cannot_tell"):
        return _declined(question, str(field), value)
    if field != FIELD[question.kind]:
        raise InvalidAnswer(f'"{field}" does not answer "{question.key}"; give one of: {_fields(question)}.')
    if field == "choice":
        return {"choice": _known(question, value)}
    if field == "choices":
        return {"choices": _several(question, value)}
    if field == "number":
        return {"number": canonical_number(question, value)}
    if field == "text":
        return {"text": canonical_text(question, value)}
    if value == [] and question.allow_none:
        return {"none": True}
    return {"shapes": canonical_shapes(question, value, size)}


def canonical_answers(questions: Sequence[Question], answer: object, size: Size | None = None) -> Answer:
    """{"answers": …} to questions that are asked together, in their order. Raises InvalidAnswer."""
    given = answer.get("answers") if isinstance(answer, Mapping) and len(answer) == 1 else None
    if not isinstance(given, Mapping):
        raise InvalidAnswer('The answer to several questions is {"answers": {question key: answer}}.')
    if unknown := [key for key in given if key not in {one.key for one in questions}]:
        raise InvalidAnswer(f'"{unknown[0]}" is not asked here.', place=f"answer.answers.{unknown[0]}")
    found: dict[str, Answer] = {}
    for one in questions:
        if not is_asked(one, questions, found):
            if one.key in given:
                raise InvalidAnswer(_not_asked(one), place=f"answer.answers.{one.key}", code="not_asked")
            continue
        if one.key not in given:
            raise InvalidAnswer(
                f'"{one.key}" is asked too and has no answer.', place=f"answer.answers.{one.key}", code="missing"
            )
        try:
            found[one.key] = canonical_answer(one, given[one.key], size)
        except InvalidAnswer as error:
            raise error.under(f"answers.{one.key}") from None
    return {"answers": found}


def is_asked(question: Question, together: Sequence[Question], answers: Mapping[str, Answer]) -> bool:
    """Whether a question is asked, given the canonical answers to those before it. together: all that could be.

    A condition on a question that is not among them does not count; one on a question without an answer does not hold.
    """
    if question.when is None:
        return True
    earlier = next((one for one in together if one.key == question.when.question), None)
    if earlier is None:
        return True
    keys = answer_keys(answers.get(earlier.key, {}))
    return any(earlier.is_under(key, question.when.has) for key in keys)


def answer_keys(answer: Answer) -> tuple[str, ...]:
    """Class keys of a canonical answer to one question, sorted; none of these, numbers and texts have none."""
    if "choice" in answer:
        return (answer["choice"],)
    if "shapes" in answer:
        return tuple(sorted({shape["class"] for shape in answer["shapes"]}))
    return tuple(answer.get("choices", ()))


def answer_token(answer: Answer) -> str:
    """One string that is equal exactly when two canonical answers are: the category for agreement and consensus."""
    if "none" in answer:
        return NONE_KEY
    if "cannot_tell" in answer:
        return CANNOT_TELL_KEY
    if "choice" in answer or "choices" in answer:
        return "|".join(answer_keys(answer))
    said = json.dumps(answer, sort_keys=True, ensure_ascii=False)
    return "=" + hashlib.sha256(said.encode()).hexdigest()  # no class key begins so


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
    code, sentence = refusal(question, key)
    if code:
        raise InvalidAnswer(sentence, code=code)
    return str(key)


def _not_asked(question: Question) -> str:
    if question.when is None:
        return f'"{question.key}" is not asked here.'
    wanted = ", ".join(question.when.has)
    return f'"{question.key}" is only asked when "{question.when.question}" is one of {wanted}. Leave its answer out.'


def _fields(question: Question) -> str:
    fields = [f'"{FIELD[question.kind]}"']
    fields += ['"none"'] if question.allow_none else []
    fields += ['"cannot_tell"'] if question.allow_cannot_tell else []
    return ", ".join(fields)
