"""The serving card: all that is needed beside a model file to serve it (`serving.json`)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, get_args

from training.serving.preprocessing import Preprocessing

TaskKind = Literal["single_choice", "binary", "multi_label"]
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class ServedClass:
    """One class: `key` is stable for ever, `name` is what people read."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ServingCard:
    """What a model answers and how its input is prepared.

    kind: "single_choice" (probabilities sum to 1), "binary" (two classes; the model's one output is the probability of
    the second), "multi_label" (independent probabilities). classes: in the order of the output columns. Raises
    ValueError for an unknown kind or too few classes.
    """

    kind: TaskKind
    classes: tuple[ServedClass, ...]
    preprocessing: Preprocessing
    recipe: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(TaskKind):
            raise ValueError(f"Unknown task kind {self.kind!r}; known: {', '.join(get_args(TaskKind))}.")
        if len(self.classes) < (1 if self.kind == "multi_label" else 2):
            raise ValueError("A model needs at least two classes (one for multiple choice).")
        if self.kind == "binary" and len(self.classes) != 2:
            raise ValueError(f"A binary task has two classes, not {len(self.classes)}.")

    @property
    def outputs(self) -> int:
        """Number of columns the model file itself writes: 1 for a binary task, else one a class."""
        return 1 if self.kind == "binary" else len(self.classes)

    def as_json(self) -> dict[str, Any]:
        """Return the content of `serving.json`."""
        return {
            "version": VERSION,
            "kind": self.kind,
            "recipe": self.recipe,
            "classes": [{"key": c.key, "name": c.name} for c in self.classes],
            "preprocessing": self.preprocessing.as_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `as_json` wrote. Raises ValueError for another version or missing fields."""
        if data.get("version") != VERSION:
            raise ValueError(f"Serving card version {data.get('version')!r} is not known here; known: {VERSION}.")
        try:
            classes = tuple(ServedClass(key=c["key"], name=c["name"]) for c in data["classes"])
            preprocessing = Preprocessing.from_json(data["preprocessing"])
            return cls(kind=data["kind"], classes=classes, preprocessing=preprocessing, recipe=data.get("recipe", ""))
        except KeyError as error:
            raise ValueError(f"The serving card lacks the field {error.args[0]!r}.") from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read `serving.json`."""
        return cls.from_json(json.loads(path.read_text("utf-8")))
