"""When and where a picture was taken, as its EXIF block tells it; nothing is guessed."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from datasets.imaging.opening import exif_orientation

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TIME = re.compile(r"(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})")
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")


@dataclass(frozen=True, kw_only=True)
class ExifFacts:
    """What the camera wrote. orientation: 1 to 8 (1 if absent or invalid).

    captured_at_local: wall-clock time without zone; captured_utc_offset: only if the file states it (EXIF 2.31), never
    derived from the place. latitude, longitude: degrees, WGS 84, north and east positive; both or none.
    camera: maker and model in one string; software: what wrote the file.
    """

    orientation: int = 1
    captured_at_local: datetime | None = None
    captured_utc_offset: timedelta | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str | None = None
    software: str | None = None


def read_exif(image: Image.Image) -> ExifFacts:
    """Facts of an opened picture. A missing or broken block gives defaults: it is no reason to refuse a picture.

    Only DateTimeOriginal and DateTimeDigitized count as capture time; tag 306 is the time of the last change.
    Source: CIPA DC-008 (EXIF 2.32), sections 4.6.5 and 4.6.6.
    """
    try:
        exif = image.getexif()
        main, camera, gps = dict(exif), exif.get_ifd(_EXIF_IFD), exif.get_ifd(_GPS_IFD)
    except Exception:  # Pillow's TIFF reader raises many types on hostile input
        return ExifFacts()
    captured, offset_tag = _time(camera.get(0x9003)), 0x9011
    if captured is None:
        captured, offset_tag = _time(camera.get(0x9004)), 0x9012
    latitude, longitude = _place(gps)
    maker, model = _text(main.get(0x010F)), _text(main.get(0x0110))
    if maker and model and model.lower().startswith(maker.lower()):
        maker = None
    return ExifFacts(
        orientation=exif_orientation(image),
        captured_at_local=captured,
        captured_utc_offset=_offset(camera.get(offset_tag)) if captured else None,
        latitude=latitude,
        longitude=longitude,
        camera=" ".join(part for part in (maker, model) if part) or None,
        software=_text(main.get(0x0131)),
    )


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    printable = "".join(c for c in value if c.isprintable()).strip()
    return printable[:200] or None


def _time(value: Any) -> datetime | None:
    match = _TIME.match(_text(value) or "")
    if not match:
        return None
    year, month, day, hour, minute, second = match.groups()
    try:
        return datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:{second}")
    except ValueError:  # cameras without a set clock write 0000:00:00
        return None


def _offset(value: Any) -> timedelta | None:
    match = _OFFSET.match(_text(value) or "")
    if not match:
        return None
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if offset > timedelta(hours=14):
        return None
    return -offset if sign == "-" else offset


def _place(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    latitude = _degrees(gps.get(2), gps.get(1), positive="N", negative="S", limit=90.0)
    longitude = _degrees(gps.get(4), gps.get(3), positive="E", negative="W", limit=180.0)
    # Receivers without a fix write zeros: a point in the Gulf of Guinea is more often that than a place.
    if latitude is None or longitude is None or (latitude == 0.0 and longitude == 0.0):
        return None, None
    return latitude, longitude


def _degrees(value: Any, reference: Any, *, positive: str, negative: str, limit: float) -> float | None:
    sign = {positive: 1.0, negative: -1.0}.get((_text(reference) or "").upper()[:1])
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    result = degrees + minutes / 60 + seconds / 3600
    if sign is None or not math.isfinite(result) or not 0 <= result <= limit:
        return None
    return round(sign * result, 8)
