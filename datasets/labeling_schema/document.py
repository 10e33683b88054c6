"""The label schema document: questions and their classes, read strictly, with every mistake named by its place."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

FORMAT = 1
KINDS = ("single_choice", "multiple_choice")
LANGUAGES = ("en", "ko")
MAX_QUESTIONS = 50
MAX_CLASSES = 100_000
MAX_ERRORS = 50

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,119}")
_QUESTION_KEY = re.compile(r"[a-z][a-z0-9_]{0,79}")
_HOTKEY = re.compile(r"(shift\+)?[a-z0-9]")
_QUESTION_FIELDS = {
    "key", "kind", "title", "help", "allow_none", "allow_cannot_tell", "max_choices", "classes",
}  # fmt: skip
_CLASS_FIELDS = {"key", "names", "parent", "hotkey", "selectable", "description"}


class InvalidDocument(Exception):
    """errors: {place: [sentence, …]}; a place is like questions[0].classes[12].parent."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        first = next(iter(errors.items()))
        super().__init__(f"{first[0]}: {first[1][0]}")
        self.errors = {place: list(sentences) for place, sentences in errors.items()}


@dataclass(frozen=True, kw_only=True)
class LabelClass:
    """One class. key keeps its meaning for ever; names by language; parent: key or None; selectable: may be chosen."""

    key: str
    names: Mapping[str, str]
    parent: str | None = None
    hotkey: str | None = None
    selectable: bool = True
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing that is asked about an item. classes keep the order of the document."""

    key: str
    kind: str
    title: Mapping[str, str]
    classes: tuple[LabelClass, ...]
    help: Mapping[str, str] = field(default_factory=dict)
    allow_none: bool = False
    allow_cannot_tell: bool = False
    max_choices: int | None = None

    @cached_property
    def by_key(self) -> dict[str, LabelClass]:
        """Classes by their keys."""
        return {one.key: one for one in self.classes}

    @cached_property
    def selectable_keys(self) -> tuple[str, ...]:
        """Keys that may be answers, in the order of the document."""
        return tuple(one.key for one in self.classes if one.selectable)

    def at_depth(self, key: str, depth: int | None) -> str:
        """The class's ancestor at a level, 1 being the root; the class itself if it is not so deep or depth is None."""
        if depth is None or key not in self.by_key:
            return key
        path = [key, *self.ancestors(key)]
        return path[-min(depth, len(path))]

    def ancestors(self, key: str) -> Iterator[str]:
        """Keys from the parent of a class up to its root."""
        parent = self.by_key[key].parent
        while parent is not None:
            yield parent
            parent = self.by_key[parent].parent


@dataclass(frozen=True, kw_only=True)
class SchemaDocument:
    """A checked document."""

    questions: tuple[Question, ...]

    @cached_property
    def by_key(self) -> dict[str, Question]:
        """Questions by their keys."""
        return {one.key: one for one in self.questions}

    def to_json(self) -> dict[str, Any]:
        """The canonical form: every field present, so that equal schemas are equal documents."""
        return {
            "format": FORMAT,
            "questions": [
                {
                    "key": q.key, "kind": q.kind, "title": dict(q.title), "help": dict(q.help),
                    "allow_none": q.allow_none, "allow_cannot_tell": q.allow_cannot_tell, "max_choices": q.max_choices,
                    "classes": [
                        {"key": c.key, "names": dict(c.names), "parent": c.parent, "hotkey": c.hotkey,
                         "selectable": c.selectable, "description": c.description}
                        for c in q.classes
                    ],
                }
                for q in self.questions
            ],
        }  # fmt: skip


def parse_document(document: object) -> SchemaDocument:
    """Read a document of `docs/label-format.md`. Linear in its size: 10,000 classes take some 30 ms.

    Raises InvalidDocument with up to 50 mistakes, each at its place.
    """
    reader = _Reader()
    questions = reader.questions(document)
    if reader.errors:
        raise InvalidDocument(reader.errors)
    return SchemaDocument(questions=questions)


class _Reader:
    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def complain(self, place: str, sentence: str) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.setdefault(place, []).append(sentence)

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
        return questions

    def question(self, raw: object, place: str) -> Question | None:
        if not isinstance(raw, Mapping):
            self.complain(place, "A question must be an object.")
            return None
        self.unknown(raw, _QUESTION_FIELDS, place)
        key = self.key(raw.get("key"), _QUESTION_KEY, f"{place}.key", "lower-case letters, digits and _, up to 80")
        if raw.get("kind") not in KINDS:
            self.complain(f"{place}.kind", f"The kind must be one of {', '.join(KINDS)}, not {raw.get('kind')!r}.")
        classes = self.classes(raw.get("classes"), f"{place}.classes")
        most = raw.get("max_choices")
        if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 1):
            self.complain(f"{place}.max_choices", "The largest number of choices must be a whole number above 0.")
            most = None
        return Question(
            key=key,
            kind=str(raw.get("kind")),
            title=self.names(raw.get("title"), f"{place}.title"),
            help=self.names(raw["help"], f"{place}.help") if raw.get("help") else {},
            allow_none=self.flag(raw, "allow_none", False, place),
            allow_cannot_tell=self.flag(raw, "allow_cannot_tell", False, place),
            max_choices=most if raw.get("kind") == "multiple_choice" else None,
            classes=classes,
        )

    def classes(self, raw: object, place: str) -> tuple[LabelClass, ...]:
        if not isinstance(raw, list) or not 2 <= len(raw) <= MAX_CLASSES:
            self.complain(place, f"Give a list of 2 to {MAX_CLASSES:,} classes.")
            return ()
        found = [self.label_class(one, f"{place}[{i}]") for i, one in enumerate(raw)]
        classes = tuple(one for one in found if one is not None)
        self.distinct(classes, place)
        self.tree(classes, place)
        if classes and not any(one.selectable for one in classes):
            self.complain(place, "No class is selectable, so nothing could be answered.")
        return classes

    def label_class(self, raw: object, place: str) -> LabelClass | None:
        if not isinstance(raw, Mapping):
            self.complain(place, "A class must be an object.")
            return None
        self.unknown(raw, _CLASS_FIELDS, place)
        key = self.key(raw.get("key"), _KEY, f"{place}.key", "letters, digits and _ . : / -, up to 120")
        parent, hotkey = raw.get("parent"), raw.get("hotkey")
        if parent is not None and not isinstance(parent, str):
            self.complain(f"{place}.parent", "The parent must be the key of another class, or null.")
            parent = None
        if hotkey is not None and not (isinstance(hotkey, str) and _HOTKEY.fullmatch(hotkey.lower())):
            self.complain(f"{place}.hotkey", f"A hotkey is a letter or digit, or Shift+ and one, not {hotkey!r}.")
            hotkey = None
        description = raw.get("description", "")
        return LabelClass(
            key=key,
            names=self.names(raw.get("names"), f"{place}.names"),
            parent=parent or None,
            hotkey=hotkey.lower() if hotkey else None,
            selectable=self.flag(raw, "selectable", True, place),
            description=description if isinstance(description, str) else "",
        )

    def distinct(self, classes: Sequence[LabelClass], place: str) -> None:
        first: dict[str, int] = {}
        hotkeys: dict[str, int] = {}
        for i, one in enumerate(classes):
            if one.key and (before := first.setdefault(one.key, i)) != i:
                self.complain(f"{place}[{i}].key", f"The key {one.key!r} already belongs to classes[{before}].")
            if one.hotkey and (before := hotkeys.setdefault(one.hotkey, i)) != i:
                self.complain(
                    f"{place}[{i}].hotkey", f"The hotkey {one.hotkey!r} already belongs to classes[{before}]."
                )
        named = Counter((one.parent, language, name) for one in classes for language, name in one.names.items())
        for (_, language, name), count in named.items():
            if count > 1:
                sentence = (
                    f"{count} classes under one parent are called {name!r} in {language}: nobody could tell them apart."
                )
                self.complain(place, sentence)

    def tree(self, classes: Sequence[LabelClass], place: str) -> None:
        parent = {one.key: one.parent for one in classes}
        sound: set[str] = set()
        for i, one in enumerate(classes):
            walked: dict[str, None] = {}
            key: str | None = one.key
            while key is not None and key not in sound and key not in walked:
                walked[key] = None
                above = parent[key]
                if above is not None and above not in parent:
                    if key == one.key:
                        self.complain(f"{place}[{i}].parent", f"There is no class with the key {above!r}.")
                    above = None
                key = above
            if key is not None and key in walked:
                self.complain(
                    f"{place}[{i}].parent", f"The class {one.key!r} is above itself: the parents form a ring."
                )
            sound.update(walked)

    def key(self, raw: object, pattern: re.Pattern[str], place: str, allowed: str) -> str:
        if isinstance(raw, str) and pattern.fullmatch(raw):
            return raw
        self.complain(place, f"A key is made of {allowed} characters, not {raw!r}.")
        return ""

    def names(self, raw: object, place: str) -> dict[str, str]:
        if not isinstance(raw, Mapping):
            self.complain(place, 'Names are given by language, like {"en": "Dog", "ko": "개"}.')
            return {}
        found: dict[str, str] = {}
        for language, name in raw.items():
            if language not in LANGUAGES:
                self.complain(place, f"The language {language!r} is not one of {', '.join(LANGUAGES)}.")
            elif not isinstance(name, str) or not name.strip() or len(name) > 300:
                self.complain(place, f"The name in {language} must be a text of 1 to 300 characters.")
            else:
                found[language] = name.strip()
        if "en" not in raw:
            self.complain(place, "The English name is missing; it is shown where no other is known.")
        return found

    def flag(self, raw: Mapping[str, Any], name: str, default: bool, place: str) -> bool:
        value = raw.get(name, default)
        if not isinstance(value, bool):
            self.complain(f"{place}.{name}", "This must be true or false.")
            return default
        return value

    def unknown(self, raw: Mapping[str, Any], allowed: set[str], place: str) -> None:
        for name in raw:
            if name not in allowed:
                self.complain(place, f"The field {name!r} is not known; allowed are {', '.join(sorted(allowed))}.")
