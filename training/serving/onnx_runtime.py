"""Prediction from an ONNX file: what the web tier and the workers use (no TensorFlow in the process)."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from training.serving.card import ServingCard
from training.serving.predictor import ModelFileError, Predictor


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Open an ONNX file on the CPU with so many threads. Raises ModelFileError."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that spin while they wait would eat the other core of a small machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime raises a dozen unrelated types for one meaning
        raise ModelFileError(f"{path.name} is not an ONNX model that can be loaded ({error}).") from error


class OnnxPredictor(Predictor):
    """Prediction with ONNX Runtime; one session serves all threads. Any batch size, 0.05 to 20 ms an image."""

    def __init__(self, path: Path, card: ServingCard, *, threads: int = 1) -> None:
        """Load the file and check that it takes (n, height, width, 3). Raises ModelFileError."""
        super().__init__(path, card)
        self._session = open_session(path, threads)
        inputs = self._session.get_inputs()
        wanted = [card.preprocessing.height, card.preprocessing.width, 3]
        if len(inputs) != 1 or inputs[0].shape[1:] != wanted:
            found = ", ".join(f"{i.name} {i.shape}" for i in inputs)
            raise ModelFileError(f"{path.name} takes {found}; the serving card says (n, {wanted[0]}, {wanted[1]}, 3).")
        self._input = inputs[0].name
        self._output = self._session.get_outputs()[0].name

    def _run(self, inputs: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        result: npt.NDArray[np.float32] = self._session.run([self._output], {self._input: inputs})[0]
        return result
