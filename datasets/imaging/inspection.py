"""Look at one file and say what picture it is, or why it is none."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from datasets.imaging.exif import read_exif
from datasets.imaging.opening import (
    MEDIA_TYPES,
    SIDEWAYS,
    ImageLimits,
    ImageSource,
    byte_size,
    decode,
    open_checked,
    readable,
    upright,
)
from datasets.imaging.perceptual_hash import HASH_DECODE_SIDE, difference_hash

_BROWSERS_SHOW = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/avif"})


@dataclass(frozen=True, kw_only=True)
class ImageFacts:
    """What a picture file is. Everything but the bytes' own facts may be absent.

    sha256: 64 hex digits of the file's bytes. byte_size: bytes. width, height: pixels after the EXIF orientation is
    applied (origin top left). orientation: EXIF 1 to 8 as stored. perceptual_hash: signed 64-bit dHash.
    captured_at_local, captured_utc_offset, latitude, longitude, camera, software: see `ExifFacts`.
    animated: more than one frame; the first one is the picture. shown_by_browsers: false for TIFF.
    """

    sha256: str
    byte_size: int
    media_type: str
    width: int
    height: int
    orientation: int
    perceptual_hash: int
    color_mode: str
    has_alpha: bool
    animated: bool
    shown_by_browsers: bool
    captured_at_local: datetime | None
    captured_utc_offset: timedelta | None
    latitude: float | None
    longitude: float | None
    camera: str | None
    software: str | None


def inspect(source: ImageSource, *, limits: ImageLimits | None = None) -> ImageFacts:
    """Check a file and collect its facts in one pass.

    source: path or seekable binary file (left open, position undefined). The header is checked before anything is
    decoded, so a pixel bomb costs nothing; then the picture is decoded (a JPEG at reduced size, about a sixth of the
    full price) because only decoding proves that a file is whole. The same decode gives the perceptual hash.
    Raises RejectedImage with a stable code and a sentence; OSError if the path cannot be read.
    """
    with readable(source) as file:
        size = byte_size(file)
        image = open_checked(file, limits or ImageLimits())
        stored_width, stored_height = image.size
        media_type = MEDIA_TYPES[image.format or ""]
        animated = bool(getattr(image, "is_animated", False)) and media_type != "image/jpeg"
        mode = image.mode
        decode(image, at_least=HASH_DECODE_SIDE)
        exif = read_exif(image)
        has_alpha = image.has_transparency_data
        phash = difference_hash(upright(image))
        sha256 = sha256_of(file)
    sideways = exif.orientation in SIDEWAYS
    return ImageFacts(
        sha256=sha256,
        byte_size=size,
        media_type=media_type,
        width=stored_height if sideways else stored_width,
        height=stored_width if sideways else stored_height,
        orientation=exif.orientation,
        perceptual_hash=phash,
        color_mode=mode,
        has_alpha=has_alpha,
        animated=animated,
        shown_by_browsers=media_type in _BROWSERS_SHOW,
        captured_at_local=exif.captured_at_local,
        captured_utc_offset=exif.captured_utc_offset,
        latitude=exif.latitude,
        longitude=exif.longitude,
        camera=exif.camera,
        software=exif.software,
    )


def sha256_of(file: BinaryIO) -> str:
    """SHA-256 of a whole seekable file as 64 hex digits, read in pieces of 1 MiB."""
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()
