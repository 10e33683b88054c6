"""The linear baseline: logistic regression on a few averaged cells and colour histograms."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from training.modelling.balance import positive_weights, resample, row_weights
from training.modelling.catalogue import LogisticSettings
from training.modelling.exports.linear_onnx import linear_graph, write_graph
from training.modelling.protocol import Indices
from training.modelling.recipes.base import FitContext, Fitted, Probabilities, Recipe, both_columns
from training.modelling.spec import RunSpec
from training.serving.preprocessing import Pixels, Preprocessing

Floats = npt.NDArray[np.float64]
CHUNK = 512
ABSENT = -20.0  # log odds of a class that the fitted rows do not hold: two in a billion


@dataclass(frozen=True)
class LinearModel:
    """outputs = link(((features - mean) / scale) @ weights + bias).

    weights: (features, outputs), bias: (outputs,), mean and scale: (features,), all float32. link: softmax or sigmoid.
    """

    mean: npt.NDArray[np.float32]
    scale: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    link: str

    def __call__(self, features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return (n, outputs) probabilities."""
        logits = ((features - self.mean) / self.scale) @ self.weights + self.bias
        if self.link == "sigmoid":
            return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float32)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def features_of(pixels: Pixels, grid: int, bins: int) -> npt.NDArray[np.float32]:
    """Return (n, 3 grid^2 + 3 bins).

    Cell means (0..1, row, column, channel) and then each channel's histogram (shares).

    pixels: (n, side, side, 3) uint8, side a multiple of grid. A bin is 256 / bins wide and closed on the left.
    """
    count, side = pixels.shape[:2]
    cell = side // grid
    scaled = pixels.astype(np.float32)
    means = scaled.reshape(count, grid, cell, grid, cell, 3).mean(axis=(2, 4), dtype=np.float32) / np.float32(255)
    numbers = np.floor(scaled * np.float32(bins / 256)).astype(np.int64).reshape(count, side * side, 3)
    histograms = np.stack(
        [np.stack([np.bincount(row[:, c], minlength=bins) for c in range(3)]) for row in numbers]
    ).reshape(count, 3 * bins)
    return np.hstack([means.reshape(count, -1), histograms.astype(np.float32) / np.float32(side * side)])


@dataclass(frozen=True, kw_only=True)
class FittedLogistic(Fitted):
    """A fitted linear model with the features of all rows of the run."""

    model: LinearModel
    features: npt.NDArray[np.float32]
    settings: LogisticSettings
    classes: int

    def predict(self, rows: Indices) -> Probabilities:
        """Return (m, classes)."""
        return both_columns(self.model(self.features[rows]), self.classes)

    def predict_pixels(self, pixels: Pixels) -> Probabilities:
        """Return (m, classes) from prepared pixels."""
        features = features_of(pixels, self.settings.grid, self.settings.histogram_bins)
        return both_columns(self.model(features), self.classes)

    def save(self, folder: Path) -> list[Path]:
        """Write model.npz (arrays, no pickle) and model.json (what they mean)."""
        arrays, meaning = folder / "model.npz", folder / "model.json"
        np.savez(arrays, mean=self.model.mean, scale=self.model.scale, weights=self.model.weights, bias=self.model.bias)
        described = {
            "recipe": "baseline_logistic",
            "version": 1,
            "link": self.model.link,
            "grid": self.settings.grid,
            "histogram_bins": self.settings.histogram_bins,
            "formula": "link(((features - mean) / scale) @ weights + bias)",
        }
        meaning.write_text(json.dumps(described), "utf-8")
        return [arrays, meaning]

    def describe(self) -> dict[str, Any]:
        """Return the size of the model."""
        return {"features": self.features.shape[1], "parameters": int(self.model.weights.size + self.model.bias.size)}


class BaselineLogistic(Recipe):
    """Logistic regression; multinomial for one choice, one regression a class for several labels."""

    def preprocessing(self, spec: RunSpec) -> Preprocessing:
        """Return a small square, the whole picture inside."""
        side = _settings(spec).image_size
        return Preprocessing(height=side, width=side, mode="pad")

    def fit(self, context: FitContext) -> FittedLogistic:
        """Standardise on the fitted rows and fit."""
        settings, task, rows = _settings(context.spec), context.spec.task, context.fold.fit
        features = _all_features(context, settings)
        classes = context.rows.targets.argmax(axis=1)
        if task.kind != "multi_label":
            rows = resample(rows, classes[rows], settings.balance, context.rng)
        targets, weights = context.rows.targets[rows], context.rows.weights[rows]
        mean = features[rows].mean(axis=0, dtype=np.float64)
        scale = np.maximum(features[rows].std(axis=0, dtype=np.float64), 1e-3)
        inputs = (features[rows] - mean) / scale
        context.reporter.check()
        if task.kind == "multi_label":
            weights_out, bias = _fit_many(inputs, targets, weights / weights.mean(), settings, context.seed)
        else:
            balanced = row_weights(targets, weights, balanced=settings.class_weights)
            weights_out, bias = _fit_one(inputs, classes[rows], balanced, len(task.classes), settings, context.seed)
        if task.kind == "binary":  # a softmax of two is a sigmoid of the difference
            weights_out, bias = weights_out[:, 1:] - weights_out[:, :1], bias[1:] - bias[:1]
        link = "softmax" if task.kind == "single_choice" else "sigmoid"
        return FittedLogistic(
            model=LinearModel(single(mean), single(scale), single(weights_out), single(bias), link),
            features=features,
            settings=settings,
            classes=len(task.classes),
        )

    def export(self, fitted: Fitted, name: str, context: FitContext) -> Path:
        """Write an ONNX graph that computes features and probabilities from pixels."""
        assert isinstance(fitted, FittedLogistic)
        m, s = fitted.model, fitted.settings
        graph = linear_graph(
            m.mean, m.scale, m.weights, m.bias, m.link, side=s.image_size, grid=s.grid, bins=s.histogram_bins
        )
        return write_graph(graph, context.folder / "model.onnx")


def single(values: Floats) -> npt.NDArray[np.float32]:
    """Return the values in single precision, as they are stored and exported."""
    return values.astype(np.float32)


def _settings(spec: RunSpec) -> LogisticSettings:
    assert isinstance(spec.settings, LogisticSettings)
    return spec.settings


def _all_features(context: FitContext, settings: LogisticSettings) -> npt.NDArray[np.float32]:
    parts = []
    for start in range(0, len(context.pixels), CHUNK):
        context.reporter.check()
        parts.append(features_of(context.pixels[start : start + CHUNK], settings.grid, settings.histogram_bins))
    return np.concatenate(parts)


def _regression(settings: LogisticSettings, seed: int) -> LogisticRegression:
    return LogisticRegression(C=settings.inverse_l2, max_iter=settings.iterations, random_state=seed)


def _fit_one(
    inputs: Floats, classes: npt.NDArray[np.int64], weights: Floats, count: int, settings: LogisticSettings, seed: int
) -> tuple[Floats, Floats]:
    """Return (features, count) weights and (count,) bias for softmax.

    A class without fitted rows gets the bias ABSENT.
    """
    present = np.unique(classes)
    weights_out, bias = np.zeros((inputs.shape[1], count)), np.full(count, ABSENT)
    bias[present] = 0.0
    if len(present) > 1:
        fitted = _regression(settings, seed).fit(inputs, classes, sample_weight=weights)
        filled = (
            present[1:] if len(present) == 2 else present
        )  # of two classes scikit-learn keeps the odds of the second
        weights_out[:, filled], bias[filled] = fitted.coef_.T, fitted.intercept_
    return weights_out, bias


def _fit_many(
    inputs: Floats, targets: npt.NDArray[np.float32], weights: Floats, settings: LogisticSettings, seed: int
) -> tuple[Floats, Floats]:
    """Return (features, classes) weights and (classes,) bias for sigmoids.

    A class that is always or never true gets +-ABSENT.
    """
    count = targets.shape[1]
    weights_out, bias = np.zeros((inputs.shape[1], count)), np.zeros(count)
    positive = positive_weights(targets, weights) if settings.class_weights else np.ones(count)
    for k in range(count):
        truth = targets[:, k] > 0
        if truth.all() or not truth.any():
            bias[k] = -ABSENT if truth.any() else ABSENT
            continue
        fitted = _regression(settings, seed).fit(
            inputs, truth, sample_weight=weights * np.where(truth, positive[k], 1.0)
        )
        weights_out[:, k], bias[k] = fitted.coef_[0], fitted.intercept_[0]
    return weights_out, bias
