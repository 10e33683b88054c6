"""Make a consensus posterior honest with gold items: "95% sure" should be right 95 times in 100."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from sklearn.isotonic import IsotonicRegression

from common.numerics.checks import BoolArray, FloatArray, IntArray, as_indices, as_probabilities

FEWEST_GOLD = 10
FEWEST_FOR_ISOTONIC = 200
HOTTEST, COLDEST = 20.0, 0.05


@dataclass(frozen=True, eq=False)
class Calibration:
    """A map from posterior to calibrated posterior.

    method: "temperature" (p^(1/T) renormalised), "isotonic" (confidence of the best class to the share of gold items
    on which it was right, other classes scaled), or "none" with its reason. temperature: T > 1 means the posterior was
    over-confident. knots_in, knots_out: the isotonic map, shape (n_knots,). n_gold: gold items used.
    error_before, error_after: expected calibration error; after is measured on items left out of the fit.
    """

    method: Literal["temperature", "isotonic", "none"]
    n_gold: int
    temperature: float = 1.0
    knots_in: FloatArray | None = None
    knots_out: FloatArray | None = None
    error_before: float | None = None
    error_after: float | None = None
    reason: str | None = None

    def apply(self, posterior: ArrayLike) -> FloatArray:
        """Calibrated copy, shape (n, n_classes); rows sum to 1. The best class of temperature scaling never changes."""
        p = as_probabilities("posterior", posterior)
        if self.method == "temperature":
            return _heat(p, self.temperature)
        if self.method == "isotonic" and self.knots_in is not None and self.knots_out is not None:
            return _replace_confidence(p, np.interp(p.max(axis=1), self.knots_in, self.knots_out))
        return p


def calibrate(
    posterior: ArrayLike,
    truth: ArrayLike,
    *,
    rng: np.random.Generator,
    method: Literal["auto", "temperature", "isotonic"] = "auto",
    n_folds: int = 5,
) -> Calibration:
    """Fit a calibration on gold items.

    posterior: shape (n_gold, n_classes), made without the gold answer. truth: shape (n_gold,), class index.
    method "auto": one temperature below 200 gold items, isotonic regression from there on. Fewer than 10 gold items
    give method "none" with its reason: the posterior stays as it is and must not be shown as calibrated.
    The calibration error after is cross-validated over n_folds random folds.
    Raises ValueError for rows that do not sum to 1 or a class that does not exist.
    Source: Guo et al. 2017, ICML (temperature); Zadrozny and Elkan 2002, KDD (isotonic).
    """
    p = as_probabilities("posterior", posterior)
    classes = as_indices("truth", truth, below=p.shape[1], length=p.shape[0])
    if p.shape[0] < FEWEST_GOLD:
        reason = f"{p.shape[0]} gold items are too few to calibrate, {FEWEST_GOLD} are needed"
        return Calibration(method="none", n_gold=p.shape[0], reason=reason)
    if method == "auto":
        method = "isotonic" if p.shape[0] >= FEWEST_FOR_ISOTONIC else "temperature"
    fold = rng.permutation(p.shape[0]) % n_folds
    left_out = np.empty_like(p)
    for number in range(n_folds):
        inside = fold != number
        left_out[~inside] = _fit(p[inside], classes[inside], method).apply(p[~inside])
    fitted = _fit(p, classes, method)
    return Calibration(
        method=fitted.method,
        n_gold=p.shape[0],
        temperature=fitted.temperature,
        knots_in=fitted.knots_in,
        knots_out=fitted.knots_out,
        error_before=expected_calibration_error(p.max(axis=1), p.argmax(axis=1) == classes),
        error_after=expected_calibration_error(left_out.max(axis=1), left_out.argmax(axis=1) == classes),
    )


def expected_calibration_error(confidence: FloatArray, right: BoolArray, *, n_bins: int = 10) -> float:
    """Mean over bins of equal count of |mean confidence - share right|, weighted by count; in [0, 1].

    confidence, right: shape (n,). It is biased upwards by about sqrt(n_bins / n) / 3, so compare values of the same n.
    Raises ValueError for no items. Source: Nguyen and O'Connor 2015, EMNLP (equal counts).
    """
    if confidence.size == 0:
        raise ValueError("there are no items")
    order = np.argsort(confidence, kind="stable")
    bins = np.array_split(order, min(n_bins, confidence.size))
    gaps = [abs(float(confidence[part].mean() - right[part].mean())) * part.size for part in bins]
    return sum(gaps) / confidence.size


def _fit(p: FloatArray, truth: IntArray, method: Literal["temperature", "isotonic"]) -> Calibration:
    if method == "temperature":
        return Calibration(method="temperature", n_gold=p.shape[0], temperature=_best_temperature(p, truth))
    confidence, right = p.max(axis=1), (p.argmax(axis=1) == truth).astype(np.float64)
    regression = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(confidence, right)
    knots_in = np.asarray(regression.X_thresholds_, dtype=np.float64)
    # A run of right answers must not become certainty: at most what one more, wrong, item would leave.
    top = right.size / (right.size + 1.0)
    knots_out = np.clip(np.asarray(regression.y_thresholds_, dtype=np.float64), 1.0 / p.shape[1], top)
    return Calibration(method="isotonic", n_gold=p.shape[0], knots_in=knots_in, knots_out=knots_out)


def _best_temperature(p: FloatArray, truth: IntArray) -> float:
    """T that maximises the log likelihood of the gold classes; items whose gold class has probability 0 get a floor."""
    floored = np.clip(p, 1e-6, None)
    floored /= floored.sum(axis=1, keepdims=True)
    rows = np.arange(truth.size)

    def loss(log_temperature: float) -> float:
        heated = _heat(floored, float(np.exp(log_temperature)))
        return float(-np.log(np.maximum(heated[rows, truth], 1e-300)).mean())

    found = minimize_scalar(loss, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded")
    return float(np.exp(found.x))


def _heat(p: FloatArray, temperature: float) -> FloatArray:
    """p^(1/T), rows renormalised; zeros stay zero."""
    scaled = (p / p.max(axis=1, keepdims=True)) ** (1.0 / temperature)
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True), dtype=np.float64)


def _replace_confidence(p: FloatArray, confidence: FloatArray) -> FloatArray:
    """Rows with the best class at `confidence` and the others scaled to the rest (evenly when all of them are 0)."""
    result = p.copy()
    rows, best = np.arange(p.shape[0]), p.argmax(axis=1)
    result[rows, best] = 0.0
    rest = result.sum(axis=1, keepdims=True)
    n_others = max(p.shape[1] - 1, 1)
    evenly = (1.0 - confidence)[:, None] / n_others
    scaled = np.divide(result * (1.0 - confidence)[:, None], rest, out=np.zeros_like(result), where=rest > 0)
    result = np.asarray(np.where(rest > 0, scaled, evenly), dtype=np.float64)
    result[rows, best] = confidence if p.shape[1] > 1 else 1.0
    return result
