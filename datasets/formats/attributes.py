"""Types of attributes: guess them from text, convert values to them, and say what does not fit."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Value = str | int | float | bool | None

MISSING_WORDS = frozenset({"", "na", "n/a", "nan", "null", "#n/a"})
_TRUE, _FALSE = frozenset({"true", "yes", "y", "t"}), frozenset({"false", "no", "n", "f"})
_INTEGER = re.compile(r"[+-]?(0|[1-9]\d{0,17})\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\Z", re.ASCII)
_CODE = re.compile(r"[+-]?0\d", re.ASCII)  # 00123 is a code, not a number
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAX_TEXT = 100_000
_MAX_DISTINCT = 1000
_MAX_EXACT_INTEGER = 2**53


class AttributeType(StrEnum):
    """What an attribute's values are. datetime: ISO 8601; category: one of few words; text: anything else."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    DATETIME = "datetime"
    CATEGORY = "category"
    TEXT = "text"


class Known(StrEnum):
    """Whether an attribute is there, in the same form, when the model has to predict."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class AttributeSpec:
    """One attribute of the schema. categories: the allowed words of a category, sorted; empty allows any."""

    name: str
    type: AttributeType
    categories: tuple[str, ...] = ()
    known_at_prediction: Known = Known.UNKNOWN
    unit: str = ""


class AttributeInference:
    """Guess a schema from rows in one pass and bounded memory: 1,000 distinct values a column are remembered.

    The narrowest type that every non-missing value fits wins: boolean, integer, number, datetime, then category if
    there are at most `max_categories` distinct values and each occurs twice on average, else text. A column with only
    missing values is text. Numbers with leading zeros are codes, hence category or text.
    """

    def __init__(self, *, max_categories: int = 100) -> None:
        self._max_categories = max_categories
        self._possible: dict[str, set[AttributeType]] = {}
        self._distinct: dict[str, set[str]] = {}
        self._count: dict[str, int] = {}

    def add(self, attributes: Mapping[str, Value]) -> None:
        """Take one row into account. Values may be strings (CSV) or typed (JSON, Parquet)."""
        for name, value in attributes.items():
            possible = self._possible.setdefault(name, set(AttributeType))
            distinct = self._distinct.setdefault(name, set())
            self._count.setdefault(name, 0)
            if is_missing(value):
                continue
            self._count[name] += 1
            possible &= _types_of(value)
            self._possible[name] = possible
            if len(distinct) <= _MAX_DISTINCT:
                distinct.add(str(value).strip()[:200])

    def schema(self) -> tuple[AttributeSpec, ...]:
        """The schema so far, columns in order of first appearance."""
        return tuple(self._spec(name) for name in self._possible)

    def _spec(self, name: str) -> AttributeSpec:
        possible, distinct, count = self._possible[name], self._distinct[name], self._count[name]
        if count:
            for narrow in (AttributeType.BOOLEAN, AttributeType.INTEGER, AttributeType.NUMBER, AttributeType.DATETIME):
                if narrow in possible:
                    return AttributeSpec(name, narrow)
        few = 0 < len(distinct) <= self._max_categories and count >= 2 * len(distinct)
        if few and AttributeType.CATEGORY in possible:
            return AttributeSpec(name, AttributeType.CATEGORY, tuple(sorted(distinct)))
        return AttributeSpec(name, AttributeType.TEXT)


def infer_attributes(rows: Iterable[Mapping[str, Value]]) -> tuple[AttributeSpec, ...]:
    """Schema of a sequence of attribute dicts; see `AttributeInference`."""
    inference = AttributeInference()
    for row in rows:
        inference.add(row)
    return inference.schema()


def is_missing(value: Value) -> bool:
    """Whether a value counts as missing: None, NaN, or one of the customary words (case does not matter)."""
    if isinstance(value, str):
        return value.strip().lower() in MISSING_WORDS
    return value is None or (isinstance(value, float) and math.isnan(value))


def convert(value: Value, spec: AttributeSpec) -> Value:
    """The value in the attribute's type; None if missing. Datetimes stay ISO 8601 strings, as they were written.

    Raises ValueError with a sentence if the value does not fit.
    """
    if is_missing(value):
        return None
    types = _types_of(value)
    if spec.type not in types:
        raise ValueError(f'"{_shown(value)}" is not {_ARTICLE[spec.type]}.')
    text = str(value).strip()
    match spec.type:
        case AttributeType.BOOLEAN:
            return value if isinstance(value, bool) else text.lower() in _TRUE
        case AttributeType.INTEGER:
            return int(float(text)) if isinstance(value, float) else int(text)
        case AttributeType.NUMBER:
            return float(text)
        case AttributeType.CATEGORY:
            word = unicodedata.normalize("NFC", text)
            if spec.categories and word not in spec.categories:
                raise ValueError(f'"{_shown(word)}" is not one of the {len(spec.categories)} categories.')
            return word
        case _:
            return unicodedata.normalize("NFC", text if spec.type is AttributeType.DATETIME else str(value))


def validate_attributes(
    attributes: Mapping[str, Value], schema: Iterable[AttributeSpec]
) -> tuple[dict[str, Value], dict[str, str]]:
    """Convert a row by a schema. Returns (values by name, complete and in schema order; problems by name).

    An attribute that does not fit becomes None and has a problem; one that the schema does not know only a problem.
    """
    specs = {spec.name: spec for spec in schema}
    values: dict[str, Value] = dict.fromkeys(specs)
    problems = {name: "The attribute is not in the schema." for name in attributes if name not in specs}
    for name, spec in specs.items():
        try:
            values[name] = convert(attributes.get(name), spec)
        except ValueError as error:
            problems[name] = str(error)
    return values, problems


_ARTICLE = {
    AttributeType.BOOLEAN: "yes or no",
    AttributeType.INTEGER: "a whole number",
    AttributeType.NUMBER: "a number",
    AttributeType.DATETIME: "a date or time (ISO 8601, such as 2024-05-31T14:00:00+09:00)",
    AttributeType.CATEGORY: "a word of at most 200 characters",
    AttributeType.TEXT: "a text",
}


def _types_of(value: Value) -> set[AttributeType]:
    if isinstance(value, bool):
        return {AttributeType.BOOLEAN, AttributeType.CATEGORY, AttributeType.TEXT}
    if isinstance(value, int):
        exact = {AttributeType.INTEGER, AttributeType.CATEGORY, AttributeType.TEXT}
        return exact | {AttributeType.NUMBER} if abs(value) <= _MAX_EXACT_INTEGER else exact
    if isinstance(value, float):
        if not math.isfinite(value):
            return {AttributeType.TEXT}
        whole = value.is_integer() and abs(value) <= _MAX_EXACT_INTEGER
        numeric = {AttributeType.NUMBER, AttributeType.CATEGORY, AttributeType.TEXT}
        return numeric | {AttributeType.INTEGER} if whole else numeric
    return _types_of_text(str(value).strip())


def _types_of_text(text: str) -> set[AttributeType]:
    types: set[AttributeType] = set()
    if len(text) <= _MAX_TEXT:
        types.add(AttributeType.TEXT)
    if len(text) <= 200:
        types.add(AttributeType.CATEGORY)
    if text.lower() in _TRUE | _FALSE:
        types.add(AttributeType.BOOLEAN)
    if not _CODE.match(text) or "." in text:
        if _INTEGER.match(text):
            types.add(AttributeType.INTEGER)
        if _NUMBER.match(text) and math.isfinite(float(text)):
            types.add(AttributeType.NUMBER)
    if _DATE.match(text) and _is_time(text):
        types.add(AttributeType.DATETIME)
    return types


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _shown(value: Value) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
