"""dHash: 64 bits that stay nearly the same when a picture is re-encoded, resized or slightly changed."""

import numpy as np
from PIL import Image

from datasets.imaging.opening import ImageLimits, ImageSource, decoded, flatten

HASH_DECODE_SIDE = 128  # a JPEG needs no more than this for a 9 x 8 picture


def perceptual_hash(source: ImageSource, *, limits: ImageLimits | None = None) -> int:
    """Difference hash of a picture as signed 64-bit integer, ready for a PostgreSQL bigint.

    source: path or seekable binary file. Decoded in draft mode, EXIF-oriented, transparency over white.
    Raises RejectedImage. See `difference_hash`.
    """
    with decoded(source, at_least=HASH_DECODE_SIDE, limits=limits) as picture:
        return difference_hash(picture.image)


def difference_hash(image: Image.Image) -> int:
    """Difference hash of a decoded, upright picture.

    The picture is made grey and 9 wide, 8 high; bit (row, column), row-major from the most significant, is 1 where a
    pixel is brighter than its left neighbour. Returned as two's complement int64. Invariant to brightness and contrast
    as long as nothing clips; not to flips, turns or crops beyond a few percent. A flat picture hashes to 0, whatever
    its colour. Compare with `hamming_distance`; up to 8 of 64 bits is the customary "near duplicate".
    Source: N. Krawetz, "Kind of like that", 2013.
    """
    grey = flatten(image).convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    pixels = np.asarray(grey, dtype=np.int16)
    bits = (pixels[:, 1:] > pixels[:, :-1]).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)


def hamming_distance(a: int, b: int) -> int:
    """Number of differing bits of two hashes (signed or unsigned 64-bit): 0 to 64."""
    return ((a ^ b) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()
