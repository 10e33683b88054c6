"""Changed copies of training pictures: mirrored, shifted, zoomed, brightened.

In numpy, so that a seed settles every bit.
"""

import numpy as np
import numpy.typing as npt

from training.serving.preprocessing import Pixels

SHIFT = 0.08  # share of the side
ZOOM = 0.12
BRIGHTNESS = 0.12  # share of the range
CONTRAST = 0.15


def augment(pixels: Pixels, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return changed copies, (n, height, width, 3) float32 in 0..255, of as many pictures.

    Each picture is mirrored with probability one half, zoomed and shifted (nearest pixel, the border repeated), and its
    contrast and brightness are changed. Only training pictures pass through here.
    """
    count, height, width, _ = pixels.shape
    zoom = rng.uniform(1 - ZOOM, 1 + ZOOM, size=(count, 1))
    mirror = np.where(rng.random((count, 1)) < 0.5, -1.0, 1.0)
    columns = _sources(width, zoom * mirror, rng.uniform(-SHIFT, SHIFT, size=(count, 1)))
    rows = _sources(height, zoom, rng.uniform(-SHIFT, SHIFT, size=(count, 1)))
    moved = pixels[np.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]].astype(np.float32)
    contrast = rng.uniform(1 - CONTRAST, 1 + CONTRAST, size=(count, 1, 1, 1)).astype(np.float32)
    brightness = 255 * rng.uniform(-BRIGHTNESS, BRIGHTNESS, size=(count, 1, 1, 1)).astype(np.float32)
    return np.asarray(np.clip((moved - 127.5) * contrast + 127.5 + brightness, 0, 255), dtype=np.float32)


def _sources(side: int, scale: npt.NDArray[np.float64], shift: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return (n, side): for each target pixel the source pixel along one axis."""
    centre = (side - 1) / 2
    places = (np.arange(side)[None, :] - centre) * scale + centre + shift * side
    return np.clip(np.rint(places), 0, side - 1).astype(np.int64)
