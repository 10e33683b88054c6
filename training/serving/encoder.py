"""Embeddings of pictures with an encoder in an ONNX file; needs no TensorFlow."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.serving.onnx_runtime import open_session
from training.serving.predictor import CHUNK, ModelFileError
from training.serving.preprocessing import Pixels, Preprocessing, Source, prepare

Embeddings = npt.NDArray[np.float32]
METADATA_KEY = "touchstone_preprocessing"  # JSON of Preprocessing inside the ONNX metadata: the file explains itself


class Encoder:
    """An image encoder. The ONNX file holds its own preprocessing, and an output "embedding" of shape (n, dimension).

    A second output "logits" is optional. Another encoder plugs in by writing such a file. Safe for several threads.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        """Load the file. Raises ModelFileError when it is no encoder."""
        if not path.is_file():
            raise ModelFileError(f"The encoder file {path.name} is not there.")
        self.path = path
        self.file_hash = hashlib.sha256(path.read_bytes()).hexdigest()
        self._session = open_session(path, threads)
        outputs = {output.name: output.shape for output in self._session.get_outputs()}
        described = self._session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
        if "embedding" not in outputs or described is None:
            raise ModelFileError(f"{path.name} has no output named 'embedding' or no {METADATA_KEY} in its metadata.")
        self.dimension = int(outputs["embedding"][1])
        self.preprocessing = Preprocessing.from_json(json.loads(described))
        self._has_logits = "logits" in outputs
        self._input = self._session.get_inputs()[0].name

    def embed(self, images: Sequence[Source]) -> Embeddings:
        """Return (n, dimension) float32, not normalised, for n pictures. Raises BrokenImage."""
        return self._over(images, "embedding", self.dimension)

    def embed_pixels(self, pixels: Pixels) -> Embeddings:
        """Return (n, dimension) for prepared pixels, (n, height, width, 3) uint8."""
        parts = [self._run(pixels[start : start + CHUNK], "embedding") for start in range(0, len(pixels), CHUNK)]
        return np.concatenate(parts) if parts else np.empty((0, self.dimension), dtype=np.float32)

    def classify(self, images: Sequence[Source]) -> npt.NDArray[np.float32]:
        """Return (n, classes) probabilities of the classes the encoder was trained on.

        Raises ModelFileError without logits.
        """
        if not self._has_logits:
            raise ModelFileError(f"{self.path.name} has no logits.")
        logits = self._over(images, "logits", 0)
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)

    def _over(self, images: Sequence[Source], output: str, width: int) -> Embeddings:
        parts = [
            self._run(prepare(images[start : start + CHUNK], self.preprocessing), output)
            for start in range(0, len(images), CHUNK)
        ]
        return np.concatenate(parts) if parts else np.empty((0, width), dtype=np.float32)

    def _run(self, pixels: Pixels, output: str) -> Embeddings:
        result: Embeddings = self._session.run([output], {self._input: pixels.astype(np.float32)})[0]
        return result
