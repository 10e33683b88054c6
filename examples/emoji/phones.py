"""Simulated phones: the exported model, run without the server, as a phone that was offline would."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client.api import Touchstone
from training.serving.card import ServingCard
from training.serving.loader import load_predictor
from training.serving.predictor import Predictor

SUFFIXES = {"litert_int8": ".tflite", "onnx": ".onnx"}  # in the order a phone prefers them
LIKELIEST = 5


@dataclass(frozen=True)
class SimulatedPhone:
    """A phone with an exported model on it."""

    predictor: Predictor
    keys: tuple[str, ...]

    @classmethod
    def with_model(cls, client: Touchstone, project: str, model: str) -> "SimulatedPhone":
        """Download the model's file for devices and the card that says how to prepare its input."""
        exports = client.get(f"projects/{project}/models/{model}/exports")
        by_format = {one["format"]: one for one in exports["results"]}
        chosen = next(name for name in SUFFIXES if name in by_format)
        card = ServingCard.from_json(exports["serving_card"])
        folder = Path(tempfile.mkdtemp(prefix="touchstone-phone-"))
        file = folder / f"model{SUFFIXES[chosen]}"
        file.write_bytes(client.download(by_format[chosen]["download_url"]))
        return cls(load_predictor(file, card), tuple(one.key for one in card.classes))

    def answer(self, pictures: Sequence[bytes]) -> list[dict[str, Any]]:
        """The predicted class of each picture, its probability, and the likeliest classes with theirs."""
        answers = []
        for row in self.predictor.predict(list(pictures)):
            likeliest = row.argsort()[::-1][:LIKELIEST]
            answers.append(
                {
                    "predicted": self.keys[int(likeliest[0])],
                    "score": min(float(row[likeliest[0]]), 1.0),
                    "probabilities": {self.keys[int(n)]: min(float(row[n]), 1.0) for n in likeliest},
                }
            )
        return answers
