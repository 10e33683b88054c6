"""The classes of a question: their keys, names, hotkeys, and the tree that their parents make."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from datasets.labeling_schema.document import LabelClass
from datasets.labeling_schema.mistakes import FieldReader

MAX_CLASSES = 100_000
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,119}")
_HOTKEY = re.compile(r"(shift\+)?[a-z0-9]")
_FIELDS = {"key", "names", "parent", "hotkey", "selectable", "description", "retired", "replaced_by"}


class ClassReader(FieldReader):
    """Linear in the number of classes."""

    def classes(self, raw: object, place: str, at_least: int = 2) -> tuple[LabelClass, ...]:
        if not isinstance(raw, list) or not at_least <= len(raw) <= MAX_CLASSES:
            self.complain(place, f"Give a list of {at_least} to {MAX_CLASSES:,} classes.")
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
        self.unknown(raw, _FIELDS, place)
        key = self.key(raw.get("key"), _KEY, f"{place}.key", "letters, digits and _ . : / -, up to 120")
        parent, hotkey = raw.get("parent"), raw.get("hotkey")
        if parent is not None and not isinstance(parent, str):
            self.complain(f"{place}.parent", "The parent must be the key of another class, or null.")
            parent = None
        if hotkey is not None and not (isinstance(hotkey, str) and _HOTKEY.fullmatch(hotkey.lower())):
            self.complain(f"{place}.hotkey", f"A hotkey is a letter or digit, or Shift+ and one, not {hotkey!r}.")
            hotkey = None
        description = raw.get("description", "")
        retired = self.flag(raw, "retired", False, place)
        return LabelClass(
            key=key,
            names=self.names(raw.get("names"), f"{place}.names"),
            parent=parent or None,
            hotkey=hotkey.lower() if hotkey and not retired else None,
            selectable=self.flag(raw, "selectable", True, place) and not retired,
            description=description if isinstance(description, str) else "",
            retired=retired,
            replaced_by=self.keys(raw.get("replaced_by") or [], f"{place}.replaced_by"),
        )

    def keys(self, raw: object, place: str) -> tuple[str, ...]:
        """A list of class keys; whether they exist is asked when all are known."""
        if isinstance(raw, list) and all(isinstance(key, str) for key in raw):
            return tuple(dict.fromkeys(raw))
        self.complain(place, "Give a list of class keys.")
        return ()

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
        named = Counter(
            (one.parent, language, name) for one in classes if not one.retired for language, name in one.names.items()
        )
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
            for heir in one.replaced_by:
                if heir not in parent:
                    self.complain(f"{place}[{i}].replaced_by", f"There is no class with the key {heir!r}.")
