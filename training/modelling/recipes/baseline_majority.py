"""The baseline that never looks at the picture: scikit-learn's DummyClassifier with the class shares."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.dummy import DummyClassifier

from training.modelling.exports.linear_onnx import constant_graph, write_graph
from training.modelling.protocol import Indices
from training.modelling.recipes.base import FitContext, Fitted, Probabilities, Recipe
from training.modelling.spec import RunSpec
from training.serving.preprocessing import Pixels, Preprocessing

SIDE = 16  # the picture is decoded, so that a broken one is refused as for every model, and then ignored


@dataclass(frozen=True, kw_only=True)
class Majority(Fitted):
    """shares: (classes,) weighted share of the fitted rows where the class applies."""

    shares: npt.NDArray[np.float64]

    def predict(self, rows: Indices) -> Probabilities:
        """Return the same shares for every row."""
        return np.tile(self.shares, (len(rows), 1))

    def predict_pixels(self, pixels: Pixels) -> Probabilities:
        """Return the same shares for every picture."""
        return np.tile(self.shares, (len(pixels), 1))

    def save(self, folder: Path) -> list[Path]:
        """Write model.json."""
        path = folder / "model.json"
        path.write_text(
            json.dumps({"recipe": "baseline_majority", "version": 1, "shares": self.shares.tolist()}), "utf-8"
        )
        return [path]

    def describe(self) -> dict[str, Any]:
        """Return the shares."""
        return {"shares": self.shares.tolist()}


class BaselineMajority(Recipe):
    """Answers with the class shares of the fitted rows; the decision is the commonest class."""

    def preprocessing(self, spec: RunSpec) -> Preprocessing:
        """Return a tiny picture."""
        return Preprocessing(height=SIDE, width=SIDE, mode="stretch")

    def fit(self, context: FitContext) -> Majority:
        """Fit one DummyClassifier (one a class for multi-label)."""
        rows = context.fold.fit
        targets, weights = context.rows.targets[rows], context.rows.weights[rows]
        nothing = np.zeros((len(rows), 1))
        if context.spec.task.kind == "multi_label":
            shares = np.array([_share_of_yes(nothing, targets[:, k], weights) for k in range(targets.shape[1])])
        else:
            dummy = DummyClassifier(strategy="prior").fit(nothing, targets.argmax(axis=1), sample_weight=weights)
            shares = np.zeros(targets.shape[1])
            shares[dummy.classes_] = dummy.predict_proba(nothing[:1])[0]
        return Majority(shares=shares)

    def export(self, fitted: Fitted, name: str, context: FitContext) -> Path:
        """Write an ONNX graph with a constant answer, so that the baseline serves like every model."""
        assert isinstance(fitted, Majority)
        kept = fitted.shares[1:] if context.spec.task.kind == "binary" else fitted.shares
        return write_graph(constant_graph(kept, SIDE), context.folder / "model.onnx")


def _share_of_yes(
    nothing: npt.NDArray[np.float64], truth: npt.NDArray[np.float32], weights: npt.NDArray[np.float64]
) -> float:
    dummy = DummyClassifier(strategy="prior").fit(nothing, truth.astype(int), sample_weight=weights)
    answer = dict(zip(dummy.classes_.tolist(), dummy.predict_proba(nothing[:1])[0].tolist(), strict=True))
    return float(answer.get(1, 0.0))
