"""Prediction from a LiteRT (TensorFlow Lite) file: the int8 versions for small devices."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from training.serving.card import ServingCard
from training.serving.predictor import ModelFileError, Predictor


class LiteRtPredictor(Predictor):
    """Prediction with LiteRT.

    The file has a batch of one; an interpreter is not thread-safe, so each thread gets its own.
    """

    def __init__(self, path: Path, card: ServingCard, *, threads: int = 1) -> None:
        """Load the file and check that it takes (1, height, width, 3). Raises ModelFileError."""
        super().__init__(path, card)
        self._content = path.read_bytes()
        self._threads = threads
        self._local = threading.local()
        shape = [int(side) for side in self._interpreter().get_input_details()[0]["shape"]]
        wanted = [1, card.preprocessing.height, card.preprocessing.width, 3]
        if shape != wanted:
            raise ModelFileError(f"{path.name} takes {shape}; the serving card says {wanted}.")

    def _interpreter(self) -> Any:
        if not hasattr(self._local, "interpreter"):
            try:
                interpreter = Interpreter(model_content=self._content, num_threads=self._threads)
                interpreter.allocate_tensors()
            except (ValueError, RuntimeError) as error:
                raise ModelFileError(f"{self.path.name} is not a LiteRT model that can be loaded ({error}).") from error
            self._local.interpreter = interpreter
        return self._local.interpreter

    def _run(self, inputs: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        interpreter = self._interpreter()
        source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
        rows = np.empty((len(inputs), self.card.outputs), dtype=np.float32)
        for row, picture in enumerate(inputs):
            interpreter.set_tensor(source["index"], _to_tensor(picture[None], source))
            interpreter.invoke()
            rows[row] = _from_tensor(interpreter.get_tensor(target["index"]), target)[0]
        return rows


def _to_tensor(values: npt.NDArray[np.float32], detail: dict[str, Any]) -> npt.NDArray[Any]:
    if detail["dtype"] == np.float32:
        return values
    scale, zero = detail["quantization"]
    limits = np.iinfo(detail["dtype"])
    rounded = np.clip(np.rint(values / scale + zero), limits.min, limits.max)
    return np.asarray(rounded, dtype=detail["dtype"])


def _from_tensor(values: npt.NDArray[Any], detail: dict[str, Any]) -> npt.NDArray[np.float32]:
    if detail["dtype"] == np.float32:
        return values
    scale, zero = detail["quantization"]
    return np.asarray(np.clip((values.astype(np.float32) - zero) * scale, 0.0, 1.0), dtype=np.float32)
