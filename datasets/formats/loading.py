"""Python that loads an export: into tf.data from every format, and into the tool that people use a format for.

Every line for tf.data is run by a test on files that were really exported.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

TENSORFLOW_READS = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp"})


class Into(StrEnum):
    """What the code gives."""

    TF_DATA = "tf.data"
    PANDAS = "pandas"
    HUGGING_FACE = "Hugging Face"
    COCO_API = "pycocotools"
    TORCHVISION = "torchvision"


@dataclass(frozen=True)
class Loading:
    """imports: lines that must come first. code: one expression, for a person to copy and run beside the file."""

    into: Into
    imports: tuple[str, ...]
    code: str

    def program(self) -> str:
        """Lines that run; the result is called dataset."""
        return "\n".join((*self.imports, f"dataset = {self.code}"))


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a version holds.

    texts: only texts. several: an item may have several labels. beyond_tensorflow: some pictures are in a format that
    TensorFlow and Keras do not read; Keras would leave them out without a word.
    """

    texts: bool = False
    several: bool = False
    beyond_tensorflow: bool = False

    @classmethod
    def of(cls, media_types: Iterable[str], *, several: bool) -> Self:
        """From the media types that occur."""
        met = set(media_types)
        return cls(
            texts=bool(met) and all(one.startswith("text/") for one in met),
            several=several,
            beyond_tensorflow=any(one.startswith("image/") and one not in TENSORFLOW_READS for one in met),
        )


_IMPORTS = {
    "datasets": "import datasets",
    "glob": "import glob",
    "io": "import io",
    "json": "import json",
    "keras": "import keras",
    "numpy": "import numpy",
    "pandas": "import pandas",
    "PIL": "import PIL.Image, PIL.ImageOps",
    "pyarrow": "import pyarrow.parquet",
    "pycocotools": "import pycocotools.coco",
    "tf": "import tensorflow as tf",
    "torchvision": "import torchvision",
}
_USED = re.compile(r"(?<![\w.\"/])(" + "|".join(_IMPORTS) + r")\.")

_FOLDER = 'keras.utils.image_dataset_from_directory("{path}/train", image_size=(224, 224))'
_TEXT_FOLDER = 'keras.utils.text_dataset_from_directory("{path}/train")'
_CSV = 'pandas.read_csv("{path}", encoding="utf-8-sig")'
_CSV_TEXTS = 'pandas.read_csv("{path}", encoding="utf-8-sig", dtype="object", keep_default_na=False)'
_JSONL = 'pandas.read_json("{path}", lines=True)'
_JSONL_ROWS = (
    'tf.data.Dataset.from_generator(lambda: ((row["item_sha256"], [one["key"] for one in row["labels"]])'
    ' for row in map(json.loads, open("{path}", encoding="utf-8"))),'
    " output_signature=(tf.TensorSpec([], tf.string), tf.TensorSpec([None], tf.string)))"
)
_PARQUET = 'pandas.read_parquet("{path}")'
_PARQUET_COLUMNS = (
    'pandas.read_parquet("{path}", columns=["item_sha256", "split", "weight", "label_key"]).fillna({"label_key": ""})'
)
_PICTURES = 'datasets.Dataset.from_parquet("{path}").cast_column("image", datasets.Image())'
# Pillow reads every picture that Touchstone takes in, and turns it upright.
_PICTURE_ROWS = (
    "tf.data.Dataset.from_generator(lambda: ((numpy.asarray(PIL.ImageOps.exif_transpose(PIL.Image.open(io.BytesIO("
    'row["image"]["bytes"]))).convert("RGB")), row["label_key"] or "")'
    ' for batch in pyarrow.parquet.ParquetFile("{path}").iter_batches(64) for row in batch.to_pylist()),'
    " output_signature=(tf.TensorSpec([None, None, 3], tf.uint8), tf.TensorSpec([], tf.string)))"
)
_COCO = 'pycocotools.coco.COCO("{path}")'
_COCO_ROWS = (
    'pandas.DataFrame((coco := json.load(open("{path}", encoding="utf-8")))["annotations"])'
    '.merge(pandas.DataFrame(coco["images"]), left_on="image_id", right_on="id")[["file_name", "category_id"]]'
)
_COCO_TRAIN = _COCO_ROWS.replace("{path}", "{path}/annotations/instances_train.json")
_COCO_PICTURES = (
    '.map(lambda one: (tf.io.decode_image(tf.io.read_file("{path}/images/" + one["file_name"]), channels=3,'
    ' expand_animations=False), one["category_id"]))'
)
_TORCH = 'torchvision.datasets.CocoDetection("{path}/images", "{path}/annotations/instances_train.json")'
_RECORDS = (
    'tf.data.TFRecordDataset(sorted(glob.glob("{path}/train-*.tfrecord")))'
    '.map(lambda record: tf.io.parse_single_example(record, {"image/encoded": tf.io.FixedLenFeature([], tf.string),'
    ' "image/class/label": LABEL}))'
    '.map(lambda one: (CONTENT, one["image/class/label"]))'
)
_PICTURES_ONLY = ("coco", "coco-zip", "parquet-images")
_ONE_LABEL, _MANY_LABELS = "tf.io.FixedLenFeature([], tf.int64, -1)", "tf.io.RaggedFeature(tf.int64)"
_DECODED = 'tf.io.decode_image(one["image/encoded"], channels=3, expand_animations=False)'


def loading_of(key: str, content: Content, path: str) -> tuple[Loading, ...]:
    """The ways to load the export of a format, tf.data first. path: of the file; for a zip, of the unpacked folder.

    Empty for a format that cannot hold or load such a version. Raises KeyError for an unknown format.
    """
    return tuple(_loading(into, code.replace("{path}", path)) for into, code in _lines(key, content))


def _lines(key: str, content: Content) -> Iterable[tuple[Into, str]]:
    if (key == "imagefolder" and content.several) or (key in _PICTURES_ONLY and content.texts):
        return ()
    if content.beyond_tensorflow and key in ("imagefolder", "tfrecord"):
        return ()
    records = _RECORDS.replace("LABEL", _MANY_LABELS if content.several else _ONE_LABEL)
    records = records.replace("CONTENT", 'one["image/encoded"]' if content.texts else _DECODED)
    csv = [(Into.TF_DATA, _slices(_CSV_TEXTS)), (Into.PANDAS, _CSV)]
    lines: dict[str, list[tuple[Into, str]]] = {
        "imagefolder": [(Into.TF_DATA, _TEXT_FOLDER if content.texts else _FOLDER)],
        "csv": csv,
        "csv-excel": csv,
        "jsonl": [(Into.TF_DATA, _JSONL_ROWS), (Into.PANDAS, _JSONL)],
        "parquet": [(Into.TF_DATA, _slices(_PARQUET_COLUMNS)), (Into.PANDAS, _PARQUET)],
        "parquet-images": [(Into.TF_DATA, _PICTURE_ROWS), (Into.HUGGING_FACE, _PICTURES)],
        "coco": [(Into.TF_DATA, _slices(_COCO_ROWS)), (Into.COCO_API, _COCO)],
        "coco-zip": [(Into.TF_DATA, _slices(_COCO_TRAIN) + _COCO_PICTURES), (Into.TORCHVISION, _TORCH)],
        "tfrecord": [(Into.TF_DATA, records)],
    }
    return lines[key][1:] if content.beyond_tensorflow and key == "coco-zip" else lines[key]


def _slices(frame: str) -> str:
    return f"tf.data.Dataset.from_tensor_slices(dict({frame}))"


def _loading(into: Into, code: str) -> Loading:
    used = sorted(set(_USED.findall(code)), key=str.lower)
    return Loading(into, tuple(_IMPORTS[name] for name in used), code)
