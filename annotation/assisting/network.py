"""The two halves with ONNX Runtime: the encoder once a picture, the decoder once a hint."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from PIL import Image

from annotation.assisting.card import ModelCard
from annotation.assisting.frame import Floats, Found, Hint, enlarged, framed, prompt

MAX_NUMBERS = 32_000_000  # of all embeddings of a picture together; Segment Anything has one million
MAX_EDGES = 200_000  # down the columns of a mask; an object has thousands, noise has millions


class WeightsRefused(Exception):
    """The weights do not do what the card says; the message is a sentence for the operator."""


class Network:
    """One of the halves. A session serves all threads."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        """Raises WeightsRefused."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._name = path.name
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the runtime raises a dozen unrelated types for one meaning
            said = str(error).replace(f"{path.parent}/", "")  # annotators read it too
            raise WeightsRefused(f"{path.name} is not an ONNX model that can be loaded ({said}).") from error

    def run(self, outputs: list[str], inputs: Mapping[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """Named outputs for named inputs. Raises WeightsRefused when there is no such name or shape, or no numbers."""
        try:
            results: list[npt.NDArray[Any]] = self._session.run(outputs, dict(inputs))
        except Exception as error:
            raise WeightsRefused(f"{self._name} does not take what card.json says ({error}).") from error
        if not all(isinstance(one, np.ndarray) and one.dtype.kind in "fiub" for one in results):
            raise WeightsRefused(f"{self._name} gives something else than arrays of numbers.")
        return results


def encode(encoder: Network, card: ModelCard, picture: Image.Image) -> dict[str, npt.NDArray[np.float16]]:
    """Embeddings of an upright RGB picture by the decoder's input. Raises WeightsRefused.

    In half precision: 2 MB instead of 4, and 11 bits are more than a mask needs.
    """
    found = encoder.run([name for name, _ in card.embeddings], {card.image: framed(picture, card)})
    if sum(one.size for one in found) > MAX_NUMBERS:
        raise WeightsRefused(f"The embeddings of a picture have more than {MAX_NUMBERS:,} numbers.")
    with np.errstate(over="ignore"):
        halves = [one.astype(np.float16) for one in found]
    if not all(np.isfinite(one).all() for one in halves):
        raise WeightsRefused("The embeddings of a picture have numbers beyond ±65,504, or none at all in their place.")
    return {name: one for (_, name), one in zip(card.embeddings, halves, strict=True)}


def decode(
    decoder: Network, card: ModelCard, embeddings: Mapping[str, npt.NDArray[Any]], hint: Hint, size: tuple[int, int]
) -> Found | None:
    """The object that was hinted at, in a picture of (width, height) pixels; of several masks that of the best score.

    None when nothing was found. Raises WeightsRefused.
    """
    points, labels = prompt(hint, card, *size)
    inputs: dict[str, npt.NDArray[Any]] = {name: one.astype(np.float32) for name, one in embeddings.items()}
    inputs |= {card.points: points, card.labels: labels}
    inputs |= {one.name: np.full(one.shape, one.value, dtype=np.float32) for one in card.constants}
    masks, *scores = decoder.run([card.masks, *([card.scores] if card.scores else [])], inputs)
    if masks.ndim != 4 or masks.shape[0] != 1 or masks.shape[1] == 0 or masks.shape[2] != masks.shape[3]:
        raise WeightsRefused(f"The masks of the decoder are {masks.shape}, not (1, k, side, side) over the frame.")
    if scores and scores[0].shape != masks.shape[:2]:
        raise WeightsRefused(f"The scores of the decoder are {scores[0].shape}, not one for each of its masks.")
    logits: Floats = masks[0, int(np.argmax(scores[0])) if scores else 0].astype(np.float32)
    found = enlarged(logits, *size)
    if found is not None and np.count_nonzero(found.bits[1:] != found.bits[:-1]) > MAX_EDGES:
        raise WeightsRefused("The mask is noise. Look at `mean` and `std` in card.json.")
    return found
