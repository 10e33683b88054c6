"""Figures that describe how a picture looks, comparable between pictures of any size."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from datasets.imaging.opening import ImageLimits, ImageSource, decoded, flatten, to_rgb_or_rgba

STATISTICS_SIDE = 512
STATISTIC_NAMES = (
    "brightness_mean",
    "contrast",
    "saturation_mean",
    "sharpness",
    "colourfulness",
    "entropy",
    "dark_share",
    "bright_share",
    "red_mean",
    "green_mean",
    "blue_mean",
    "border_mean",
    "border_contrast",
    "opaque_share",
    "aspect_ratio",
    "megapixels",
)


def image_statistics(source: ImageSource, *, limits: ImageLimits | None = None) -> dict[str, float]:
    """Statistics of one picture: the keys of `STATISTIC_NAMES`, all finite.

    Computed on a copy whose longest side is at most 512 pixels (a JPEG is decoded reduced), upright, transparency over
    white, all on the 0 to 1 scale of sRGB values unless said:
    brightness_mean, contrast (mean and standard deviation of Rec. 601 luma); saturation_mean (HSV);
    sharpness (variance of the 4-neighbour Laplacian of luma in 0..255 units, unbounded; low is blurred; compare only
    pictures of about equal size, since small pictures are not enlarged); colourfulness (Hasler and Suesstrunk's M3 in
    0..255 units, 0 is grey, above 60 is vivid); entropy (bits of the luma histogram, 0 to 8); dark_share, bright_share
    (share of pixels with luma below 0.1, above 0.9); red_mean, green_mean, blue_mean; border_mean, border_contrast
    (luma of the outermost 2% of the shorter side, at least one pixel); opaque_share (share of pixels with alpha above
    one half); aspect_ratio (width / height of the upright original); megapixels (of the original).
    Raises RejectedImage. Source: Hasler & Suesstrunk 2003 (colourfulness); Pech-Pacheco et al. 2000 (Laplacian).
    """
    with decoded(source, at_least=STATISTICS_SIDE, limits=limits) as picture:
        scale = STATISTICS_SIDE / max(picture.image.size)
        small = to_rgb_or_rgba(picture.image)
        if scale < 1:
            width, height = (max(1, round(length * scale)) for length in small.size)
            small = small.resize((width, height), Image.Resampling.BOX)
    alpha = np.asarray(small.getchannel("A")) if small.mode == "RGBA" else None
    return statistics_of_pixels(np.asarray(flatten(small)), alpha=alpha) | {
        "aspect_ratio": picture.width / picture.height,
        "megapixels": picture.width * picture.height / 1e6,
    }


def statistics_of_pixels(pixels: NDArray[np.uint8], *, alpha: NDArray[np.uint8] | None = None) -> dict[str, float]:
    """The statistics that need only pixels. pixels: shape (height, width, 3), uint8; alpha: shape (height, width)."""
    rgb = pixels.astype(np.float32)
    luma = rgb @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    unit = luma / 255.0
    top = rgb.max(axis=2)
    saturation = np.where(top > 0, (top - rgb.min(axis=2)) / np.maximum(top, 1.0), 0.0)
    border = unit[_border_mask(unit.shape[0], unit.shape[1])]
    red, green, blue = (float(rgb[:, :, i].mean() / 255.0) for i in range(3))
    return {
        "brightness_mean": float(unit.mean()),
        "contrast": float(unit.std()),
        "saturation_mean": float(saturation.mean()),
        "sharpness": laplacian_variance(luma),
        "colourfulness": _colourfulness(rgb),
        "entropy": _entropy(luma),
        "dark_share": float((unit < 0.1).mean()),
        "bright_share": float((unit > 0.9).mean()),
        "red_mean": red,
        "green_mean": green,
        "blue_mean": blue,
        "border_mean": float(border.mean()),
        "border_contrast": float(border.std()),
        "opaque_share": 1.0 if alpha is None else float((alpha > 127).mean()),
    }


def laplacian_variance(luma: NDArray[np.float32]) -> float:
    """Variance of the 4-neighbour Laplacian. luma: shape (height, width), 0..255. 0.0 below 3 x 3 pixels."""
    if min(luma.shape) < 3:
        return 0.0
    inner = luma[1:-1, 1:-1]
    laplacian = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4 * inner
    return float(laplacian.var())


def _border_mask(height: int, width: int) -> NDArray[np.bool_]:
    thickness = max(1, round(0.02 * min(height, width)))
    mask = np.ones((height, width), dtype=bool)
    mask[thickness:-thickness, thickness:-thickness] = False
    return mask


def _colourfulness(rgb: NDArray[np.float32]) -> float:
    red_green = rgb[:, :, 0] - rgb[:, :, 1]
    yellow_blue = 0.5 * (rgb[:, :, 0] + rgb[:, :, 1]) - rgb[:, :, 2]
    spread = math.hypot(float(red_green.std()), float(yellow_blue.std()))
    return spread + 0.3 * math.hypot(float(red_green.mean()), float(yellow_blue.mean()))


def _entropy(luma: NDArray[np.float32]) -> float:
    counts = np.bincount(np.rint(luma).astype(np.int64).ravel().clip(0, 255), minlength=256)
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log2(shares)).sum()) + 0.0
