"""Read a JSON Lines manifest row by row."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from datasets.formats.manifest_row import (
    ColumnRoles,
    ManifestRow,
    RejectedRow,
    UnreadableManifest,
    check_names,
    detect_roles,
    first_nested,
    make_row,
)
from datasets.formats.text_lines import text_lines


def read_jsonl_manifest(file: BinaryIO, *, roles: ColumnRoles | None = None) -> Iterator[ManifestRow | RejectedRow]:
    """Rows of a file with one JSON object a line; rows may have different keys. Values keep their JSON types.

    file: binary, read once. An object under the key "attributes" is merged into the attributes. A line that is no
    object, or has other nested values, is rejected with its number. Roles are taken from each row's own keys unless
    given. Raises UnreadableManifest.
    """
    for number, line in enumerate(text_lines(file), start=1):
        if line.strip():
            yield _row(number, line, roles)


def _row(number: int, line: str, roles: ColumnRoles | None) -> ManifestRow | RejectedRow:
    try:
        record: Any = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return RejectedRow(number, "bad-row", f"The line is not valid JSON: {error}.")
    if not isinstance(record, dict):
        return RejectedRow(number, "bad-row", "The line is not a JSON object.")
    inner = record.pop("attributes", None)
    if isinstance(inner, dict):
        record = {**inner, **record}
    nested = first_nested(record.items())
    if nested is not None:
        return RejectedRow(number, "nested-value", f'The value of "{nested}" is nested; attributes are single values.')
    try:
        check_names(list(record))
    except UnreadableManifest as error:
        return RejectedRow(number, error.code, error.message)
    return make_row(number, record, roles or detect_roles(list(record)))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON; write null")
