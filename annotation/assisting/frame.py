"""Between a picture and the square frame that the network sees: the longest side is scaled, the rest is empty."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from annotation.assisting.card import ModelCard

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Hint:
    """What somebody has shown: a box around the object, (x, y, width, height), and places (x, y, inside); pixels."""

    box: tuple[float, float, float, float]
    points: tuple[tuple[float, float, bool], ...] = ()


@dataclass(frozen=True)
class Found:
    """The object's pixels: bits of shape (height, width) with their upper left corner at (x, y) of the picture."""

    x: int
    y: int
    bits: npt.NDArray[np.bool_]


def framed(picture: Image.Image, card: ModelCard) -> Floats:
    """picture: RGB, upright. The encoder's input, (1, 3, side, side) or (1, side, side, 3)."""
    scale = card.side / max(picture.size)
    width, height = (max(1, round(length * scale)) for length in picture.size)
    small = picture.resize((width, height), Image.Resampling.BILINEAR)
    mean, std = (np.array(three, dtype=np.float32) for three in (card.mean, card.std))
    values = (np.asarray(small, dtype=np.float32) - mean) / std
    frame = np.zeros((1, card.side, card.side, 3), dtype=np.float32)
    frame[0, :height, :width] = values
    return frame if card.channels_last else np.ascontiguousarray(frame.transpose(0, 3, 1, 2))


def prompt(hint: Hint, card: ModelCard, width: int, height: int) -> tuple[Floats, Floats]:
    """Points (1, n, 2) in pixels of the frame, and what each is (1, n). width, height: of the picture."""
    scale = card.side / max(width, height)
    x, y, across, down = hint.box
    places = [(px, py) for px, py, _ in hint.points] + [(x, y), (x + across, y + down)]
    kinds = [1.0 if inside else 0.0 for *_, inside in hint.points] + [2.0, 3.0]
    return np.array([places], dtype=np.float32) * np.float32(scale), np.array([kinds], dtype=np.float32)


def enlarged(logits: Floats, width: int, height: int) -> Found | None:
    """Pixels of a picture of width x height whose logit is above 0. logits: (h, w) over the whole square frame.

    Only the part around them is enlarged, bilinearly, so that the edge is smooth. None without any.
    """
    rows, columns = np.nonzero(logits > 0)
    if rows.size == 0:
        return None
    per_cell = max(width, height) / max(logits.shape)
    # A cell beyond the outermost, for between two centres the sign may still be that of the inner one.
    left, top = max(0, int((columns.min() - 1) * per_cell)), max(0, int((rows.min() - 1) * per_cell))
    right = min(width, int(np.ceil((columns.max() + 2) * per_cell)))
    bottom = min(height, int(np.ceil((rows.max() + 2) * per_cell)))
    if right <= left or bottom <= top:
        return None  # all of it in the empty part of the frame
    cells = Image.fromarray(np.ascontiguousarray(logits, dtype=np.float32))
    # Rounding must not lead out of the frame.
    source = (left / per_cell, top / per_cell, min(right / per_cell, cells.width), min(bottom / per_cell, cells.height))
    large = cells.resize((right - left, bottom - top), Image.Resampling.BILINEAR, box=source)
    bits = np.asarray(large) > 0
    return _cropped(bits, left, top)


def _cropped(bits: npt.NDArray[np.bool_], left: int, top: int) -> Found | None:
    rows, columns = np.flatnonzero(bits.any(axis=1)), np.flatnonzero(bits.any(axis=0))
    if rows.size == 0:
        return None
    inner = bits[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Found(left + int(columns[0]), top + int(rows[0]), inner)


def run_lengths(bits: npt.NDArray[np.bool_]) -> list[int]:
    """COCO's counts: down the columns, zeros first.

    >>> run_lengths(np.array([[True, False], [True, True]]))
    [0, 2, 1, 1]
    """
    flat = np.asarray(bits).ravel(order="F")
    ends = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    edges = np.concatenate([[0], ends, [flat.size]])
    counts = np.diff(edges).tolist()
    return [0, *counts] if flat[0] else counts
