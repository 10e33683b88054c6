"""What a file's name might give away."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TypedDict

from datasets.formats.attributes import Known
from datasets.profiling.columns import Column, Origin, category_column, number_column

_WORDS = re.compile(r"[^\W\d_]+|\d+")
_MAX_NAME = 1000


class _Technical(TypedDict):
    known: Known
    origin: Origin


_TECHNICAL: _Technical = {"known": Known.NO, "origin": Origin.TECHNICAL}


def file_name_columns(names: Sequence[str | None]) -> list[Column]:
    """Technical columns made of file names, so that the leak check can score each alone.

    names: shape (n,), paths with forward slashes. Columns: folder, first word, last word, extension (categories),
    number (the last run of digits in the stem; a running number leaks the order of collection), and length of the stem
    (numbers). Words are runs of letters, lower case. Words in between are scored by `file_name_words`.
    """
    paths = [PurePosixPath((name or "")[:_MAX_NAME]) if name else None for name in names]
    words = [_letters(path.stem) if path else [] for path in paths]
    digits = [re.findall(r"\d+", path.stem) if path else [] for path in paths]
    categories = {
        "folder": [_folder(path) for path in paths],
        "first word": [w[0] if w else None for w in words],
        "last word": [w[-1] if w else None for w in words],
        "extension": [path.suffix.lower() if path else None for path in paths],
    }
    numbers = {
        "number": [float(d[-1][:15]) if d else None for d in digits],
        "length": [float(len(path.stem)) if path else None for path in paths],
    }
    return [
        *(category_column(f"file name: {part}", values, **_TECHNICAL) for part, values in categories.items()),
        *(number_column(f"file name: {part}", values, **_TECHNICAL) for part, values in numbers.items()),
    ]


def file_name_words(names: Sequence[str | None]) -> list[frozenset[str]]:
    """All words of each path, folders included, lower case."""
    return [frozenset(_letters(name[:_MAX_NAME])) if name else frozenset() for name in names]


def _letters(text: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(text) if not word.isdigit()]


def _folder(path: PurePosixPath | None) -> str | None:
    if path is None:
        return None
    parent = str(path.parent)
    return None if parent == "." else parent
