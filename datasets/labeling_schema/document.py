"""The label schema document: questions, their classes, and what each kind of question knows besides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

FORMAT = 1
CHOICES = ("single_choice", "multiple_choice")
KINDS = (*CHOICES, "number", "text", "shapes")
TOOLS = ("box", "rotated_box", "polygon", "polyline", "point", "keypoints", "mask")
MAX_LENGTH = 2_000  # characters of a text, where the question does not say


@dataclass(frozen=True, kw_only=True)
class LabelClass:
    """One class. key keeps its meaning for ever; names by language; parent: key or None; selectable: may be chosen.

    retired: nobody may choose it any more; replaced_by: what took its place after a merge or split.
    """

    key: str
    names: Mapping[str, str]
    parent: str | None = None
    hotkey: str | None = None
    selectable: bool = True
    description: str = ""
    retired: bool = False
    replaced_by: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Every field, those of retired classes only where they say something: older documents keep their bytes."""
        said: dict[str, Any] = {
            "key": self.key, "names": dict(self.names), "parent": self.parent, "hotkey": self.hotkey,
            "selectable": self.selectable, "description": self.description,
        }  # fmt: skip
        if self.retired:
            said["retired"] = True
        if self.replaced_by:
            said["replaced_by"] = list(self.replaced_by)
        return said


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Asked only if the answer to an earlier question has one of these classes or one below them."""

    question: str
    has: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Skeleton:
    """A template of key points. edges: pairs of places in names; layout: x and y of each in shares of a box."""

    key: str
    names: tuple[str, ...]
    edges: tuple[tuple[int, int], ...] = ()
    layout: tuple[tuple[float, float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key, "names": list(self.names), "edges": [list(edge) for edge in self.edges],
            "layout": [{"x": x, "y": y} for x, y in self.layout],
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing that is asked about an item. classes keep the order of the document.

    max_choices: of multiple choice. minimum, maximum (inclusive), step, unit: of numbers. max_length: of texts, in
    characters. tools, max_shapes, skeletons, attributes: of shapes.
    """

    key: str
    kind: str
    title: Mapping[str, str]
    classes: tuple[LabelClass, ...] = ()
    help: Mapping[str, str] = field(default_factory=dict)
    allow_none: bool = False
    allow_cannot_tell: bool = False
    max_choices: int | None = None
    when: Condition | None = None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""
    max_length: int | None = None
    tools: tuple[str, ...] = ()
    max_shapes: int | None = None
    skeletons: tuple[Skeleton, ...] = ()
    attributes: tuple["Attribute", ...] = ()

    @property
    def is_choice(self) -> bool:
        """Whether answers are classes and nothing else, so that people's answers can be counted against each other."""
        return self.kind in CHOICES

    @cached_property
    def by_key(self) -> dict[str, LabelClass]:
        """Classes by their keys."""
        return {one.key: one for one in self.classes}

    @cached_property
    def skeleton_by_key(self) -> dict[str, Skeleton]:
        """Templates by their keys."""
        return {one.key: one for one in self.skeletons}

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

    def is_under(self, key: str, tops: Sequence[str]) -> bool:
        """Whether a class is one of `tops` or lies below one."""
        return key in tops or (key in self.by_key and any(above in tops for above in self.ancestors(key)))

    def to_json(self) -> dict[str, Any]:
        """The canonical form: every field of the kind present, a condition where there is one."""
        said: dict[str, Any] = {
            "key": self.key, "kind": self.kind, "title": dict(self.title), "help": dict(self.help),
            "allow_none": self.allow_none, "allow_cannot_tell": self.allow_cannot_tell, "max_choices": self.max_choices,
            "classes": [one.to_json() for one in self.classes],
        }  # fmt: skip
        if self.when is not None:
            said["when"] = {"question": self.when.question, "has": list(self.when.has)}
        return said | self._own_fields()

    def _own_fields(self) -> dict[str, Any]:
        if self.kind == "number":
            return {"min": self.minimum, "max": self.maximum, "step": self.step, "unit": self.unit}
        if self.kind == "text":
            return {"max_length": self.max_length}
        if self.kind == "shapes":
            return {
                "tools": list(self.tools), "max_shapes": self.max_shapes,
                "skeletons": [one.to_json() for one in self.skeletons],
                "attributes": [one.to_json() for one in self.attributes],
            }  # fmt: skip
        return {}


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """A small question about one shape. for_classes: whose shapes carry it, those below included; None: all."""

    question: Question
    required: bool = False
    for_classes: tuple[str, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        said = self.question.to_json()
        for foreign in ("help", "allow_none", "allow_cannot_tell"):
            del said[foreign]
        for_classes = None if self.for_classes is None else list(self.for_classes)
        return {**said, "required": self.required, "for_classes": for_classes}


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
        return {"format": FORMAT, "questions": [one.to_json() for one in self.questions]}
