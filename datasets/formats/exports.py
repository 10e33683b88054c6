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

    with_content: whether it carries the items' bytes. loading_code: Python for a person to copy, with {path} for the
    downloaded file (a zip: for the folder it was unpacked to).
    """

    key: str
    title: str
    media_type: str
    extension: str
    with_content: bool
    write: Writer
    loading_code: str


_ZIP, _CSV, _PARQUET = "application/zip", "text/csv; charset=utf-8", "application/vnd.apache.parquet"
_LOAD_FOLDER = 'keras.utils.image_dataset_from_directory("{path}/train", image_size=(224, 224))'
_LOAD_CSV = 'pandas.read_csv("{path}", encoding="utf-8-sig")'
_LOAD_JSONL = 'pandas.read_json("{path}", lines=True)'
_LOAD_PARQUET = 'pandas.read_parquet("{path}")'
_LOAD_PICTURES = 'datasets.Dataset.from_parquet("{path}").cast_column("image", datasets.Image())'
_LOAD_COCO = 'pycocotools.coco.COCO("{path}")'
_LOAD_COCO_ZIP = 'torchvision.datasets.CocoDetection("{path}/images", "{path}/annotations/instances_train.json")'
_LOAD_TFRECORD = 'tf.data.TFRecordDataset(sorted(glob.glob("{path}/train-*.tfrecord")))'
_excel, _pictures = partial(write_csv, excel=True), partial(write_parquet, with_content=True)

_FORMATS = (
    ExportFormat("imagefolder", "ImageFolder (zip)", _ZIP, ".zip", True, write_imagefolder, _LOAD_FOLDER),
    ExportFormat("csv", "CSV", _CSV, ".csv", False, write_csv, _LOAD_CSV),
    ExportFormat("csv-excel", "CSV for Excel", _CSV, ".csv", False, _excel, _LOAD_CSV),
    ExportFormat("jsonl", "JSON Lines", "application/x-ndjson", ".jsonl", False, write_jsonl, _LOAD_JSONL),
    ExportFormat("parquet", "Parquet", _PARQUET, ".parquet", False, write_parquet, _LOAD_PARQUET),
    ExportFormat("parquet-images", "Parquet with pictures", _PARQUET, ".parquet", True, _pictures, _LOAD_PICTURES),
    ExportFormat("coco", "COCO (JSON)", "application/json", ".json", False, write_coco, _LOAD_COCO),
    ExportFormat("coco-zip", "COCO with pictures (zip)", _ZIP, ".zip", True, write_coco_zip, _LOAD_COCO_ZIP),
    ExportFormat("tfrecord", "TFRecord (zip)", _ZIP, ".zip", True, write_tfrecord_zip, _LOAD_TFRECORD),
)

EXPORT_FORMATS: Mapping[str, ExportFormat] = {entry.key: entry for entry in _FORMATS}
