"""Answers between three forms: what the workbench sends, what a submission keeps, what datasets calls canonical.

A submission keeps datasets' canonical answer, or {"skip": reason}: a skip is not an answer to the question.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from common.problems import InvalidInput
from datasets.labeling_schema.answers import FIELD, Size, canonical_answer, canonical_answers
from datasets.labeling_schema.document import Question
from datasets.labeling_schema.refusal import InvalidAnswer

KINDS = ("class", "number", "text", "shapes", "answers", "none_of_these", "cannot_tell", "skip")
MAX_REASON = 500
StoredAnswer = dict[str, Any]
WireAnswer = dict[str, Any]


class UnusableAnswer(InvalidInput):
    code = "unusable-answer"
    title = "This answer does not fit the question"


class UnknownClass(UnusableAnswer):
    code = "unknown-class"
    title = "The schema has no such class"


def read_answer(question: Question, wire: object, size: Size | None = None) -> StoredAnswer:
    """Check an answer as sent. size: of the picture. Raises UnusableAnswer; a class that is not there is named."""
    return read_answers((question,), wire, size)


def read_answers(questions: Sequence[Question], wire: object, size: Size | None = None) -> StoredAnswer:
    """The same to what a queue asks: one question is answered plainly, several by {"answers": …}."""
    if not isinstance(wire, dict) or wire.get("kind") not in KINDS:
        raise UnusableAnswer(
            f"The answer must be an object whose kind is one of {', '.join(KINDS)}.",
            errors={"answer.kind": ["Unknown."]},
        )
    if wire["kind"] == "skip":
        reason = wire.get("reason") or ""
        if not isinstance(reason, str) or len(reason) > MAX_REASON:
            raise UnusableAnswer(f"The reason of a skip is a text of at most {MAX_REASON} characters.")
        return {"skip": reason}
    try:
        if len(questions) == 1:
            return dict(canonical_answer(questions[0], _raw(questions[0], wire), size))
        return dict(canonical_answers(questions, _raw_answers(questions, wire), size))
    except InvalidAnswer as error:
        raise _refused(error) from error


def _raw_answers(questions: Sequence[Question], wire: WireAnswer) -> StoredAnswer:
    given = wire.get("answers")
    if wire["kind"] != "answers" or not isinstance(given, dict):
        sentence = "This queue asks several questions; send an object with an answer to each."
        raise UnusableAnswer(sentence, errors={"answer.answers": [sentence]})
    by_key = {one.key: one for one in questions}
    found = {}
    for key, one in given.items():
        if not isinstance(one, dict) or one.get("kind") not in KINDS or one["kind"] in ("skip", "answers"):
            sentence = f"The answer to “{key}” must be an object with the kind of one question's answer."
            raise UnusableAnswer(sentence, errors={f"answer.answers.{key}": [sentence]})
        found[key] = _raw(by_key[key], one, f"answer.answers.{key}") if key in by_key else {}
    return {"answers": found}


def _raw(question: Question, wire: WireAnswer, place: str = "answer") -> StoredAnswer:
    """Datasets' form of the answer, not checked yet."""
    kind = wire["kind"]
    if kind in ("none_of_these", "cannot_tell"):
        return {"none" if kind == "none_of_these" else "cannot_tell": True}
    if kind == "class":
        return _class_answer(question, wire.get("classes"), place)
    if kind == "answers":
        sentence = f"This queue asks only “{question.key}”; send its answer alone."
        raise UnusableAnswer(sentence, errors={place: [sentence]})
    return {kind: wire.get(kind, [] if kind == "shapes" else None)}


def _class_answer(question: Question, classes: object, place: str) -> StoredAnswer:
    if not isinstance(classes, list) or not classes or not all(isinstance(key, str) for key in classes):
        raise UnusableAnswer("Give the chosen class keys as a list.", errors={f"{place}.classes": ["Empty."]})
    if not question.is_choice:
        sentence = f"“{question.key}” is not answered by a class but by {FIELD[question.kind]}."
        raise UnusableAnswer(sentence, errors={place: [sentence]})
    for key in classes:
        found = question.by_key.get(key)
        if found is None or found.retired:
            instead = f"{' or '.join(found.replaced_by)} instead" if found and found.replaced_by else "another one"
            raise UnknownClass(
                f"The class “{key}” is not in the schema of this queue (any more). Choose {instead}.",
                errors={f"{place}.classes": [f"Unknown class {key}."]},
                class_key=key,
            )
    if question.kind == "multiple_choice":
        return {"choices": classes}
    if len(classes) > 1:
        sentence = f"“{question.key}” takes one class, not {len(classes)}."
        raise UnusableAnswer(sentence, errors={f"{place}.classes": [sentence]})
    return {"choice": classes[0]}


def _refused(error: InvalidAnswer) -> UnusableAnswer:
    errors: dict[str, list[str]] = {}
    for one in error.faults:
        errors.setdefault(one.place, []).append(one.sentence)
    told = [{"place": one.place, "code": one.code, "at": one.at and list(one.at)} for one in error.faults]
    if error.faults[0].code in ("unknown_class", "retired_class"):
        return UnknownClass(str(error), errors=errors, faults=told)
    return UnusableAnswer(str(error), errors=errors, faults=told)


def show_answer(stored: StoredAnswer) -> WireAnswer:
    """The answer as the workbench knows it; other kinds than classes and skips carry their one field besides."""
    if "answers" in stored:
        given: Mapping[str, StoredAnswer] = stored["answers"]
        shown = {key: show_answer(one) for key, one in given.items()}
        return {"kind": "answers", "classes": [], "reason": None, "answers": shown}
    for kind in ("number", "text", "shapes"):
        if kind in stored:
            return {"kind": kind, "classes": [], "reason": None, kind: stored[kind]}
    if "skip" in stored:
        return {"kind": "skip", "classes": [], "reason": stored["skip"]}
    if "choice" in stored:
        return {"kind": "class", "classes": [stored["choice"]], "reason": None}
    if "choices" in stored:
        return {"kind": "class", "classes": list(stored["choices"]), "reason": None}
    return {"kind": "none_of_these" if "none" in stored else "cannot_tell", "classes": [], "reason": None}
