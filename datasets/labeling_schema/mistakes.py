"""What every part of the document's reader shares: mistakes kept by their place, and fields read with care."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

LANGUAGES = ("en", "ko")
MAX_ERRORS = 50
QUESTION_KEY = re.compile(r"[a-z][a-z0-9_]{0,79}")
QUESTION_KEY_SAID = "lower-case letters, digits and _, up to 80"


class InvalidDocument(Exception):
    """errors: {place: [sentence, …]}; a place is like questions[0].classes[12].parent."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        first = next(iter(errors.items()))
        super().__init__(f"{first[0]}: {first[1][0]}")
        self.errors = {place: list(sentences) for place, sentences in errors.items()}


class FieldReader:
    """Reads fields of a document and collects what is wrong with them."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def complain(self, place: str, sentence: str) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.setdefault(place, []).append(sentence)

    def whole(self, raw: Mapping[str, Any], name: str, low: int, high: int, place: str) -> int | None:
        """A whole number from low to high, or None when there is none."""
        value = raw.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and low <= value <= high):
            return value
        self.complain(f"{place}.{name}", f"This must be a whole number from {low:,} to {high:,}, or null.")
        return None

    def real(self, raw: Mapping[str, Any], name: str, place: str) -> float | None:
        """A finite number, or None when there is none; whole ones as int, so that they are written one way."""
        value = raw.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            self.complain(f"{place}.{name}", "This must be a number or null.")
            return None
        if abs(value) > 1e12:
            self.complain(f"{place}.{name}", "This must lie between minus and plus a million million.")
            return None
        return int(value) if float(value).is_integer() else float(value)

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
