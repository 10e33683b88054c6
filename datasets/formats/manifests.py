"""The entry point for manifests: CSV, JSON Lines or Parquet, by name or by content."""

import os
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

from datasets.formats.archives import opened_archive
from datasets.formats.csv_manifest import read_csv_manifest
from datasets.formats.jsonl_manifest import read_jsonl_manifest
from datasets.formats.manifest_row import ColumnRoles, ManifestRow, RejectedRow, UnreadableManifest
from datasets.formats.parquet_manifest import read_parquet_manifest


class ManifestFormat(StrEnum):
    """Supported manifest formats."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def manifest_format(name: str) -> ManifestFormat | None:
    """Format by file name; None if it is no manifest's name."""
    suffix = name.lower().rpartition(".")[2]
    suffixes = {
        "csv": ManifestFormat.CSV,
        "tsv": ManifestFormat.CSV,
        "jsonl": ManifestFormat.JSONL,
        "ndjson": ManifestFormat.JSONL,
        "parquet": ManifestFormat.PARQUET,
    }
    return suffixes.get(suffix)


def read_manifest(
    source: str | os.PathLike[str] | BinaryIO,
    *,
    format: ManifestFormat | None = None,
    roles: ColumnRoles | None = None,
    encoding: str = "utf-8",
) -> Iterator[ManifestRow | RejectedRow]:
    """Rows of a manifest, streamed.

    source: path or seekable binary file. format: guessed from the content if not given. roles: which columns are file
    name, external id, group and label (guessed from the names if not given: see `ROLE_COLUMNS`); every other column is
    an attribute. encoding: of a CSV. Raises UnreadableManifest (at the first row) if the file cannot be read at all.
    Types of attributes: `datasets.formats.attributes`.
    """
    with opened_archive(source) as file:
        match format or _sniff(file):
            case ManifestFormat.PARQUET:
                yield from read_parquet_manifest(file, roles=roles)
            case ManifestFormat.JSONL:
                yield from read_jsonl_manifest(file, roles=roles)
            case ManifestFormat.CSV:
                yield from read_csv_manifest(file, roles=roles, encoding=encoding)


def _sniff(file: BinaryIO) -> ManifestFormat:
    head = file.read(64)
    file.seek(0)
    if not head:
        raise UnreadableManifest("empty-file", "The manifest is empty.")
    if head.startswith(b"PAR1"):
        return ManifestFormat.PARQUET
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return ManifestFormat.JSONL
    return ManifestFormat.CSV
