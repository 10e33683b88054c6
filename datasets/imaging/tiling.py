"""Cut a large picture into the tiles of its pyramid, holding a few tiles at a time."""

import io
from collections.abc import Container, Generator, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from datasets.imaging.mapped_decoding import decoded_on_disk
from datasets.imaging.opening import SIDEWAYS, ImageLimits, ImageSource, exif_orientation, to_rgb_or_rgba
from datasets.imaging.pyramid import MAX_TILES, TILE_SIDE, Pyramid, TileAddress
from datasets.imaging.rejection import RejectedImage, RejectionCode

MEDIA_TYPE = "image/webp"
SUFFIX = ".webp"
_QUALITY = 88
_METHOD = 2  # 9 ms a tile; the default of 4 takes 20 ms and saves 3 %
_MAX_PROFILE = 16 * 1024  # goes into every tile; what is larger describes a printing press
_Box = tuple[int, int, int, int]
# What turns stored pixels upright, by EXIF orientation.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Tile:
    """data: a WebP file; None when the tile was known."""

    address: TileAddress
    data: bytes | None


def cut(
    source: ImageSource,
    *,
    known: Container[TileAddress] = frozenset(),
    scratch: str | None = None,
    limits: ImageLimits | None = None,
    tile_side: int = TILE_SIDE,
) -> Iterator[Tile]:
    """Every tile once, the finer before the coarser, the one that shows everything last.

    EXIF orientation is applied; transparency and a small colour profile are kept. Each level is the mean over 2 x 2
    pixels of the one above, computed from pixels and never from encoded tiles, so the bytes of a tile depend on the
    picture alone: tiles in `known`, from a run that ended early, need not be encoded again. Besides the decoded picture
    (see `decoded_on_disk`; `scratch` is its folder) at most four tiles a level are in memory.
    Raises RejectedImage (more than MAX_TILES tiles too).
    """
    with decoded_on_disk(source, scratch=scratch, limits=limits) as stored:
        cutter = _Cutter(stored, known, tile_side)
        count = cutter.pyramid.count()
        if count > MAX_TILES:
            raise RejectedImage(
                RejectionCode.TOO_MANY_PIXELS,
                f"The picture would have {count:,} tiles; the limit is {MAX_TILES:,}. Cut it into parts.",
            )
        yield from cutter.tile(TileAddress(cutter.pyramid.lowest, 0, 0))


class _Cutter:
    def __init__(self, stored: Image.Image, known: Container[TileAddress], tile_side: int) -> None:
        self.stored, self.known = stored, known
        self.orientation = exif_orientation(stored)
        size = stored.size[::-1] if self.orientation in SIDEWAYS else stored.size
        self.pyramid = Pyramid(*size, tile_side)
        self.range = stored.getextrema() if stored.mode in ("I", "F") else None
        profile = stored.info.get("icc_profile") if stored.mode in ("RGB", "RGBA") else None
        self.profile: bytes = profile if profile and len(profile) <= _MAX_PROFILE else b""

    def tile(self, address: TileAddress) -> Generator[Tile, None, Image.Image]:
        """Yields the tiles of this part of the picture, this one last; returns its pixels."""
        if address.level == self.pyramid.highest:
            pixels = self._crop(self.pyramid.box(address))
        else:
            pixels = yield from self._from_finer(address)
        yield Tile(address, None if address in self.known else self._encoded(pixels))
        return pixels

    def _from_finer(self, address: TileAddress) -> Generator[Tile, None, Image.Image]:
        left, top, right, bottom = self.pyramid.box(address)
        width, height = self.pyramid.size(address.level + 1)
        size = (min(2 * right, width) - 2 * left, min(2 * bottom, height) - 2 * top)
        whole: Image.Image | None = None
        for finer in self.pyramid.below(address):
            part = yield from self.tile(finer)
            whole = whole or Image.new(part.mode, size)
            x, y, _, _ = self.pyramid.box(finer)
            whole.paste(part, (x - 2 * left, y - 2 * top))
        assert whole is not None
        return whole.reduce(2)

    def _crop(self, box: _Box) -> Image.Image:
        """A part of the upright picture as RGB or RGBA."""
        part = self.stored.crop(_stored_box(box, self.orientation, self.stored.size))
        turn = _TURNS.get(self.orientation)
        if turn is not None:  # the first of them is 0
            part = part.transpose(turn)
        return to_rgb_or_rgba(part if self.range is None else self._grey(part))

    def _grey(self, part: Image.Image) -> Image.Image:
        """32 bits a pixel, stretched by the range of the whole picture and not of the part."""
        assert self.range is not None
        low, high = (float(end) for end in self.range)  # type: ignore[arg-type]
        values = np.nan_to_num(np.asarray(part, dtype=np.float64)) - low
        scaled = values * (255.0 / (high - low)) if high > low else np.zeros_like(values)
        return Image.fromarray(scaled.clip(0, 255).astype(np.uint8))

    def _encoded(self, pixels: Image.Image) -> bytes:
        out = io.BytesIO()
        pixels.save(out, "WEBP", quality=_QUALITY, method=_METHOD, icc_profile=self.profile)
        return out.getvalue()


def _stored_box(box: _Box, orientation: int, stored: tuple[int, int]) -> _Box:
    """Where the pixels of a box of the upright picture are stored. stored: width, height before turning."""
    left, top, right, bottom = box
    width, height = stored
    if orientation in (5, 6, 7, 8):
        left, top, right, bottom = top, left, bottom, right
    if orientation in (2, 3, 7, 8):
        left, right = width - right, width - left
    if orientation in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    return left, top, right, bottom
