"""Sentences with a computed meaning: English for programs and reports, a code with its numbers for every language.

A module names each sentence once, as a `Phrase`; saying it gives a `Said`, from which both the English text and what a
client translates are read. The words of the other languages stand in frontend/src/locales under the same codes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

_FIELD = re.compile(r"\{(\w+)(?::([^}]*))?\}")
# How a client shows a number for which Python has a format of its own; both are rounded alike.
_FORMATS = {
    ",": "count",
    ",.0f": "count",
    "": "",
    ".0%": "percent(digits: 0)",
    "1%": "percent(digits: 1)",  # Python has none: one digit at most
    ".1%": "percent(digits: 1)",
    "+.1%": "percent(digits: 1; sign: 1)",
    ".1f": "fixed(digits: 1)",
    ".2f": "fixed(digits: 2)",
    ".3f": "fixed(digits: 3)",
    "+.3f": "fixed(digits: 3; sign: 1)",
    "g": "plain",
    ".2g": "plain",
    ",g": "plain",
}


@dataclass(frozen=True)
class Part:
    """One phrase with its numbers and names. english: the text of it."""

    code: str
    params: dict[str, Any]
    english: str

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": {name: _plain(value) for name, value in self.params.items()}}


@dataclass(frozen=True)
class Said:
    """One or more sentences, in order. Adding two says the one after the other."""

    parts: tuple[Part, ...] = ()

    @property
    def sentence(self) -> str:
        """English."""
        return " ".join(part.english for part in self.parts)

    def as_json(self) -> list[dict[str, Any]]:
        """Return a list of {code, params}, where a param is a string, a number, or such a list again."""
        return [part.as_json() for part in self.parts]

    @classmethod
    def text(cls, sentence: str) -> "Said":
        """A sentence without a code: what was written down before there were codes, or what a person wrote."""
        return cls((Part("", {}, sentence),))

    @classmethod
    def stored(cls, found: Mapping[str, Any]) -> "Said":
        """Read from a kept result with `sentence` and, if it is not an old one, `said`.

        Where a code, or a code within it, is gone or takes other values by now, only the English is left.
        """
        try:
            said = _revived(found.get("said") or [])
        except (KeyError, TypeError, ValueError):
            said = NOTHING
        return said or cls.text(str(found.get("sentence") or ""))

    def __add__(self, other: "Said") -> "Said":
        return Said(self.parts + other.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __format__(self, spec: str) -> str:
        return self.sentence


NOTHING = Said()


class Phrase:
    """A sentence, or a part of one, with places for values: Phrase("audit.old", "It said {value:.1%}.").

    Raises ValueError for a code that is taken or a format that no client knows.
    """

    known: ClassVar[dict[str, "Phrase"]] = {}

    def __init__(self, code: str, english: str) -> None:
        for name, spec in _FIELD.findall(english):
            if spec not in _FORMATS:
                raise ValueError(f"{code}: no client knows the format {spec!r} of {name}")
        if code in self.known:
            raise ValueError(f"two phrases have the code {code!r}")
        self.code, self.english = code, english
        self.known[code] = self

    @property
    def fields(self) -> set[str]:
        """Names of the values."""
        return {name for name, _ in _FIELD.findall(self.english)}

    def __call__(self, **params: Any) -> Said:
        """Say it. Raises ValueError when a value is missing or none of the phrase's."""
        if set(params) != self.fields:
            raise ValueError(f"{self.code} needs {sorted(self.fields)}, got {sorted(params)}")
        english = _FIELD.sub(lambda at: _formatted(params[at[1]], at[2] or ""), self.english)
        return Said((Part(self.code, params, english),))

    def for_locale(self) -> str:
        """The English text as a locale file has it."""
        return _FIELD.sub(
            lambda at: "{{" + ", ".join(filter(None, [at[1], _FORMATS[at[2] or ""]])) + "}}", self.english
        )


def _formatted(value: Any, spec: str) -> str:
    return f"{value * 100:.1f}".removesuffix(".0") + "%" if spec == "1%" else format(value, spec)


def _revived(parts: list[dict[str, Any]]) -> Said:
    said = NOTHING
    for part in parts:
        params = {name: _revived(value) if isinstance(value, list) else value for name, value in part["params"].items()}
        said += Phrase.known[part["code"]](**params)
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, Said):
        return value.as_json()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.item() if hasattr(value, "item") else str(value)
