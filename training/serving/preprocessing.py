"""From an encoded picture to the numbers a model takes, the same in training and in serving.

The steps are data (a versioned JSON object stored beside every model), executed here with Pillow and numpy only. What
is *fitted* on training data, such as channel means, is not here: it sits inside the model file, so that no server can
forget it.
"""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self, cast

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

Pixels = npt.NDArray[np.uint8]
Source = Image.Image | bytes | Path
ResizeMode = Literal["stretch", "pad", "crop"]
Resampling = Literal["bilinear", "bicubic", "box"]

VERSION = 1
MAX_SOURCE_PIXELS = 100_000_000  # a picture that claims more is refused before a pixel is decoded
_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "box": Image.Resampling.BOX,
}
_STEPS = ("stretch", "pad", "crop")


class BrokenImage(ValueError):
    """A picture that cannot be read; `index` is its place in the request, counted from 0, `reason` a sentence."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(f"Image {index + 1}: {reason}")
        self.index = index
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Preprocessing:
    """Decode, orient by EXIF, lay transparent pixels on a background, resize; result RGB, 8 bits, channels last.

    height, width: pixels of the result. mode: "stretch" ignores the ratio; "pad" fits the whole picture inside and
    fills the rest with the background; "crop" brings the shorter side to `shorter_side` and takes the centre.
    background: RGB, 0..255; white suits pictograms with an alpha channel. Raises ValueError for an unknown mode or
    filter and for sizes that cannot be.
    """

    height: int
    width: int
    mode: ResizeMode = "pad"
    shorter_side: int | None = None
    resampling: Resampling = "bicubic"
    background: tuple[int, int, int] = (255, 255, 255)

    def __post_init__(self) -> None:
        if not (1 <= self.height <= 4096 and 1 <= self.width <= 4096):
            raise ValueError(f"Image size {self.width}x{self.height} is outside 1..4096 pixels.")
        if self.mode not in _STEPS:
            raise ValueError(f"Unknown resize mode {self.mode!r}; known: {', '.join(_STEPS)}.")
        if self.resampling not in _FILTERS:
            raise ValueError(f"Unknown resampling {self.resampling!r}; known: {', '.join(_FILTERS)}.")
        if self.mode == "crop" and (self.shorter_side is None or self.shorter_side < max(self.height, self.width)):
            raise ValueError("Mode 'crop' needs shorter_side, at least as large as the cropped size.")
        if len(self.background) != 3 or not all(0 <= channel <= 255 for channel in self.background):
            raise ValueError("background is three numbers from 0 to 255.")

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object that `from_json` reads; `steps` says the same in words."""
        fields = asdict(self) | {"background": list(self.background)}
        return {"version": VERSION, "steps": self.steps(), "dtype": "float32", "range": [0, 255], **fields}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `as_json` wrote. Raises ValueError for another version or missing fields."""
        if data.get("version") != VERSION:
            raise ValueError(f"Preprocessing version {data.get('version')!r} is not known here; known: {VERSION}.")
        try:
            return cls(
                height=int(data["height"]),
                width=int(data["width"]),
                mode=data["mode"],
                shorter_side=data.get("shorter_side"),
                resampling=data["resampling"],
                background=cast(tuple[int, int, int], tuple(int(channel) for channel in data["background"])),
            )
        except KeyError as error:
            raise ValueError(f"Preprocessing lacks the field {error.args[0]!r}.") from error

    def steps(self) -> list[str]:
        """Return the steps as sentences, in order."""
        resize = {
            "stretch": f"resize to {self.width}x{self.height} ({self.resampling}), ratio not kept",
            "pad": f"fit inside {self.width}x{self.height} ({self.resampling}), fill the rest with the background",
            "crop": f"shorter side to {self.shorter_side} ({self.resampling}), centre crop {self.width}x{self.height}",
        }[self.mode]
        return [
            "turn by the EXIF orientation",
            f"lay transparent pixels on RGB {self.background}",
            "convert to RGB with 8 bits a channel",
            resize,
            "float32, 0 to 255, channels last; scaling is inside the model",
        ]


def open_picture(source: Source, *, index: int = 0) -> Image.Image:
    """Open and decode one picture (bytes, path or Pillow image).

    Raises BrokenImage with a sentence a person can act on.
    """
    if isinstance(source, Image.Image):
        return source
    try:
        picture = Image.open(io.BytesIO(source) if isinstance(source, bytes) else source)
        if picture.width * picture.height > MAX_SOURCE_PIXELS:
            limit = MAX_SOURCE_PIXELS // 1_000_000
            raise BrokenImage(index, f"{picture.width} x {picture.height} pixels are more than {limit} million.")
        picture.load()
    except BrokenImage:
        raise
    except UnidentifiedImageError as error:
        what = "The file is empty." if source == b"" else "This is not a picture in a format that can be read."
        raise BrokenImage(index, what) from error
    except FileNotFoundError as error:
        raise BrokenImage(index, "The file is not there.") from error
    except Image.DecompressionBombError as error:
        raise BrokenImage(index, "The picture has too many pixels.") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BrokenImage(index, f"The file is damaged or cut off ({error}).") from error
    return picture


def flatten(picture: Image.Image, background: tuple[int, int, int]) -> Image.Image:
    """Return RGB with 8 bits a channel: oriented by EXIF, transparency laid on the background, 16 bits scaled to 8."""
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I;16") or picture.mode == "I":
        grey = np.asarray(picture, dtype=np.float64) / 257.0
        return Image.fromarray(np.clip(np.rint(grey), 0, 255).astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        canvas = Image.new("RGBA", layer.size, (*background, 255))
        return Image.alpha_composite(canvas, layer).convert("RGB")
    return picture.convert("RGB")


def resize(picture: Image.Image, spec: Preprocessing) -> Image.Image:
    """Return the RGB picture at the size of the specification."""
    how = _FILTERS[spec.resampling]
    size = (spec.width, spec.height)
    if spec.mode == "stretch":
        return picture if picture.size == size else picture.resize(size, how)
    if spec.mode == "crop":
        assert spec.shorter_side is not None  # __post_init__ refuses it
        scale = spec.shorter_side / min(picture.size)
        whole = (max(spec.width, round(picture.width * scale)), max(spec.height, round(picture.height * scale)))
        picture = picture if picture.size == whole else picture.resize(whole, how)
        left, top = (whole[0] - spec.width) // 2, (whole[1] - spec.height) // 2
        return picture.crop((left, top, left + spec.width, top + spec.height))
    scale = min(spec.width / picture.width, spec.height / picture.height)
    inside = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    picture = picture if picture.size == inside else picture.resize(inside, how)
    if inside == size:
        return picture
    canvas = Image.new("RGB", size, spec.background)
    canvas.paste(picture, ((spec.width - inside[0]) // 2, (spec.height - inside[1]) // 2))
    return canvas


def prepare_one(source: Source, spec: Preprocessing, *, index: int = 0) -> Pixels:
    """Return one picture as (height, width, 3) uint8. Raises BrokenImage."""
    try:
        return np.asarray(resize(flatten(open_picture(source, index=index), spec.background), spec), dtype=np.uint8)
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, BrokenImage):
            raise
        raise BrokenImage(index, f"The file is damaged or cut off ({error}).") from error


def prepare(sources: Sequence[Source], spec: Preprocessing) -> Pixels:
    """Return (n, height, width, 3) uint8 for n pictures. Raises BrokenImage for the first that cannot be read."""
    pixels = np.empty((len(sources), spec.height, spec.width, 3), dtype=np.uint8)
    for index, source in enumerate(sources):
        pixels[index] = prepare_one(source, spec, index=index)
    return pixels


@dataclass(frozen=True)
class Prepared:
    """Pictures that could be read.

    Pixels: (m, height, width, 3) uint8; kept: (m,) places in the request; broken: the rest.
    """

    pixels: Pixels
    kept: npt.NDArray[np.int64]
    broken: tuple[BrokenImage, ...]


def prepare_valid(sources: Sequence[Source], spec: Preprocessing) -> Prepared:
    """Prepare what can be read and list what cannot, for callers that must not lose a batch to one bad file."""
    pixels: list[Pixels] = []
    kept: list[int] = []
    broken: list[BrokenImage] = []
    for index, source in enumerate(sources):
        try:
            pixels.append(prepare_one(source, spec, index=index))
            kept.append(index)
        except BrokenImage as error:
            broken.append(error)
    stacked = np.stack(pixels) if pixels else np.empty((0, spec.height, spec.width, 3), dtype=np.uint8)
    return Prepared(stacked, np.asarray(kept, dtype=np.int64), tuple(broken))
