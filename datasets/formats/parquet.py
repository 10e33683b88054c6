"""Write a version's rows as one Parquet file, with or without the content."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from datasets.formats.attributes import AttributeType, convert
from datasets.formats.csv_export import BASE_COLUMNS
from datasets.formats.export_row import ExportContext, ExportRow, in_order, label_fields

_GROUP_ROWS = 10_000
_GROUP_BYTES = 16 * 1024 * 1024
_ARROW = {
    AttributeType.BOOLEAN: pa.bool_(),
    AttributeType.INTEGER: pa.int64(),
    AttributeType.NUMBER: pa.float64(),
    AttributeType.DATETIME: pa.string(),  # ISO 8601 as given: a local time without offset must not become UTC
    AttributeType.CATEGORY: pa.string(),
    AttributeType.TEXT: pa.string(),
}


def write_parquet(rows: Iterable[ExportRow], context: ExportContext, *, with_content: bool = False) -> Iterator[bytes]:
    """One Parquet file in pieces: the base columns, label_keys (list), the attributes, and perhaps the content.

    with_content adds a column image {bytes, path}, the layout that Hugging Face's `Image` feature reads. Attributes are
    converted to their declared type; a value that does not fit raises ValueError. Equal rows give equal bytes with one
    pyarrow version. Memory: a row group (10,000 rows or 16 MiB of content). Raises ValueError if rows do not ascend.
    """
    schema = _schema(context, with_content)
    sink = _Sink()
    with pq.ParquetWriter(sink, schema, compression="snappy") as writer:
        batch: list[dict[str, Any]] = []
        size = 0
        for row in in_order(rows):
            record = _record(row, context)
            if with_content:
                with row.open_bytes() as file:
                    record["image"] = {"bytes": file.read(), "path": row.stored_name}
                size += len(record["image"]["bytes"])
            batch.append(record)
            if len(batch) >= _GROUP_ROWS or size >= _GROUP_BYTES:
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                batch, size = [], 0
                yield sink.take()
        if batch:
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
    yield sink.take()


def _schema(context: ExportContext, with_content: bool) -> pa.Schema:
    numbers = {"width": pa.int32(), "height": pa.int32(), "weight": pa.float64(), "posterior": pa.float64()}
    fields = [pa.field(name, numbers.get(name, pa.string())) for name in BASE_COLUMNS]
    fields.append(pa.field("label_keys", pa.list_(pa.string())))
    fields += [pa.field(_column(a.name), _ARROW[a.type]) for a in context.attributes]
    if with_content:
        fields.append(pa.field("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])))
    return pa.schema(fields, metadata={"touchstone_version": context.name})


def _record(row: ExportRow, context: ExportContext) -> dict[str, Any]:
    record: dict[str, Any] = {
        "item_sha256": row.item_sha,
        "file_name": row.file_name,
        "media_type": row.media_type,
        "width": row.width,
        "height": row.height,
        "split": row.split,
        "weight": row.weight,
        "group": row.group,
        **label_fields(row),
        "posterior": row.posterior,
        "label_keys": [label.key for label in row.labels],
    }
    for attribute in context.attributes:
        record[_column(attribute.name)] = convert(row.attributes.get(attribute.name), attribute)
    return record


def _column(name: str) -> str:
    return f"attribute_{name}" if name in (*BASE_COLUMNS, "label_keys", "image") else name


class _Sink:
    """A write-only file for pyarrow that hands over what has been written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._at = 0
        self.closed = False

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._at += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None: ...

    def close(self) -> None:
        self.closed = True

    def take(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data
