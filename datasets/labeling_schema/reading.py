"""A schema document read strictly, with every mistake named by its place."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from datasets.labeling_schema.document import FORMAT, KINDS, MAX_LENGTH, Condition, Question, SchemaDocument
from datasets.labeling_schema.mistakes import QUESTION_KEY, QUESTION_KEY_SAID, InvalidDocument
from datasets.labeling_schema.shape_reading import ShapeQuestionReader

MAX_QUESTIONS = 50
_COMMON = {"key", "kind", "title", "help", "allow_none", "allow_cannot_tell", "max_choices", "classes", "when"}
_OWN: dict[str, set[str]] = {
    "number": {"min", "max", "step", "unit"},
    "text": {"max_length"},
    "shapes": {"tools", "max_shapes", "skeletons", "attributes"},
}


def parse_document(document: object) -> SchemaDocument:
    """Read a document of `docs/label-format.md`. Linear in its size: 10,000 classes take some 30 ms.

    Raises InvalidDocument with up to 50 mistakes, each at its place.
    """
    reader = _Reader()
    questions = reader.questions(document)
    if reader.errors:
        raise InvalidDocument(reader.errors)
    return SchemaDocument(questions=questions)


class _Reader(ShapeQuestionReader):
    def questions(self, document: object) -> tuple[Question, ...]:
        if not isinstance(document, Mapping):
            self.complain("document", "The schema must be an object with a list of questions.")
            return ()
        if document.get("format", FORMAT) != FORMAT:
            self.complain("format", f"This server reads format {FORMAT}, not {document['format']!r}.")
        raw = document.get("questions")
        if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_QUESTIONS:
            self.complain("questions", f"Give a list of 1 to {MAX_QUESTIONS} questions.")
            return ()
        found = [self.question(one, f"questions[{i}]") for i, one in enumerate(raw)]
        questions = tuple(one for one in found if one is not None)
        for key, count in Counter(one.key for one in questions).items():
            if count > 1:
                self.complain("questions", f"The question key {key!r} is used {count} times; each needs its own.")
        if len(questions) == len(raw):
            self.conditions(questions)
        return questions

    def question(self, raw: object, place: str) -> Question | None:
        if not isinstance(raw, Mapping):
            self.complain(place, "A question must be an object.")
            return None
        kind = str(raw.get("kind"))
        if raw.get("kind") not in KINDS:
            self.complain(f"{place}.kind", f"The kind must be one of {', '.join(KINDS)}, not {raw.get('kind')!r}.")
        self.unknown(raw, _COMMON | _OWN.get(kind, set()), place)
        return Question(
            key=self.key(raw.get("key"), QUESTION_KEY, f"{place}.key", QUESTION_KEY_SAID),
            kind=kind,
            title=self.names(raw.get("title"), f"{place}.title"),
            help=self.names(raw["help"], f"{place}.help") if raw.get("help") else {},
            allow_none=self.flag(raw, "allow_none", False, place),
            allow_cannot_tell=self.flag(raw, "allow_cannot_tell", False, place),
            when=self.condition(raw["when"], f"{place}.when") if raw.get("when") is not None else None,
            **(self.own_fields(raw, kind, place) if kind in KINDS else {}),
        )

    def own_fields(self, raw: Mapping[str, Any], kind: str, place: str) -> dict[str, Any]:
        """What a kind of question, or of attribute, knows besides what all have."""
        if kind in ("number", "text"):
            if raw.get("classes"):
                self.complain(f"{place}.classes", f"A {kind} has no classes; leave them out.")
            return self.number(raw, place) if kind == "number" else self.text(raw, place)
        if kind == "shapes":
            return self.shapes(raw, place)
        most = self.whole(raw, "max_choices", 1, 100_000, place)
        return {
            "max_choices": most if kind == "multiple_choice" else None,
            "classes": self.classes(raw.get("classes"), f"{place}.classes"),
        }

    def number(self, raw: Mapping[str, Any], place: str) -> dict[str, Any]:
        low, high, step = (self.real(raw, name, place) for name in ("min", "max", "step"))
        if low is not None and high is not None and low >= high:
            self.complain(f"{place}.max", f"The largest number must be above the smallest, {low}.")
        if step is not None and step <= 0:
            self.complain(f"{place}.step", "The step must be above 0.")
        unit = raw.get("unit") or ""
        if not isinstance(unit, str) or len(unit) > 40:
            self.complain(f"{place}.unit", "The unit is a text of at most 40 characters.")
            unit = ""
        return {"minimum": low, "maximum": high, "step": step, "unit": unit.strip()}

    def text(self, raw: Mapping[str, Any], place: str) -> dict[str, Any]:
        return {"max_length": self.whole(raw, "max_length", 1, 20_000, place) or MAX_LENGTH}

    def condition(self, raw: object, place: str) -> Condition | None:
        has = raw.get("has") if isinstance(raw, Mapping) else None
        if not isinstance(raw, Mapping) or not isinstance(raw.get("question"), str) or not has:
            self.complain(place, 'A condition is like {"question": "animal", "has": ["cat"]}.')
            return None
        self.unknown(raw, {"question", "has"}, place)
        return Condition(question=raw["question"], has=self.keys(has, f"{place}.has"))

    def conditions(self, questions: tuple[Question, ...]) -> None:
        """A condition names an earlier question that has classes, and classes that it has."""
        before: dict[str, Question] = {}
        for i, one in enumerate(questions):
            if one.when is not None:
                place, earlier = f"questions[{i}].when", before.get(one.when.question)
                if earlier is None or not earlier.classes:
                    known = ", ".join(key for key, found in before.items() if found.classes) or "none"
                    self.complain(
                        f"{place}.question",
                        f"{one.when.question!r} is no earlier question with classes; those before this one: {known}.",
                    )
                elif lost := [key for key in one.when.has if key not in earlier.by_key]:
                    self.complain(f"{place}.has", f"The question {earlier.key!r} has no class {lost[0]!r}.")
            before[one.key] = one
