"""Read a Parquet manifest batch by batch."""

import math
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from datasets.formats.attributes import Value
from datasets.formats.manifest_row import (
    ColumnRoles,
    ManifestRow,
    RejectedRow,
    UnreadableManifest,
    check_columns,
    first_nested,
    make_row,
)

_BATCH_ROWS = 10_000


def read_parquet_manifest(file: BinaryIO, *, roles: ColumnRoles | None = None) -> Iterator[ManifestRow | RejectedRow]:
    """Rows of a Parquet file; line is the 1-based row number.

    file: seekable binary. Times become ISO 8601 strings, decimals floats, NaN None; nested or binary values reject the
    row. Memory: one batch of 10,000 rows. Raises UnreadableManifest.
    """
    try:
        parquet = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableManifest("not-parquet", "The file is not a readable Parquet file.") from error
    roles = check_columns(parquet.schema_arrow.names, roles)
    number = 0
    try:
        for batch in parquet.iter_batches(batch_size=_BATCH_ROWS):
            for record in batch.to_pylist():
                number += 1
                nested = first_nested(record.items())
                if nested is not None:
                    message = f'The value of "{nested}" is nested or binary; attributes are single values.'
                    yield RejectedRow(number, "nested-value", message)
                    continue
                yield make_row(number, {name: _plain(value) for name, value in record.items()}, roles)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableManifest("manifest-damaged", "The Parquet file is damaged.", line=number) from error


def _plain(value: Any) -> Value:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
