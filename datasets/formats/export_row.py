"""What every export writer takes: rows in order, and what they have in common."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from datasets.formats.attributes import AttributeSpec, Value

EXTENSIONS: Mapping[str, str] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "image/avif": ".avif",
    "text/plain": ".txt",
    "application/json": ".json",
}


class UnsupportedExport(Exception):
    """The version cannot be written in this format. The message says why and which format can."""


@dataclass(frozen=True)
class ExportLabel:
    """A class. key: stable; name: for people; path: names from the root of the taxonomy to this class, inclusive."""

    key: str
    name: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExportRow:
    """One item of a version with its answer to one question.

    file_name: the name it came with, may be "". width, height: pixels, None for what is no picture. labels: one for
    single choice, several for multiple choice, none if unlabelled. posterior: of the label, in [0, 1].
    answer: whole, of a question whose answers are more than classes (shapes, a number, a text).
    open_bytes: opens the item's content; the writer closes it. Called at most once, and only by formats with content.
    """

    item_sha: str
    media_type: str
    file_name: str
    split: str
    group: str
    open_bytes: Callable[[], BinaryIO]
    weight: float = 1.0
    labels: tuple[ExportLabel, ...] = ()
    posterior: float | None = None
    width: int | None = None
    height: int | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    answer: Mapping[str, Any] | None = None

    @property
    def stored_name(self) -> str:
        """File name inside an export: the hash and the extension of the media type."""
        return self.item_sha + EXTENSIONS.get(self.media_type, ".bin")


@dataclass(frozen=True, kw_only=True)
class ExportContext:
    """What holds for the whole export.

    name: of the version, for example "birds@v3". classes: all classes of the question in schema order, also those
    without items; their position is the class index. attributes: the columns to write, in this order. with_answers:
    the answers are more than classes, so that a format that cannot carry them must refuse.
    """

    name: str
    classes: tuple[ExportLabel, ...]
    attributes: tuple[AttributeSpec, ...] = ()
    with_answers: bool = False

    def class_index(self) -> dict[str, int]:
        """Index from 0 by class key. Raises ValueError if a key occurs twice."""
        index = {label.key: i for i, label in enumerate(self.classes)}
        if len(index) != len(self.classes):
            raise ValueError("a class key occurs twice")
        return index


def in_order(rows: Iterable[ExportRow]) -> Iterator[ExportRow]:
    """The rows, checked to be strictly ascending by item hash, so that equal versions give equal bytes.

    Raises ValueError at the first row that is out of order or repeated.
    """
    before = ""
    for row in rows:
        if row.item_sha <= before:
            raise ValueError(f"rows must ascend by item hash: {row.item_sha} after {before}")
        before = row.item_sha
        yield row


def label_fields(row: ExportRow) -> dict[str, str | None]:
    """label_key, label_name, label_path as text: several labels are joined by "|", levels of a path by "/"."""
    if not row.labels:
        return {"label_key": None, "label_name": None, "label_path": None}
    return {
        "label_key": "|".join(label.key for label in row.labels),
        "label_name": "|".join(label.name for label in row.labels),
        "label_path": "|".join("/".join(label.path or (label.name,)) for label in row.labels),
    }


def attribute_values(row: ExportRow, context: ExportContext) -> dict[str, Value]:
    """The context's attributes of one row, in order; None where missing or not a number."""
    values = {attribute.name: row.attributes.get(attribute.name) for attribute in context.attributes}
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in values.items()}


def classes_json(context: ExportContext) -> bytes:
    """The classes with their indices as a JSON file, for exports made of several files."""
    classes = [
        {"index": i, "key": label.key, "name": label.name, "path": list(label.path)}
        for i, label in enumerate(context.classes)
    ]
    document = {"version": context.name, "classes": classes}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
