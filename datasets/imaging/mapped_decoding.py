"""Decode a large picture into a file instead of into memory."""

import mmap
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
from PIL import Image, ImageFile

from datasets.imaging.opening import ImageLimits, ImageSource, decode, open_checked, readable

# Bytes that Pillow keeps a pixel in. What is not listed (16 and 32 bits a channel) is decoded into memory.
_BYTES = {"RGB": 4, "RGBA": 4, "RGBX": 4, "CMYK": 4, "YCbCr": 4, "LAB": 4, "LA": 4, "PA": 4, "L": 1, "P": 1, "1": 1}


@contextmanager
def decoded_on_disk(
    source: ImageSource, *, scratch: str | None = None, limits: ImageLimits | None = None
) -> Iterator[ImageFile.ImageFile]:
    """The picture as stored (not turned), decoded at full size into an unnamed file of the folder `scratch`.

    Four bytes a pixel: a JPEG of 20,000 x 10,000 takes 800 MB of disk and some 10 MB of memory; the pages that are in
    use belong to the file and can be written out. Not so for what its own format wants whole: a progressive JPEG keeps
    its coefficients in memory (2 to 6 bytes a pixel), WebP and AVIF decode in one piece, 16-bit grey takes 2 bytes.
    The picture must not be used after the context has ended. Raises RejectedImage; OSError when the disk is full.
    """
    with readable(source) as file, tempfile.TemporaryFile(dir=scratch) as space:
        image = open_checked(file, limits or ImageLimits())
        size = image.width * image.height * _BYTES.get(image.mode, 0)
        if size == 0:
            decode(image, at_least=None)
            yield image
            return
        # Without its blocks a mapped file on a full disk ends in SIGBUS, not in an error.
        os.posix_fallocate(space.fileno(), 0, size)
        # Pillow keeps a reference to the memory for as long as the picture lives.
        mapped = mmap.mmap(space.fileno(), size)
        image.im = Image.fromarrow(_as_arrow(mapped, _BYTES[image.mode]), image.mode, image.size).im
        decode(image, at_least=None)
        yield image


def _as_arrow(memory: mmap.mmap, bytes_a_pixel: int) -> pa.Array:
    flat = pa.Array.from_buffers(pa.uint8(), len(memory), [None, pa.py_buffer(memory)])
    return flat if bytes_a_pixel == 1 else pa.FixedSizeListArray.from_arrays(flat, bytes_a_pixel)
