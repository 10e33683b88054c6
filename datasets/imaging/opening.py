"""Open untrusted bytes as a picture: sniff, check the header against limits, then decode no more than is needed."""

import io
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import AvifImagePlugin as AvifImagePlugin  # each import registers its opener in Image.OPEN
from PIL import BmpImagePlugin as BmpImagePlugin
from PIL import GifImagePlugin as GifImagePlugin
from PIL import Image, ImageFile, ImageOps
from PIL import JpegImagePlugin as JpegImagePlugin
from PIL import PngImagePlugin as PngImagePlugin
from PIL import TiffImagePlugin as TiffImagePlugin
from PIL import WebPImagePlugin as WebPImagePlugin

from datasets.imaging.rejection import RejectedImage, RejectionCode

ImageSource = str | os.PathLike[str] | BinaryIO

# Pillow's name -> media type. MPO is a phone's JPEG with a second picture behind it; its first picture is the picture.
MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
_OPENED_AS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
# Recognised only to say what to do about them.
_UNSUPPORTED: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda h: h[4:8] == b"ftyp" and h[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"), "HEIC"),
    (lambda h: h.startswith(b"8BPS"), "Photoshop"),
    (lambda h: h.startswith(b"%PDF"), "PDF"),
    (lambda h: h.startswith((b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51")), "JPEG 2000"),
    (lambda h: h.startswith((b"\xff\x0a", b"\x00\x00\x00\x0cJXL ")), "JPEG XL"),
    (lambda h: h.startswith(b"\x00\x00\x01\x00"), "ICO"),
    (lambda h: h.startswith(b"%!PS"), "PostScript"),
    (lambda h: h[4:8] == b"ftyp", "video"),
)
SIDEWAYS = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height
_BROKEN_HEADER = (SyntaxError, OSError, EOFError, ValueError, TypeError, KeyError, IndexError, OverflowError)
_ENDS_EARLY = ("truncated", "eof", "unexpected end", "not enough")


@dataclass(frozen=True, kw_only=True)
class ImageLimits:
    """What one picture may cost. max_bytes: of the file. max_pixels: width x height, read from the header."""

    max_bytes: int = 256 * 1024 * 1024
    max_pixels: int = 300_000_000


@contextmanager
def readable(source: ImageSource) -> Iterator[BinaryIO]:
    """A seekable binary file at position 0: the given one (left open), or the file at the given path (closed)."""
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            yield file
    else:
        source.seek(0)
        yield source


def byte_size(file: BinaryIO) -> int:
    """Length of a seekable file in bytes; leaves it at position 0."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def open_checked(file: BinaryIO, limits: ImageLimits) -> ImageFile.ImageFile:
    """Read the header only and check it.

    Returns the lazy Pillow picture; nothing is decoded yet. Raises RejectedImage: empty, too large, SVG, not an image,
    unsupported, too many pixels, broken or cut header. Pillow's own pixel limit is a global of the process and lower
    than ours, so the plug-in is called directly and the header is checked here.
    """
    size = byte_size(file)
    head = file.read(1024)
    file.seek(0)
    _refuse_by_size(size, limits)
    _refuse_svg(head)
    name = next((name for name in _OPENED_AS if _accepts(name, head)), None)
    if name is None:
        _refuse_unknown(head)
    assert name is not None
    if name == "WEBP" and size < struct.unpack_from("<I", head.ljust(8, b"\0"), 4)[0] + 8:
        raise truncated()
    factory: Callable[[BinaryIO, str], ImageFile.ImageFile] = Image.OPEN[name][0]
    try:
        image = factory(file, "")
    except _BROKEN_HEADER + (struct.error, Image.DecompressionBombError) as error:
        raise _damaged(error) from error
    pixels = image.width * image.height
    if pixels > limits.max_pixels:
        raise RejectedImage(
            RejectionCode.TOO_MANY_PIXELS,
            f"The picture says it is {image.width:,} x {image.height:,} pixels ({pixels / 1e6:,.0f} megapixels); "
            f"the limit is {limits.max_pixels / 1e6:,.0f} megapixels. Cut it into tiles or make it smaller.",
        )
    return image


def decode(image: ImageFile.ImageFile, *, at_least: int | None) -> None:
    """Decode in place. at_least: longest side in pixels that is needed; a JPEG is then decoded at 1/2, 1/4 or 1/8.

    Every byte of the entropy-coded data is still read, so a cut file is noticed. None decodes at full size.
    Raises RejectedImage (truncated, damaged).
    """
    if at_least is not None and image.format in ("JPEG", "MPO"):
        # draft() guarantees both sides; shape the request like the picture so that the longest side decides.
        scale = at_least / max(image.size)
        image.draft("RGB", (max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    try:
        image.load()
    except _BROKEN_HEADER + (struct.error, MemoryError, Image.DecompressionBombError) as error:
        raise _damaged(error) from error


@dataclass(frozen=True)
class DecodedImage:
    """A decoded, upright picture in any Pillow mode, perhaps reduced; width, height: pixels of the upright original."""

    image: Image.Image
    width: int
    height: int


@contextmanager
def decoded(
    source: ImageSource, *, at_least: int | None = None, limits: ImageLimits | None = None
) -> Iterator[DecodedImage]:
    """The picture, decoded (see `decode`), first frame, EXIF orientation applied. Raises RejectedImage."""
    with readable(source) as file:
        image = open_checked(file, limits or ImageLimits())
        stored = image.size
        decode(image, at_least=at_least)
        turned = upright(image)
        width, height = stored[::-1] if exif_orientation(image) in SIDEWAYS else stored
        yield DecodedImage(turned, width, height)


def exif_orientation(image: Image.Image) -> int:
    """EXIF orientation as stored, 1 to 8; 1 if absent, invalid or unreadable."""
    try:
        value = image.getexif().get(0x0112)
    except Exception:  # Pillow's TIFF reader raises many types on hostile input
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def upright(image: Image.Image) -> Image.Image:
    """The picture turned as its EXIF orientation says; the same object if there is nothing to turn."""
    if exif_orientation(image) == 1:
        return image
    return ImageOps.exif_transpose(image)


def to_rgb_or_rgba(image: Image.Image) -> Image.Image:
    """8-bit RGB, or RGBA when the picture has any kind of transparency. 16-bit greys keep their upper 8 bits."""
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    elif image.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(image, dtype=np.float64))
        low, high = float(values.min()), float(values.max())
        scaled = (values - low) * (255.0 / (high - low)) if high > low else np.zeros_like(values)
        image = Image.fromarray(scaled.astype(np.uint8))
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def flatten(image: Image.Image) -> Image.Image:
    """8-bit RGB over white: what a viewer shows for transparent pixels, whatever colour hides behind them."""
    image = to_rgb_or_rgba(image)
    if image.mode == "RGB":
        return image
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")


def truncated() -> RejectedImage:
    """The rejection of a file that ends too early."""
    return RejectedImage(
        RejectionCode.TRUNCATED_IMAGE, "The file ends before the picture does. Copy or download it again."
    )


def _accepts(name: str, head: bytes) -> bool:
    accept = Image.OPEN[name][1]
    return accept is not None and accept(head[:16]) is True


def _refuse_by_size(size: int, limits: ImageLimits) -> None:
    if size == 0:
        raise RejectedImage(RejectionCode.EMPTY_FILE, "The file is empty.")
    if size > limits.max_bytes:
        raise RejectedImage(
            RejectionCode.FILE_TOO_LARGE,
            f"The file has {size / 2**20:,.0f} MiB; the limit is {limits.max_bytes / 2**20:,.0f} MiB.",
        )


def _refuse_svg(head: bytes) -> None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<svg") or (text.startswith((b"<?xml", b"<!--", b"<!doctype")) and b"<svg" in text):
        raise RejectedImage(
            RejectionCode.SVG_REFUSED,
            "SVG files are refused because they can run scripts. Export the picture as PNG.",
        )


def _refuse_unknown(head: bytes) -> None:
    for matches, name in _UNSUPPORTED:
        if matches(head):
            raise RejectedImage(
                RejectionCode.UNSUPPORTED_FORMAT,
                f"This is a {name} file, which is not supported. Export the picture as JPEG, PNG or WebP.",
            )
    raise RejectedImage(
        RejectionCode.NOT_AN_IMAGE,
        "The content is not a picture, whatever the file is called. "
        "Supported are JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF.",
    )


def _damaged(error: BaseException) -> RejectedImage:
    text = str(error).lower()
    if isinstance(error, EOFError) or any(
        word in text for word in ("truncated", "eof", "unexpected end", "not enough")
    ):
        return truncated()
    return RejectedImage(
        RejectionCode.DAMAGED_IMAGE,
        f"The picture cannot be decoded: the file is damaged or incomplete ({type(error).__name__}).",
    )
