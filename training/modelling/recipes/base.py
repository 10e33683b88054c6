"""What a recipe is given, and what it gives back."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.modelling.manifest import Rows
from training.modelling.overfitting import Overfitting
from training.modelling.progress import Reporter
from training.modelling.protocol import Fold, Indices
from training.modelling.spec import RunSpec
from training.serving.preprocessing import Pixels, Preprocessing

Probabilities = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FitContext:
    """One fit. pixels: (n, height, width, 3) uint8 for all rows of the run.

    The recipe may read only fold.fit and fold.judge.

    rng: random numbers of this fold. seed: the same for libraries that want a number. epochs: how many epochs each
    phase of the kept fit after k-fold should take (from the folds), None to take them from the settings.
    """

    spec: RunSpec
    rows: Rows
    pixels: Pixels
    fold: Fold
    reporter: Reporter
    folder: Path
    rng: np.random.Generator
    seed: int
    epochs: dict[str, int] | None = None


@dataclass(frozen=True)
class EpochRow:
    """One epoch, counted from 1 within a fold.

    Losses are mean log losses in nats, without penalties and class weights.
    """

    fold: int
    epoch: int
    phase: str
    train_loss: float
    train_metric: float
    validation_loss: float | None
    validation_metric: float | None
    learning_rate: float

    def as_json(self) -> dict[str, Any]:
        """Return the row as it appears in events and in history.json."""
        judged = self.validation_loss is not None
        return {
            "fold": self.fold,
            "epoch": self.epoch,
            "phase": self.phase,
            "train": {"loss": self.train_loss, "metric": self.train_metric},
            "validation": {"loss": self.validation_loss, "metric": self.validation_metric} if judged else None,
            "learning_rate": self.learning_rate,
        }


@dataclass(frozen=True)
class Curves:
    """What was seen while fitting. best_epoch: the one whose weights were kept, None for models without epochs."""

    epochs: tuple[EpochRow, ...] = ()
    best_epoch: int | None = None
    overfitting: Overfitting | None = None


@dataclass(frozen=True, kw_only=True)
class Fitted(ABC):
    """A fitted model."""

    curves: Curves = field(default_factory=Curves)

    @abstractmethod
    def predict(self, rows: Indices) -> Probabilities:
        """Return (m, classes) probabilities for rows of the run, two columns for a binary task."""

    @abstractmethod
    def predict_pixels(self, pixels: Pixels) -> Probabilities:
        """Return (m, classes) probabilities from prepared pixels through the whole model.

        What exports are measured against.
        """

    @abstractmethod
    def save(self, folder: Path) -> list[Path]:
        """Write the model and return its files."""

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """Return what was fitted on the training rows (normalisation), and sizes, for metrics.json."""


class Recipe(ABC):
    """A way to make a model."""

    @abstractmethod
    def preprocessing(self, spec: RunSpec) -> Preprocessing:
        """Return how pictures are prepared, in training and in serving."""

    @abstractmethod
    def fit(self, context: FitContext) -> Fitted:
        """Fit on context.fold.fit only; what is judged per epoch is context.fold.judge."""

    @abstractmethod
    def export(self, fitted: Fitted, name: str, context: FitContext) -> Path:
        """Write the fitted model in a format (spec.exports) into the run's folder and return the file."""


def both_columns(raw: npt.NDArray[np.floating], classes: int) -> Probabilities:
    """Return (n, classes): spreads the single output of a binary head on two columns."""
    values = raw.astype(np.float64)
    return np.hstack([1.0 - values, values]) if values.shape[1] == 1 and classes == 2 else values
