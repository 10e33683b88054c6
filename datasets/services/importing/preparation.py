"""From an entry to what will be written: bytes checked and stored, nothing yet in the database. Runs in threads."""

import hashlib
import io
import json
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from common.storage import ObjectStore, StorageFailed, content_key
from common.texts import writable
from datasets.formats.attributes import AttributeSpec, Value, validate_attributes
from datasets.formats.manifest_row import TEXT_COLUMN, ManifestRow
from datasets.imaging.inspection import ImageFacts, inspect
from datasets.imaging.opening import ImageLimits
from datasets.imaging.rejection import RejectedImage
from datasets.models import Item
from datasets.services.importing.entries import Entry, Rejection

PIECE = 1 << 20
MAX_TEXT = 1_000_000
TEXT_SUFFIX = (".txt", ".md")
FACTS = ("orientation", "color_mode", "has_alpha", "animated", "shown_by_browsers", "camera", "software")


@dataclass(frozen=True, kw_only=True)
class Content:
    """What an item is, independent of where it was met."""

    sha256: str
    kind: str
    media_type: str
    byte_size: int
    object_key: str = ""
    width: int | None = None
    height: int | None = None
    phash: int | None = None
    text: str = ""
    record: dict[str, Any] | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """Where and how it was met."""

    name: str = ""
    external_id: str = ""
    stamp: str = ""
    group_key: str = ""
    captured_at: datetime | None = None
    captured_local: str = ""
    latitude: float | None = None
    longitude: float | None = None
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An entry with its content or its rejection. note: a problem that did not keep it out."""

    entry: Entry
    content: Content | None = None
    meeting: Meeting = Meeting()
    rejection: Rejection | None = None
    label: str | None = None
    note: Rejection | None = None


@dataclass(frozen=True, kw_only=True)
class Preparer:
    """Prepares entries of one project. Safe to share between threads; touches no database."""

    project_id: int
    store: ObjectStore
    schema: tuple[AttributeSpec, ...] = ()

    def prepare(self, entry: Entry) -> Prepared:
        if entry.rejection:
            return Prepared(entry=entry, rejection=entry.rejection)
        row = _writable_row(entry.row) if entry.row else None
        values = dict(row.attributes) if row else {}
        # Words are no attribute: they may be longer than one, and they are what is labelled.
        words = values.pop(TEXT_COLUMN, None) if entry.open is None else None
        attributes, problems = validate_attributes(values, self.schema)
        note = None
        if problems:
            (name, sentence), *_ = problems.items()
            note = Rejection(code="bad-attribute", message=f"{name}: {sentence} The value was left out.")
        try:
            if entry.open is None:
                content, facts = _written(row, words, attributes), None
            elif row is not None and entry.name.lower().endswith(TEXT_SUFFIX):
                with entry.open() as file:
                    content, facts = _text_file(file), None
            else:
                with entry.open() as file:
                    facts = inspect(file, limits=image_limits())
                    content = self._image(file, facts)
        except RejectedImage as error:
            return Prepared(entry=entry, rejection=Rejection(code=str(error.code), message=error.message))
        except _RejectedText as error:
            return Prepared(entry=entry, rejection=Rejection(code=error.code, message=str(error)))
        except FileNotFoundError:
            gone = Rejection(code="file-not-found", message="The file was gone when it was to be read.")
            return Prepared(entry=entry, rejection=gone)
        except OSError as error:
            message = f"The file could not be read: {error.strerror or error}."
            return Prepared(entry=entry, rejection=Rejection(code="unreadable-file", message=message))
        meeting = _meeting(entry, row, facts, {k: v for k, v in attributes.items() if v is not None})
        return Prepared(entry=entry, content=content, meeting=meeting, label=row.label if row else None, note=note)

    def image(self, data: BinaryIO) -> tuple[Content, ImageFacts]:
        """Check and store one picture. Raises RejectedImage."""
        facts = inspect(data, limits=image_limits())
        return self._image(data, facts), facts

    def _image(self, file: BinaryIO, facts: ImageFacts) -> Content:
        key = content_key(self.project_id, facts.sha256)
        with storing():
            if not self.store.exists(key):
                file.seek(0)
                self.store.put(key, iter(lambda: file.read(PIECE), b""))
        told = asdict(facts)
        return Content(
            sha256=facts.sha256, kind=Item.Kind.IMAGE, media_type=facts.media_type, byte_size=facts.byte_size,
            object_key=key, width=facts.width, height=facts.height, phash=facts.perceptual_hash,
            facts={name: told[name] for name in FACTS if told[name] is not None},
        )  # fmt: skip


@contextmanager
def storing() -> Iterator[None]:
    """Around writes to the store: what fails here is our trouble, and no line of a report may blame the file for it.

    Raises StorageFailed with the way on.
    """
    try:
        yield
    except (OSError, BotoCoreError, Boto3Error, ClientError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StorageFailed(
            f"The store of files does not take the pictures: {reason}. Mend that, then start again: what is there is"
            " not taken in twice."
        ) from error


def image_limits() -> ImageLimits:
    """The installation's limits for one picture."""
    return ImageLimits(max_pixels=settings.IMAGE_LIMIT_MEGAPIXELS * 1_000_000)


def place_and_time(facts: ImageFacts | None) -> dict[str, Any]:
    """Fields of a meeting that EXIF tells; a time without zone stays a wall-clock time."""
    if facts is None:
        return {}
    local, offset = facts.captured_at_local, facts.captured_utc_offset
    told: dict[str, Any] = {"latitude": facts.latitude, "longitude": facts.longitude}
    if local:
        told["captured_local"] = local.isoformat(timespec="seconds")
        if offset is not None:
            told["captured_at"] = (local - offset).replace(tzinfo=UTC)
    return told


def _meeting(entry: Entry, row: ManifestRow | None, facts: ImageFacts | None, attributes: dict[str, Value]) -> Meeting:
    told = place_and_time(facts)
    for name, low, high in (("latitude", -90, 90), ("longitude", -180, 180)):
        # A manifest that states a place knows better than the camera.
        value = attributes.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            told[name] = float(value)
    if told.get("latitude") is None or told.get("longitude") is None:
        told["latitude"] = told["longitude"] = None
    stated = attributes.get("captured_at")
    if isinstance(stated, str):
        told.update(_stated_time(stated))
    return Meeting(
        name=entry.name if entry.open else "",
        external_id=(row.external_id or "")[:300] if row else "",
        stamp=entry.stamp,
        group_key=(row.group or "")[:200] if row else "",
        attributes=attributes,
        **told,
    )


def _writable_row(row: ManifestRow) -> ManifestRow:
    """The row without what PostgreSQL cannot keep."""
    return replace(
        row,
        external_id=writable(row.external_id) if row.external_id else None,
        group=writable(row.group) if row.group else None,
        label=writable(row.label) if row.label else None,
        attributes={
            writable(name): writable(value) if isinstance(value, str) else value
            for name, value in row.attributes.items()
        },
    )


def _stated_time(text: str) -> dict[str, Any]:
    with suppress(ValueError):
        time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            return {"captured_local": time.isoformat(timespec="seconds"), "captured_at": None}
        return {"captured_at": time.astimezone(UTC), "captured_local": ""}
    return {}


class _RejectedText(Exception):
    """A text that cannot be taken in; the message is a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _text(words: str) -> Content:
    """A text as an item. Raises _RejectedText."""
    data = writable(unicodedata.normalize("NFC", words))
    if not data.strip():
        raise _RejectedText("empty-text", "The text is empty.")
    if len(data) > MAX_TEXT:
        raise _RejectedText("text-too-long", f"The text has more than {MAX_TEXT:,} characters. Cut it into parts.")
    encoded = data.encode()
    return Content(
        sha256=hashlib.sha256(encoded).hexdigest(), kind=Item.Kind.TEXT, media_type="text/plain",
        byte_size=len(encoded), text=data,
    )  # fmt: skip


def _text_file(file: BinaryIO) -> Content:
    """A file of plain text that a manifest names. Without one a text file beside pictures is no item but a read-me."""
    raw = file.read(4 * MAX_TEXT + 4)
    if len(raw) > 4 * MAX_TEXT + 3:
        raise _RejectedText("text-too-long", f"The text has more than {MAX_TEXT:,} characters. Cut it into parts.")
    try:
        return _text(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        sentence = f"The text is not UTF-8 (byte {error.start:,}). Save it as UTF-8."
        raise _RejectedText("not-utf8", sentence) from error


def _written(row: ManifestRow | None, words: Value, attributes: dict[str, Value]) -> Content:
    """A text (a row with a column "text") or a record. Two equal records are two cases, so the id is hashed with it."""
    external_id = (row.external_id or "") if row else ""
    if words is not None and str(words).strip():
        return _text(str(words))
    content = {"external_id": external_id, "values": attributes}
    encoded = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    return Content(
        sha256=hashlib.sha256(encoded).hexdigest(), kind=Item.Kind.RECORD, media_type="application/json",
        byte_size=len(encoded), record=dict(attributes),
    )  # fmt: skip


def pieces(data: bytes) -> Iterator[bytes]:
    """Bytes as the chunks that a store takes."""
    buffer = io.BytesIO(data)
    yield from iter(lambda: buffer.read(PIECE), b"")
