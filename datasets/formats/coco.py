"""Write a version as COCO JSON, alone or as a zip with the pictures."""

import json
from collections.abc import Iterable, Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import Any

from datasets.formats.coco_geometry import coco_geometry
from datasets.formats.export_row import ExportContext, ExportRow, UnsupportedExport, in_order
from datasets.formats.zip_stream import ZipStream

_SPOOL = 8 * 1024 * 1024


def write_coco(rows: Iterable[ExportRow], context: ExportContext) -> Iterator[bytes]:
    """One COCO JSON document in pieces, without pictures.

    COCO has no image-level classes. Each label becomes an annotation whose box is the whole picture
    (bbox [0, 0, width, height], area, iscrowd 0, empty segmentation) and that says so in
    `attributes: {"image_level": true}`: tools that need a box find one, tools that read only category_id need nothing
    else. Several labels give several annotations; an unlabelled picture has none. Category ids are class indices + 1
    (0 is background in many tools), supercategory is the parent's name. Image ids count from 1 in hash order; split,
    group, weight and sha256 stand beside the usual keys. Constant memory (annotations wait on disk).
    Shapes become annotations of their own: see `coco_geometry`.
    Raises UnsupportedExport for items that are not pictures; ValueError if rows do not ascend.
    Source: COCO data format, cocodataset.org.
    """
    with _Document(context) as document:
        yield document.head()
        for row in in_order(rows):
            yield document.image(row)
        yield from document.tail()


def write_coco_zip(rows: Iterable[ExportRow], context: ExportContext) -> Iterator[bytes]:
    """A zip in pieces: images/<hash>.<ext>, and annotations/instances_<split>.json for every split that occurs.

    Memory grows with the number of splits only. Otherwise like `write_coco`, with ids counted in each split.
    """
    archive = ZipStream()
    documents: dict[str, tuple[_Document, Any]] = {}
    for row in in_order(rows):
        if row.split not in documents:
            document = _Document(context)
            spool = SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 - closed below
            spool.write(document.head())
            documents[row.split] = (document, spool)
        document, spool = documents[row.split]
        spool.write(document.image(row))
        yield from archive.add(f"images/{row.stored_name}", row.open_bytes())
    for split, (document, spool) in sorted(documents.items()):
        with document, spool:
            spool.writelines(document.tail())
            spool.seek(0)
            pieces = iter(lambda spool=spool: spool.read(_SPOOL), b"")  # type: ignore[misc]
            yield from archive.add(f"annotations/instances_{split}.json", pieces, compress=True)
    yield from archive.finish()


class _Document:
    """One COCO document, written image by image; annotations wait in a spooled file."""

    def __init__(self, context: ExportContext) -> None:
        self._context = context
        self._index = context.class_index()
        self._annotations = SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 - closed by __exit__
        self._n_images = self._n_annotations = 0

    def __enter__(self) -> "_Document":
        return self

    def __exit__(self, *_: object) -> None:
        self._annotations.close()

    def head(self) -> bytes:
        """Everything before the first image."""
        info = {"description": self._context.name, "version": self._context.name}
        categories = [
            {
                "id": i + 1,
                "name": label.name,
                "supercategory": label.path[-2] if len(label.path) > 1 else "",
                "key": label.key,
            }
            for i, label in enumerate(self._context.classes)
        ]
        opening = _json({"info": info, "licenses": [], "categories": categories})
        return opening[:-1] + b',"images":['

    def image(self, row: ExportRow) -> bytes:
        """The entry of one image; its annotations are kept for the tail."""
        if row.width is None or row.height is None:
            raise UnsupportedExport("COCO holds pictures only, and this version has other items. Export it as JSONL.")
        self._n_images += 1
        if self._context.with_answers:
            for shape in self._shapes(row):
                self._annotate(shape["class"], coco_geometry(shape))
        else:
            whole = {"bbox": [0, 0, row.width, row.height], "area": row.width * row.height, "segmentation": []}
            for label in row.labels:
                self._annotate(label.key, {**whole, "iscrowd": 0, "attributes": {"image_level": True}})
        entry = {
            "id": self._n_images,
            "file_name": row.stored_name,
            "width": row.width,
            "height": row.height,
            "split": row.split,
            "group": row.group,
            "weight": row.weight,
            "sha256": row.item_sha,
            "original_name": row.file_name,
        }
        return (b"," if self._n_images > 1 else b"") + _json(entry)

    def _shapes(self, row: ExportRow) -> list[Mapping[str, Any]]:
        answer = row.answer or {}
        if "number" in answer or "text" in answer:
            raise UnsupportedExport("COCO holds shapes and classes; this version has numbers or texts. Take JSONL.")
        return list(answer.get("shapes", ()))

    def _annotate(self, key: str, said: Mapping[str, Any]) -> None:
        self._n_annotations += 1
        ids = {"id": self._n_annotations, "image_id": self._n_images, "category_id": self._index[key] + 1}
        self._annotations.write((b"," if self._n_annotations > 1 else b"") + _json({**ids, **said}))

    def tail(self) -> Iterator[bytes]:
        """Everything after the last image."""
        yield b'],"annotations":['
        self._annotations.seek(0)
        while piece := self._annotations.read(_SPOOL):
            yield piece
        yield b"]}\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
