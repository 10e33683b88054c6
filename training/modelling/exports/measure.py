"""Every exported file is run against the model it came from before it is called done."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from common.numerics.estimate import Estimate
from common.said import Phrase, Said
from training.evaluation.intervals import grouped_share, number_groups
from training.evaluation.scores import Floats, Kind, decide
from training.modelling.recipes.base import Probabilities
from training.serving.card import ServingCard
from training.serving.loader import load_predictor
from training.serving.preprocessing import Pixels

TIMED_PICTURES = 30
WARM_UP = 3


@dataclass(frozen=True)
class MeasuredRows:
    """The rows an export is measured on. judged: the model was not fitted on them, so the accuracy means something."""

    pixels: Pixels
    truth: Floats
    groups: npt.NDArray[np.str_]
    weights: Floats
    judged: bool


@dataclass(frozen=True)
class Original:
    """The model before export on the measured rows: probabilities (m, classes), and CPU milliseconds a picture."""

    probabilities: Probabilities
    cpu_ms: float

    @classmethod
    def measured(cls, predict: Callable[[Pixels], Probabilities], rows: MeasuredRows) -> Self:
        """Run the original once for all exports."""
        return cls(predict(rows.pixels), cpu_milliseconds(predict, rows.pixels))


AGREES = Phrase(
    "export.agrees",
    "{format} decides as the original in {value:.1%} of {n} pictures; no probability differs by more than "
    "{largest:.2g}.",
)
FITTED = Phrase("export.fitted", "These pictures were used for fitting, so the accuracy flatters.")
COSTS = Phrase("export.costs", "It costs {points:.1f} points of accuracy here.")


@dataclass(frozen=True)
class Measurement:
    """An exported file against its model, on the same pictures in the same process.

    size: bytes. cpu_ms: CPU milliseconds of one picture, one thread, decoded already; original_cpu_ms: the same of the
    original. agreement: share of pictures with the same decision. largest_difference: of any probability.
    """

    format: str
    file: str
    size: int
    cpu_ms: float
    original_cpu_ms: float
    agreement: Estimate
    largest_difference: float
    accuracy: Estimate
    original_accuracy: Estimate
    judged: bool
    said: Said

    @property
    def sentence(self) -> str:
        """English."""
        return self.said.sentence

    def as_json(self) -> dict[str, Any]:
        """Return the measurement as a JSON object."""
        return {
            "format": self.format,
            "file": self.file,
            "bytes": self.size,
            "cpu_ms": self.cpu_ms,
            "original_cpu_ms": self.original_cpu_ms,
            "agreement": self.agreement.as_json(),
            "largest_difference": self.largest_difference,
            "accuracy": self.accuracy.as_json(),
            "original_accuracy": self.original_accuracy.as_json(),
            "judged": self.judged,
            "sentence": self.sentence,
            "said": self.said.as_json(),
        }


def measure_export(
    name: str, path: Path, card: ServingCard, original: Original, rows: MeasuredRows, *, level: float
) -> Measurement:
    """Load an exported file the way serving does and compare it with the model it came from, picture by picture."""
    predictor = load_predictor(path, card, threads=1)
    exported, wanted = predictor.predict_pixels(rows.pixels), original.probabilities
    kind: Kind = card.kind
    groups = number_groups(rows.groups, len(rows.pixels))
    same = (decide(exported, kind) == decide(wanted, kind)).all(axis=1).astype(np.float64)
    agreement = grouped_share(same, np.ones(len(same)), groups, level=level)
    largest = float(np.abs(exported - wanted).max())
    accuracy, before = (_accuracy(p, rows, kind, groups, level) for p in (exported, wanted))
    return Measurement(
        format=name,
        file=path.name,
        size=path.stat().st_size,
        cpu_ms=cpu_milliseconds(predictor.predict_pixels, rows.pixels),
        original_cpu_ms=original.cpu_ms,
        agreement=agreement,
        largest_difference=largest,
        accuracy=accuracy,
        original_accuracy=before,
        judged=rows.judged,
        said=_said(name, agreement, largest, accuracy, before, rows.judged),
    )


def cpu_milliseconds(predict: Callable[[Pixels], Any], pixels: Pixels) -> float:
    """Return CPU milliseconds (all threads) of predicting one picture at a time.

    The median of up to 30 after a warm-up.
    """
    chosen = [pixels[index % len(pixels)][None] for index in range(TIMED_PICTURES + WARM_UP)]
    times = []
    for picture in chosen:
        start = time.process_time()
        predict(picture)
        times.append(time.process_time() - start)
    return float(np.median(times[WARM_UP:]) * 1000)


def _accuracy(
    probabilities: Probabilities, rows: MeasuredRows, kind: Kind, groups: npt.NDArray[np.int64], level: float
) -> Estimate:
    right = (decide(probabilities, kind) == rows.truth).all(axis=1)
    return grouped_share(rows.weights * right, rows.weights, groups, level=level)


def _said(name: str, agreement: Estimate, largest: float, accuracy: Estimate, before: Estimate, judged: bool) -> Said:
    said = AGREES(format=name, value=agreement.value or 0.0, n=agreement.n, largest=largest)
    if not judged:
        return said + FITTED()
    if accuracy.value is not None and before.value is not None and accuracy.value < before.value:
        said += COSTS(points=(before.value - accuracy.value) * 100)
    return said
