"""All pictures of a run, prepared once, in one file on disk that is mapped into memory."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from training.modelling.manifest import ManifestError, Rows
from training.modelling.progress import Reporter
from training.serving.preprocessing import BrokenImage, Pixels, Preprocessing, prepare_one

FILE = "pixels.npy"
CHECK_EVERY = 20
REPORT_EVERY = 1000


@dataclass(frozen=True)
class Pictures:
    """pixels: (n, height, width, 3) uint8, a memory map, so that the pictures need not fit into memory.

    Row i is row i.
    """

    pixels: Pixels
    preprocessing: Preprocessing
    path: Path

    @classmethod
    def prepare(cls, rows: Rows, preprocessing: Preprocessing, folder: Path, reporter: Reporter) -> Self:
        """Decode and resize every picture exactly as serving does.

        Raises ManifestError naming a picture that cannot be read.
        """
        shape = (len(rows.items), preprocessing.height, preprocessing.width, 3)
        path = folder / FILE
        pixels = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)
        for index, source in enumerate(rows.paths):
            if index % CHECK_EVERY == 0:
                reporter.check()
            if index and index % REPORT_EVERY == 0:
                reporter.message(f"{index} of {len(rows.items)} pictures are prepared.")
            try:
                pixels[index] = prepare_one(source, preprocessing)
            except BrokenImage as error:
                raise ManifestError(
                    f"The picture of item {rows.items[index]} cannot be read: {error.reason}"
                ) from error
        return cls(pixels, preprocessing, path)

    def close(self) -> None:
        """Delete the file."""
        self.path.unlink(missing_ok=True)
