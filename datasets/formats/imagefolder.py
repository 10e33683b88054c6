"""Write a version as a zip with one folder a split and one folder a class."""

import re
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile

from datasets.formats.csv_export import CsvLines
from datasets.formats.export_row import ExportContext, ExportRow, UnsupportedExport, classes_json, in_order
from datasets.formats.zip_stream import ZipStream

_SPOOL = 8 * 1024 * 1024
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*%]')


def write_imagefolder(rows: Iterable[ExportRow], context: ExportContext) -> Iterator[bytes]:
    """A zip in pieces: <split>/<class key>/<hash>.<ext>, classes.json, manifest.csv with everything else.

    Class folders are named by key, because names can change and keys cannot; characters that a file system refuses are
    written as %XX. Items without a label go to unlabelled/<split>/, outside the splits, so that a loader does not take
    them for a class. Every split has a folder for every class that occurs in the version, empty if need be: loaders
    count classes by their folders, and class 3 has to be the same one in training and test. Loads with
    keras.utils.image_dataset_from_directory, load_dataset("imagefolder"), or torchvision's ImageFolder, which wants
    allow_empty=True for empty folders. Constant memory; equal versions give equal bytes.
    Raises UnsupportedExport for an item with several labels; ValueError if rows do not ascend.
    """
    archive, lines = ZipStream(), CsvLines(context)
    yield from archive.add("classes.json", [classes_json(context)], compress=True)
    with SpooledTemporaryFile(max_size=_SPOOL) as manifest:
        manifest.write(lines.header())
        met: dict[str, set[str]] = {}
        for row in in_order(rows):
            folder = _folder(row)
            if row.labels:
                met.setdefault(safe_folder(row.split), set()).add(folder.partition("/")[2])
            yield from archive.add(f"{folder}/{row.stored_name}", row.open_bytes())
            manifest.write(lines.line(row))
        classes = set().union(*met.values())
        for split, present in sorted(met.items()):
            for name in sorted(classes - present):
                yield from archive.add(f"{split}/{name}/", [])
        manifest.seek(0)
        yield from archive.add("manifest.csv", iter(lambda: manifest.read(_SPOOL), b""), compress=True)
    yield from archive.finish()


def _folder(row: ExportRow) -> str:
    if len(row.labels) > 1:
        raise UnsupportedExport(
            "ImageFolder has one folder a class, but this version has items with several labels. "
            "Export it as JSONL, Parquet, COCO or TFRecord."
        )
    if not row.labels:
        return f"unlabelled/{safe_folder(row.split)}"
    return f"{safe_folder(row.split)}/{safe_folder(row.labels[0].key)}"


def safe_folder(name: str) -> str:
    """A folder name for any key, one to one: refused characters, and dots and spaces at the ends, become %XX."""
    quoted = _UNSAFE.sub(lambda match: f"%{ord(match.group()):02X}", name)
    for end in (0, -1):
        if quoted and quoted[end] in ". ":
            code = f"%{ord(quoted[end]):02X}"
            quoted = code + quoted[1:] if end == 0 else quoted[:-1] + code
    return quoted or "%"
