"""What a shapes question knows besides: tools, skeletons of key points, and attributes of each shape."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from datasets.labeling_schema.class_reading import ClassReader
from datasets.labeling_schema.document import TOOLS, Attribute, LabelClass, Question, Skeleton
from datasets.labeling_schema.mistakes import QUESTION_KEY, QUESTION_KEY_SAID

MAX_SHAPES = 20_000
MAX_SKELETONS = 20
MAX_KEY_POINTS = 500
MAX_ATTRIBUTES = 20
ATTRIBUTE_KINDS = ("single_choice", "multiple_choice", "number", "text")
_SKELETON_FIELDS = {"key", "names", "edges", "layout"}
_ATTRIBUTE_FIELDS: dict[str, set[str]] = {
    "single_choice": {"classes"}, "multiple_choice": {"classes", "max_choices"},
    "number": {"min", "max", "step", "unit"}, "text": {"max_length"},
}  # fmt: skip
_ATTRIBUTE_COMMON = {"key", "kind", "title", "required", "for_classes", "classes", "max_choices"}


class ShapeQuestionReader(ClassReader, ABC):
    @abstractmethod
    def own_fields(self, raw: Mapping[str, Any], kind: str, place: str) -> dict[str, Any]:
        """What a kind of question knows besides; given by the reader of questions."""

    def shapes(self, raw: Mapping[str, Any], place: str) -> dict[str, Any]:
        classes = self.classes(raw.get("classes"), f"{place}.classes", at_least=1)
        tools = self.tools(raw.get("tools"), f"{place}.tools")
        skeletons = self.several(raw, "skeletons", MAX_SKELETONS, place)
        found = [self.skeleton(one, f"{place}.skeletons[{i}]") for i, one in enumerate(skeletons)]
        if "keypoints" in tools and not skeletons:
            self.complain(f"{place}.skeletons", "Key points need a skeleton that names them; give at least one.")
        if raw.get("max_choices") is not None:
            self.complain(f"{place}.max_choices", "Shapes are limited by max_shapes.")
        attributes = self.several(raw, "attributes", MAX_ATTRIBUTES, place)
        read = [self.attribute(one, classes, f"{place}.attributes[{i}]") for i, one in enumerate(attributes)]
        kept = tuple(one for one in read if one is not None)
        self.once([one.question.key for one in kept], f"{place}.attributes", "attribute")
        self.once([one.key for one in found if one], f"{place}.skeletons", "skeleton")
        return {
            "classes": classes,
            "tools": tools,
            "max_shapes": self.whole(raw, "max_shapes", 1, MAX_SHAPES, place),
            "skeletons": tuple(one for one in found if one is not None),
            "attributes": kept,
        }

    def once(self, keys: Sequence[str], place: str, what: str) -> None:
        for key, count in Counter(keys).items():
            if count > 1:
                self.complain(place, f"The {what} key {key!r} is used {count} times; each needs its own.")

    def several(self, raw: Mapping[str, Any], name: str, most: int, place: str) -> list[Any]:
        value = raw.get(name)
        if value is None:
            return []
        if isinstance(value, list) and len(value) <= most:
            return value
        self.complain(f"{place}.{name}", f"Give a list of at most {most}.")
        return []

    def tools(self, raw: object, place: str) -> tuple[str, ...]:
        if isinstance(raw, list) and raw and all(isinstance(one, str) and one in TOOLS for one in raw):
            return tuple(one for one in TOOLS if one in raw)
        self.complain(place, f"Give at least one of {', '.join(TOOLS)}.")
        return ()

    def skeleton(self, raw: object, place: str) -> Skeleton | None:
        if not isinstance(raw, Mapping):
            self.complain(place, "A skeleton must be an object.")
            return None
        self.unknown(raw, _SKELETON_FIELDS, place)
        names = raw.get("names")
        if (
            not isinstance(names, list)
            or not 1 <= len(names) <= MAX_KEY_POINTS
            or not all(isinstance(name, str) and 0 < len(name.strip()) <= 80 for name in names)
            or len(set(names)) != len(names)
        ):
            self.complain(f"{place}.names", f"Give 1 to {MAX_KEY_POINTS} different names of points.")
            return None
        return Skeleton(
            key=self.key(raw.get("key"), QUESTION_KEY, f"{place}.key", QUESTION_KEY_SAID),
            names=tuple(name.strip() for name in names),
            edges=self.edges(raw.get("edges") or [], len(names), f"{place}.edges"),
            layout=self.layout(raw.get("layout") or [], len(names), f"{place}.layout"),
        )

    def edges(self, raw: object, n: int, place: str) -> tuple[tuple[int, int], ...]:
        found: list[tuple[int, int]] = []
        for pair in raw if isinstance(raw, list) else [None]:
            whole = isinstance(pair, list) and len(pair) == 2 and all(type(end) is int and 0 <= end < n for end in pair)
            if not isinstance(pair, list) or not whole or pair[0] == pair[1]:
                self.complain(place, f"An edge is a pair of two different places from 0 to {n - 1}.")
                return ()
            found.append((pair[0], pair[1]))
        return tuple(found)

    def layout(self, raw: object, n: int, place: str) -> tuple[tuple[float, float], ...]:
        if raw == []:
            return tuple(((i + 0.5) / n, 0.5) for i in range(n))
        if not isinstance(raw, list) or len(raw) != n:
            self.complain(place, f"Give one place for each of the {n} points.")
            return ()
        found = []
        for point in raw:
            shares = [point.get("x"), point.get("y")] if isinstance(point, Mapping) else []
            if len(shares) != 2 or not all(_is_share(share) for share in shares):
                self.complain(place, 'A place is like {"x": 0.5, "y": 0.25}, in shares from 0 to 1.')
                return ()
            found.append((float(shares[0] or 0), float(shares[1] or 0)))
        return tuple(found)

    def attribute(self, raw: object, classes: Sequence[LabelClass], place: str) -> Attribute | None:
        if not isinstance(raw, Mapping) or raw.get("kind") not in ATTRIBUTE_KINDS:
            self.complain(place, f"An attribute is an object whose kind is one of {', '.join(ATTRIBUTE_KINDS)}.")
            return None
        kind = str(raw["kind"])
        self.unknown(raw, _ATTRIBUTE_COMMON | _ATTRIBUTE_FIELDS[kind], place)
        return Attribute(
            question=Question(
                key=self.key(raw.get("key"), QUESTION_KEY, f"{place}.key", QUESTION_KEY_SAID),
                kind=kind,
                title=self.names(raw.get("title"), f"{place}.title"),
                **self.own_fields(raw, kind, place),
            ),
            required=self.flag(raw, "required", False, place),
            for_classes=self.whose(raw.get("for_classes"), classes, f"{place}.for_classes"),
        )

    def whose(self, raw: object, classes: Sequence[LabelClass], place: str) -> tuple[str, ...] | None:
        if raw is None:
            return None
        keys = self.keys(raw, place)
        known = {one.key for one in classes}
        if not keys or (lost := [key for key in keys if key not in known]):
            self.complain(
                place, f"There is no class {lost[0]!r} here." if keys else "Name at least one class, or null."
            )
        return keys


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
