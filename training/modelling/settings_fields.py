"""Settings as frozen dataclasses whose fields carry limits and help.

Read from JSON with clear errors, described for forms.
"""

import types
import typing
from dataclasses import MISSING, Field, field, fields
from typing import Any, TypeVar

T = TypeVar("T")


class SpecError(ValueError):
    """A specification that cannot be run; `problems` lists every fault found, each with the place it was found in."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def setting(
    default: Any,
    help_text: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] | None = None,
) -> Any:
    """Declare a dataclass field with its limits (inclusive), its choices and one sentence for people."""
    limits = {"help": help_text, "minimum": minimum, "maximum": maximum, "choices": choices}
    return field(default=default, metadata=limits)


def read_settings(cls: type[T], data: object, where: str, problems: list[str]) -> T | None:
    """Build `cls` from a JSON object; append every fault to `problems` and return None when there is one.

    Unknown fields are faults: a misspelt setting must not be ignored in silence.
    """
    if not isinstance(data, dict):
        problems.append(f"{where} must be an object.")
        return None
    hints = typing.get_type_hints(cls)
    known: dict[str, Field[Any]] = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    before = len(problems)
    problems += [
        f"{where}.{name} is not known; known: {', '.join(known) or 'nothing'}." for name in data.keys() - known.keys()
    ]
    values = {}
    for name, declared in known.items():
        if name in data:
            values[name] = _value(data[name], hints[name], declared, f"{where}.{name}", problems)
        elif declared.default is MISSING and declared.default_factory is MISSING:
            problems.append(f"{where}.{name} is missing.")
    return cls(**values) if len(problems) == before else None


def describe_settings(cls: type[Any]) -> list[dict[str, Any]]:
    """Return one JSON object a field: name, type, default, minimum, maximum, choices, help; for building a form."""
    hints = typing.get_type_hints(cls)
    return [
        {
            "name": f.name,
            "type": {bool: "boolean", int: "integer", float: "number", str: "string"}[hints[f.name]],
            "default": f.default,
            "minimum": f.metadata.get("minimum"),
            "maximum": f.metadata.get("maximum"),
            "choices": list(f.metadata["choices"]) if f.metadata.get("choices") else None,
            "help": f.metadata.get("help", ""),
        }
        for f in fields(cls)
    ]


def _value(raw: Any, hint: Any, declared: Field[Any], where: str, problems: list[str]) -> Any:
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    if raw is None and type(None) in options:
        return None
    wanted = next(option for option in options if option is not type(None))
    if wanted is float and type(raw) is int:
        raw = float(raw)
    if type(raw) is not wanted:
        names = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
        problems.append(f"{where} must be {names.get(wanted, wanted)}, not {raw!r}.")
        return raw
    low, high = declared.metadata.get("minimum"), declared.metadata.get("maximum")
    if low is not None and not raw >= low:
        problems.append(f"{where} must be at least {low}, not {raw}.")
    if high is not None and not raw <= high:
        problems.append(f"{where} must be at most {high}, not {raw}.")
    choices = declared.metadata.get("choices")
    if choices and raw not in choices:
        problems.append(f"{where} must be one of {', '.join(choices)}, not {raw!r}.")
    return raw
