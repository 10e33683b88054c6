"""One way to predict, whatever the file format."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.serving.card import ServingCard
from training.serving.preprocessing import Pixels, Source, prepare

Probabilities = npt.NDArray[np.float64]
# Pictures decoded and predicted at a time, so that memory does not grow with the request; 8 fit a core's cache
# (EfficientNet-Lite0: 8.4 CPU ms a picture by 8, 12.0 by 32).
CHUNK = 8


class ModelFileError(ValueError):
    """A model file that cannot be loaded, or does not fit its serving card."""


class Predictor(ABC):
    """A loaded model; safe to use from several threads at once."""

    def __init__(self, path: Path, card: ServingCard) -> None:
        self.path = path
        self.card = card

    def predict(self, images: Sequence[Source]) -> Probabilities:
        """Return (n, classes) probabilities for n pictures (bytes, paths or Pillow images), columns as card.classes.

        Raises BrokenImage naming the first picture that cannot be read; nothing is predicted for the others then.
        Raises ValueError when the model answers with something that is not a probability.
        """
        parts = [
            self.predict_pixels(prepare(images[start : start + CHUNK], self.card.preprocessing))
            for start in range(0, len(images), CHUNK)
        ]
        return np.concatenate(parts) if parts else np.empty((0, len(self.card.classes)))

    def predict_pixels(self, pixels: Pixels) -> Probabilities:
        """Return (n, classes) probabilities for prepared pixels, (n, height, width, 3) uint8."""
        wanted = (self.card.preprocessing.height, self.card.preprocessing.width, 3)
        if pixels.ndim != 4 or pixels.shape[1:] != wanted:
            raise ValueError(f"Expected pixels of shape (n, {wanted[0]}, {wanted[1]}, 3), got {pixels.shape}.")
        if len(pixels) == 0:
            return np.empty((0, len(self.card.classes)))
        return as_probabilities(self._run(pixels.astype(np.float32)), self.card)

    @abstractmethod
    def _run(self, inputs: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return the raw output, (n, card.outputs), for float32 input 0..255, (n, height, width, 3)."""


def as_probabilities(raw: npt.NDArray[np.floating], card: ServingCard) -> Probabilities:
    """Return (n, classes) from the model's raw (n, card.outputs).

    Checks the range, spreads a binary output on two columns.
    """
    if raw.ndim != 2 or raw.shape[1] != card.outputs:
        raise ValueError(f"The model answered with shape {raw.shape}; expected (n, {card.outputs}).")
    values = raw.astype(np.float64)
    if not np.all(np.isfinite(values)) or values.min(initial=0.0) < -1e-4 or values.max(initial=0.0) > 1 + 1e-4:
        raise ValueError("The model answered with numbers that are not probabilities.")
    values = np.clip(values, 0.0, 1.0)
    return np.hstack([1.0 - values, values]) if card.kind == "binary" else values
