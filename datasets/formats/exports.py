"""The list of export formats. Adding one is a writer in a file of its own and an entry here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from datasets.formats.coco import write_coco, write_coco_zip
from datasets.formats.csv_export import write_csv
from datasets.formats.export_row import ExportContext, ExportRow
from datasets.formats.imagefolder import write_imagefolder
from datasets.formats.jsonl import write_jsonl
from datasets.formats.parquet import write_parquet
from datasets.formats.tfrecord import write_tfrecord_zip

Writer = Callable[[Iterable[ExportRow], ExportContext], Iterator[bytes]]


@dataclass(frozen=True)
class ExportFormat:
    """One format.

    with_content: whether it carries the items' bytes. with_answers: whether it carries shapes.
    How it is loaded stands in `datasets.formats.loading`.
    """

    key: str
    title: str
    media_type: str
    extension: str
    with_content: bool
    write: Writer
    with_answers: bool = False


_ZIP, _CSV, _PARQUET = "application/zip", "text/csv; charset=utf-8", "application/vnd.apache.parquet"
_excel, _pictures = partial(write_csv, excel=True), partial(write_parquet, with_content=True)

_FORMATS = (
    ExportFormat("imagefolder", "ImageFolder (zip)", _ZIP, ".zip", True, write_imagefolder),
    ExportFormat("csv", "CSV", _CSV, ".csv", False, write_csv),
    ExportFormat("csv-excel", "CSV for Excel", _CSV, ".csv", False, _excel),
    ExportFormat("jsonl", "JSON Lines", "application/x-ndjson", ".jsonl", False, write_jsonl, True),
    ExportFormat("parquet", "Parquet", _PARQUET, ".parquet", False, write_parquet),
    ExportFormat("parquet-images", "Parquet with pictures", _PARQUET, ".parquet", True, _pictures),
    ExportFormat("coco", "COCO (JSON)", "application/json", ".json", False, write_coco, True),
    ExportFormat("coco-zip", "COCO with pictures (zip)", _ZIP, ".zip", True, write_coco_zip, True),
    ExportFormat("tfrecord", "TFRecord (zip)", _ZIP, ".zip", True, write_tfrecord_zip),
)

EXPORT_FORMATS: Mapping[str, ExportFormat] = {entry.key: entry for entry in _FORMATS}
