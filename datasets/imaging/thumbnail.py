"""Small WebP copies of a picture for grids and cards."""

import io
from collections.abc import Sequence

from PIL import Image

from datasets.imaging.opening import ImageLimits, ImageSource, decoded, to_rgb_or_rgba

THUMBNAIL_SIDES = (128, 256)
_QUALITY = 82


def thumbnails(
    source: ImageSource, *, sides: Sequence[int] = THUMBNAIL_SIDES, limits: ImageLimits | None = None
) -> dict[int, bytes]:
    """WebP files by longest side in pixels, from one decode.

    source: path or seekable binary file. EXIF orientation is applied, so the result carries no EXIF; transparency and
    a colour profile are kept; a picture smaller than a side is not enlarged. JPEGs are decoded in draft mode at no
    less than twice the largest side. Raises RejectedImage; ValueError for a side below 1.
    """
    if not sides or min(sides) < 1:
        raise ValueError("sides must be positive pixel counts")
    with decoded(source, at_least=2 * max(sides), limits=limits) as source_picture:
        image = source_picture.image
        profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA") else None
        picture = to_rgb_or_rgba(image)
        result = {}
        for side in sorted(sides, reverse=True):  # each from the one before: a quarter of the pixels to read
            picture = _shrink(picture, side)
            result[side] = _webp(picture, profile)
        return result


def _shrink(image: Image.Image, side: int) -> Image.Image:
    scale = side / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(length * scale)) for length in image.size)
    # reducing_gap: a cheap box filter first, the good filter for the last factor of three
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _webp(image: Image.Image, profile: bytes | None) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=4, icc_profile=profile or b"")
    return out.getvalue()
