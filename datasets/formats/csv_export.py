"""Write a version's rows as CSV, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from datasets.formats.attributes import Value
from datasets.formats.export_row import ExportContext, ExportRow, attribute_values, in_order, label_fields

_BOM = b"\xef\xbb\xbf"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FLUSH_LINES = 500
BASE_COLUMNS = (
    "item_sha256",
    "file_name",
    "media_type",
    "width",
    "height",
    "split",
    "weight",
    "group",
    "label_key",
    "label_name",
    "label_path",
    "posterior",
)


def write_csv(rows: Iterable[ExportRow], context: ExportContext, *, excel: bool = False) -> Iterator[bytes]:
    """CSV (RFC 4180, UTF-8, CRLF) in pieces: the columns `BASE_COLUMNS`, then the attributes, no content.

    excel: start with a byte order mark; without it a Korean Excel reads UTF-8 as CP949. Text that a spreadsheet would
    run as a formula gets a leading apostrophe; numbers never do. Missing values are empty. An attribute whose name is
    also a base column is prefixed with "attribute_". Constant memory. Raises ValueError if rows do not ascend.
    Source of the formula rule: OWASP, CSV Injection.
    """
    lines = CsvLines(context)
    pieces = [_BOM if excel else b"", lines.header()]
    for row in in_order(rows):
        pieces.append(lines.line(row))
        if len(pieces) >= _FLUSH_LINES:
            yield b"".join(pieces)
            pieces = []
    yield b"".join(pieces)


class CsvLines:
    """The lines of `write_csv` one by one, for archives that carry a manifest."""

    def __init__(self, context: ExportContext) -> None:
        self._context = context
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, lineterminator="\r\n")

    def header(self) -> bytes:
        """The first line."""
        attributes = [attribute.name for attribute in self._context.attributes]
        names = [f"attribute_{name}" if name in BASE_COLUMNS else name for name in attributes]
        return self._encode([*BASE_COLUMNS, *names])

    def line(self, row: ExportRow) -> bytes:
        """The line of one item."""
        label = label_fields(row)
        base: list[Value] = [row.item_sha, row.file_name, row.media_type, row.width, row.height, row.split, row.weight]
        base += [row.group, label["label_key"], label["label_name"], label["label_path"], row.posterior]
        return self._encode(base + list(attribute_values(row, self._context).values()))

    def _encode(self, values: Sequence[Value]) -> bytes:
        self._buffer.seek(0)
        self._buffer.truncate()
        self._writer.writerow([safe_cell(value) for value in values])
        return self._buffer.getvalue().encode()


def safe_cell(value: Value) -> str:
    """Text of one cell; see `write_csv`. Booleans are true and false, floats have the shortest exact form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
