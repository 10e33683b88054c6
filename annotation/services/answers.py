"""Answers between three forms: what the workbench sends, what a submission keeps, what datasets calls canonical.

A submission keeps datasets' canonical answer, or {"skip": reason}: a skip is not an answer to the question.
"""

from typing import Any

from common.problems import InvalidInput
from datasets.labeling_schema.answers import InvalidAnswer, canonical_answer
from datasets.labeling_schema.document import Question

KINDS = ("class", "none_of_these", "cannot_tell", "skip")
MAX_REASON = 500
StoredAnswer = dict[str, Any]
WireAnswer = dict[str, Any]


class UnusableAnswer(InvalidInput):
    code = "unusable-answer"
    title = "This answer does not fit the question"


class UnknownClass(UnusableAnswer):
    code = "unknown-class"
    title = "The schema has no such class"


def read_answer(question: Question, wire: object) -> StoredAnswer:
    """Check an answer as sent. Raises UnusableAnswer; a class that is not there is named."""
    if not isinstance(wire, dict) or wire.get("kind") not in KINDS:
        raise UnusableAnswer(
            f"The answer must be an object whose kind is one of {', '.join(KINDS)}.",
            errors={"answer.kind": ["Unknown."]},
        )
    kind = wire["kind"]
    if kind == "skip":
        reason = wire.get("reason") or ""
        if not isinstance(reason, str) or len(reason) > MAX_REASON:
            raise UnusableAnswer(f"The reason of a skip is a text of at most {MAX_REASON} characters.")
        return {"skip": reason}
    if kind == "class":
        return _canonical(question, _class_answer(question, wire.get("classes")))
    return _canonical(question, {"none" if kind == "none_of_these" else "cannot_tell": True})


def _class_answer(question: Question, classes: object) -> StoredAnswer:
    if not isinstance(classes, list) or not classes or not all(isinstance(key, str) for key in classes):
        raise UnusableAnswer("Give the chosen class keys as a list.", errors={"answer.classes": ["Empty."]})
    for key in classes:
        if key not in question.by_key:
            raise UnknownClass(
                f"The class “{key}” is not in the schema of this queue (any more). Choose another one.",
                errors={"answer.classes": [f"Unknown class {key}."]},
                class_key=key,
            )
    if question.kind == "multiple_choice":
        return {"choices": classes}
    if len(classes) > 1:
        sentence = f"“{question.key}” takes one class, not {len(classes)}."
        raise UnusableAnswer(sentence, errors={"answer.classes": [sentence]})
    return {"choice": classes[0]}


def _canonical(question: Question, answer: StoredAnswer) -> StoredAnswer:
    try:
        return dict(canonical_answer(question, answer))
    except InvalidAnswer as error:
        raise UnusableAnswer(str(error), errors={"answer": [str(error)]}) from error


def show_answer(stored: StoredAnswer) -> WireAnswer:
    """The answer as the workbench knows it."""
    if "skip" in stored:
        return {"kind": "skip", "classes": [], "reason": stored["skip"]}
    if "choice" in stored:
        return {"kind": "class", "classes": [stored["choice"]], "reason": None}
    if "choices" in stored:
        return {"kind": "class", "classes": list(stored["choices"]), "reason": None}
    return {"kind": "none_of_these" if "none" in stored else "cannot_tell", "classes": [], "reason": None}
