"""Read a CSV manifest row by row."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from datasets.formats.manifest_row import ColumnRoles, ManifestRow, RejectedRow, check_columns, make_row
from datasets.formats.text_lines import text_lines

_DELIMITERS = (",", "\t", ";")
_LONGEST_CELL = 5_000_000  # as long as a line may be: a cell may hold a whole text


def read_csv_manifest(
    file: BinaryIO, *, roles: ColumnRoles | None = None, encoding: str = "utf-8"
) -> Iterator[ManifestRow | RejectedRow]:
    """Rows of a CSV with a header row; comma, semicolon or tab, whichever the header has most of.

    file: binary, read once from its position. encoding: "utf-8" (with or without BOM) or "cp949". Values stay strings.
    A row with more or fewer cells than the header, or an unclosed quote, is rejected with its line number; empty lines
    are skipped. Raises UnreadableManifest.
    """
    csv.field_size_limit(_LONGEST_CELL)
    lines = text_lines(file, encoding=encoding)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(_chained(first, lines), delimiter=delimiter, strict=True)
    columns = [column.strip() for column in next(reader, [])]
    roles = check_columns(columns, roles)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield RejectedRow(reader.line_num, "bad-row", f"The row is not valid CSV: {error}.")
            continue
        if not cells or (len(cells) == 1 and not cells[0].strip()):
            continue
        if len(cells) != len(columns):
            message = f"The row has {len(cells)} cells, the header has {len(columns)}."
            yield RejectedRow(reader.line_num, "wrong-number-of-cells", message)
            continue
        yield make_row(reader.line_num, dict(zip(columns, cells, strict=True)), roles)


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest
