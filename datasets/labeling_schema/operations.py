"""Changes of a schema that keep what its labels mean: add, rename, merge, split and retire classes."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, NoReturn

from datasets.labeling_schema.document import Question, SchemaDocument
from datasets.labeling_schema.mistakes import InvalidDocument
from datasets.labeling_schema.reading import parse_document

OPERATIONS = ("add", "rename", "merge", "split", "retire")
MAX_OPERATIONS = 500
Answer = dict[str, Any]
Json = dict[str, Any]


@dataclass(frozen=True)
class Changed:
    """The document afterwards, and by question what becomes of labels.

    moved: old class key to the one that takes its labels. split: keys whose items must be asked again. retired: keys
    that keep their labels and get no new ones.
    """

    document: SchemaDocument
    moved: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    split: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    retired: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def questions(self) -> list[str]:
        """Keys of the questions with labels to look at."""
        return [key for key in self.document.by_key if any(key in part for part in (self.moved, self.split))]

    def affected(self, question: str) -> list[str]:
        """Class keys whose labels move or must be asked again."""
        return sorted({*self.moved.get(question, ()), *self.split.get(question, ())})


def apply_operations(document: object, operations: object) -> Changed:
    """Do the operations one after another. document: as JSON. Raises InvalidDocument with the place of each mistake."""
    parse_document(document)
    if not isinstance(operations, list) or len(operations) > MAX_OPERATIONS:
        raise InvalidDocument({"operations": [f"Give a list of at most {MAX_OPERATIONS} operations."]})
    work = _Work(deepcopy(document))  # type: ignore[arg-type]
    for i, operation in enumerate(operations):
        work.do(operation, f"operations[{i}]")
    after = parse_document(work.document)
    return work.result(after)


def carry_answer(question: Question, answer: Answer) -> Answer | None:
    """An answer by earlier classes in the words of this question: merged classes are replaced by what took their place.

    None when a class was split, so that the item must be asked again. Retired classes without an heir stay.
    """
    if "choice" in answer:
        key = heir(question, answer["choice"])
        return None if key is None else {"choice": key}
    if "choices" in answer:
        keys = [heir(question, key) for key in answer["choices"]]
        return None if None in keys else {"choices": sorted({key for key in keys if key})}
    if "shapes" in answer:
        shapes = [{**shape, "class": heir(question, shape["class"])} for shape in answer["shapes"]]
        return None if any(shape["class"] is None for shape in shapes) else {"shapes": shapes}
    return answer


def heir(question: Question, key: str) -> str | None:
    """The class that a key means now, or None if that is for a person to say."""
    seen: set[str] = set()
    while key not in seen:
        seen.add(key)
        found = question.by_key.get(key)
        if found is None or not found.retired or not found.replaced_by:
            return key
        if len(found.replaced_by) > 1:
            return None
        key = found.replaced_by[0]
    return key


class _Work:
    def __init__(self, document: Json) -> None:
        self.document = document
        self.fates: dict[str, dict[str, tuple[str, ...]]] = {}

    def do(self, raw: object, place: str) -> None:
        if not isinstance(raw, Mapping) or raw.get("op") not in OPERATIONS:
            _refuse(f"{place}.op", f"An operation is one of {', '.join(OPERATIONS)}.")
        question = self.question(raw.get("question"), f"{place}.question")
        steps: Mapping[str, Callable[[Json, Mapping[str, Any], str], None]] = {
            "add": self.add, "rename": self.rename, "merge": self.merge, "split": self.split, "retire": self.retire,
        }  # fmt: skip
        steps[raw["op"]](question, raw, place)

    def question(self, key: object, place: str) -> Json:
        found: Json | None = next((one for one in self.document["questions"] if one["key"] == key), None)
        if found is None:
            _refuse(place, f"There is no question {key!r}; there are {self.known()}.")
        if not found.get("classes"):
            _refuse(place, f"The question {key!r} has no classes.")
        return found

    def known(self) -> str:
        return ", ".join(one["key"] for one in self.document["questions"])

    def add(self, question: Json, raw: Mapping[str, Any], place: str) -> None:
        """Where the new class stands in the list does not matter to its meaning: at the end."""
        question["classes"].append(_class(raw.get("class"), f"{place}.class"))

    def rename(self, question: Json, raw: Mapping[str, Any], place: str) -> None:
        found = self.live(question, raw.get("class"), f"{place}.class")
        names = raw.get("names")
        if not isinstance(names, Mapping):
            _refuse(f"{place}.names", 'Give the new names by language, like {"en": "Dog"}.')
        found["names"] = names

    def merge(self, question: Json, raw: Mapping[str, Any], place: str) -> None:
        into = self.live(question, raw.get("into"), f"{place}.into")
        keys = raw.get("classes")
        if not isinstance(keys, list) or not set(keys) - {into["key"]}:
            _refuse(f"{place}.classes", "Name at least one class that goes into the other.")
        for key in dict.fromkeys(keys):
            if key == into["key"]:
                continue
            found = self.live(question, key, f"{place}.classes")
            self.end(question, found, (into["key"],))
            for below in question["classes"]:
                if below.get("parent") == key and below is not into:
                    below["parent"] = into["key"]
            if into.get("parent") == key:
                into["parent"] = found.get("parent")

    def split(self, question: Json, raw: Mapping[str, Any], place: str) -> None:
        found = self.live(question, raw.get("class"), f"{place}.class")
        parts = raw.get("into")
        if not isinstance(parts, list) or len(parts) < 2:
            _refuse(f"{place}.into", "A class is split into at least two: new classes, or keys of classes there are.")
        keys = []
        for i, part in enumerate(parts):
            where = f"{place}.into[{i}]"
            if isinstance(part, str):
                keys.append(self.live(question, part, where)["key"])
                continue
            fresh = _class(part, where)
            question["classes"].append({"parent": found.get("parent"), **fresh})
            keys.append(fresh["key"])
        if found["key"] in keys or len(set(keys)) < 2:
            _refuse(f"{place}.into", "Split a class into at least two other classes.")
        self.end(question, found, tuple(dict.fromkeys(keys)))

    def retire(self, question: Json, raw: Mapping[str, Any], place: str) -> None:
        self.end(question, self.live(question, raw.get("class"), f"{place}.class"), ())

    def live(self, question: Json, key: object, place: str) -> Json:
        found: Json | None = next((one for one in question["classes"] if one["key"] == key), None)
        if found is None:
            _refuse(place, f"The question {question['key']!r} has no class {key!r}.")
        if found.get("retired"):
            _refuse(place, f"The class {key!r} was retired already.")
        return found

    def end(self, question: Json, found: Json, heirs: tuple[str, ...]) -> None:
        if not heirs:
            below = (one for one in question["classes"] if one.get("parent") == found["key"])
            if standing := [one["key"] for one in below if not one.get("retired")]:
                _refuse("operations", f"{standing[0]!r} stands below {found['key']!r}: retire or move it first.")
        found["retired"], found["replaced_by"] = True, list(heirs)
        self.fates.setdefault(question["key"], {})[found["key"]] = heirs

    def result(self, after: SchemaDocument) -> Changed:
        moved: dict[str, dict[str, str]] = {}
        split: dict[str, tuple[str, ...]] = {}
        retired: dict[str, tuple[str, ...]] = {}
        for question_key, fates in self.fates.items():
            question = after.by_key[question_key]
            heirs = {key: heir(question, key) for key in fates}
            moved[question_key] = {key: to for key, to in heirs.items() if to is not None and to != key}
            split[question_key] = tuple(key for key, to in heirs.items() if to is None)
            retired[question_key] = tuple(key for key, to in heirs.items() if to == key)
        return Changed(document=after, moved=_full(moved), split=_full(split), retired=_full(retired))


def _full(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in parts.items() if part}


def _class(raw: object, place: str) -> Json:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("key"), str):
        _refuse(place, 'A class is like {"key": "dog", "names": {"en": "Dog"}}.')
    return dict(raw)


def _refuse(place: str, sentence: str) -> NoReturn:
    raise InvalidDocument({place: [sentence]})
