"""Write a version's rows as JSON Lines."""

import json
from collections.abc import Iterable, Iterator

from datasets.formats.export_row import ExportContext, ExportRow, attribute_values, in_order

_FLUSH_AT = 64 * 1024


def write_jsonl(rows: Iterable[ExportRow], context: ExportContext) -> Iterator[bytes]:
    """One JSON object a line (UTF-8, LF, fixed key order), in pieces, no content.

    labels is a list of {key, name, path}; answer, of shapes, numbers and texts, is as in docs/label-format.md;
    attributes an object with the context's attributes; missing values are null.
    Constant memory. Raises ValueError if rows do not ascend.
    """
    pieces: list[bytes] = []
    size = 0
    for row in in_order(rows):
        pieces.append(json.dumps(_record(row, context), ensure_ascii=False, allow_nan=False).encode() + b"\n")
        size += len(pieces[-1])
        if size >= _FLUSH_AT:
            yield b"".join(pieces)
            pieces, size = [], 0
    yield b"".join(pieces)


def _record(row: ExportRow, context: ExportContext) -> dict[str, object]:
    return {
        "item_sha256": row.item_sha,
        "file_name": row.file_name,
        "media_type": row.media_type,
        "width": row.width,
        "height": row.height,
        "split": row.split,
        "weight": row.weight,
        "group": row.group,
        "labels": [{"key": label.key, "name": label.name, "path": list(label.path)} for label in row.labels],
        **({"answer": row.answer} if context.with_answers else {}),
        "posterior": row.posterior,
        "attributes": attribute_values(row, context),
    }
