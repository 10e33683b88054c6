"""Classification scores of one set of predictions under any row weights, fast enough to be bootstrapped."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Kind = Literal["single_choice", "binary", "multi_label"]

BINS = 10
SMALLEST = 1e-7  # probabilities are clipped to it in the log loss, so that one sure mistake does not make it infinite


def decide(probabilities: Floats, kind: Kind, threshold: float = 0.5) -> Floats:
    """Return the decisions, (n, classes) of 0 and 1.

    The likeliest class, or for multi-label each class above the threshold.
    """
    if kind == "multi_label":
        return (probabilities >= threshold).astype(np.float64)
    decisions = np.zeros_like(probabilities, dtype=np.float64)
    decisions[np.arange(len(probabilities)), probabilities.argmax(axis=1)] = 1.0
    return decisions


@dataclass(frozen=True)
class ClassCounts:
    """Weighted counts by class, each (classes,): right (both said so), decided (predicted), actual (true)."""

    right: Floats
    decided: Floats
    actual: Floats

    def precision(self) -> Floats:
        """Return right / decided; nan where nothing was decided for the class."""
        return _ratio(self.right, self.decided)

    def recall(self) -> Floats:
        """Return right / actual; nan where the class does not occur."""
        return _ratio(self.right, self.actual)

    def f1(self) -> Floats:
        """Return 2 right / (decided + actual); nan where the class does not occur."""
        return np.where(self.actual > 0, _ratio(2 * self.right, self.decided + self.actual), np.nan)


class RankScores:
    """ROC AUC and average precision of one class for changing row weights; the scores are sorted once."""

    def __init__(self, truth: Floats, scores: Floats) -> None:
        """truth: (n,) of 0 and 1; scores: (n,), larger is likelier."""
        self._order = np.argsort(scores, kind="stable")
        ordered = scores[self._order]
        self._starts = (
            np.flatnonzero(np.r_[True, np.diff(ordered) > 0]) if len(ordered) else np.empty(0, dtype=np.int64)
        )
        self._truth = truth[self._order]

    def __call__(self, weights: Floats) -> tuple[float, float]:
        """Return (ROC AUC, average precision) under (n,) weights; nan where one of the two sides is empty.

        Ties count one half. Average precision is the sum of (recall step) x precision over the distinct scores, as
        scikit-learn defines it.
        """
        ordered = weights[self._order]
        positive = np.add.reduceat(ordered * self._truth, self._starts)
        negative = np.add.reduceat(ordered * (1 - self._truth), self._starts)
        total_positive, total_negative = positive.sum(), negative.sum()
        if total_positive <= 0 or total_negative <= 0:
            return float("nan"), float("nan")
        below = np.cumsum(negative) - negative
        area = (positive * (below + negative / 2)).sum() / (total_positive * total_negative)
        caught, alarms = np.cumsum(positive[::-1]), np.cumsum(negative[::-1])
        seen = caught + alarms
        precision = np.divide(caught, seen, out=np.ones_like(seen), where=seen > 0)
        return float(area), float((positive[::-1] * precision).sum() / total_positive)


class Scorer:
    """All scores of one set of predictions as a function of row weights.

    truth: (n, classes) of 0 and 1. probabilities: (n, classes). Rows of single_choice and binary tasks have one true
    class.
    """

    def __init__(self, truth: Floats, probabilities: Floats, kind: Kind, *, threshold: float = 0.5) -> None:
        """Raise ValueError for shapes that differ, no rows, or numbers that are not probabilities."""
        check(truth, probabilities, kind)
        self.kind = kind
        self.truth = truth.astype(np.float64)
        self.probabilities = probabilities.astype(np.float64)
        self.decisions = decide(self.probabilities, kind, threshold)
        self.is_right = (self.decisions == self.truth).all(axis=1).astype(np.float64)
        self.row_log_loss = _row_log_loss(self.truth, self.probabilities, kind)
        self.row_brier = _row_brier(self.truth, self.probabilities, kind)
        self._both = self.truth * self.decisions
        self._confidence, self._outcome = _confidence(self)
        self._bins = np.minimum((self._confidence * BINS).astype(np.int64), BINS - 1)

    def counts(self, weights: Floats) -> ClassCounts:
        """Return the weighted counts by class."""
        return ClassCounts(weights @ self._both, weights @ self.decisions, weights @ self.truth)

    def plain(self, weights: Floats) -> dict[str, float]:
        """Return accuracy, balanced_accuracy, macro_f1, log_loss, brier and ece under (n,) weights.

        Averages over classes leave out classes that do not occur. Multi-label accuracy counts a row as right only when
        all its labels are.
        """
        counts, total = self.counts(weights), weights.sum()
        return {
            "accuracy": float(weights @ self.is_right / total),
            "balanced_accuracy": _mean(counts.recall()),
            "macro_f1": _mean(counts.f1()),
            "log_loss": float(weights @ self.row_log_loss / total),
            "brier": float(weights @ self.row_brier / total),
            "ece": self.calibration_error(weights),
        }

    def calibration_bins(self, weights: Floats) -> tuple[Floats, Floats, Floats]:
        """Return (weight, mean confidence, share right), each (BINS,), of ten equal-width bins.

        Nan where a bin is empty.
        """
        spread = weights if self._bins.ndim == 1 else np.repeat(weights[:, None], self._bins.shape[1], axis=1)
        flat, bins = spread.ravel(), self._bins.ravel()
        mass = np.bincount(bins, flat, BINS).astype(np.float64)
        confidence = np.bincount(bins, flat * self._confidence.ravel(), BINS).astype(np.float64)
        right = np.bincount(bins, flat * self._outcome.ravel(), BINS).astype(np.float64)
        return mass, _ratio(confidence, mass), _ratio(right, mass)

    def bin_members(self) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return (n, m) bin numbers and outcomes; m is 1, or the number of classes for multi-label tasks."""
        return self._bins.reshape(len(self.truth), -1), self._outcome.reshape(len(self.truth), -1)

    def calibration_error(self, weights: Floats) -> float:
        """Return the expected calibration error.

        Mean |confidence - share right| over ten equal-width bins, by weight.
        """
        mass, confidence, right = self.calibration_bins(weights)
        used = mass > 0
        return float((mass[used] * np.abs(confidence[used] - right[used])).sum() / mass.sum())

    def rankers(self) -> list[RankScores]:
        """Return one ranking score a class."""
        return [RankScores(self.truth[:, k], self.probabilities[:, k]) for k in range(self.truth.shape[1])]

    def confusion(self, weights: Floats) -> Floats | None:
        """Return (classes, classes) weights: rows are the truth, columns the decision. None for multi-label tasks."""
        if self.kind == "multi_label":
            return None
        return np.asarray((self.truth * weights[:, None]).T @ self.decisions, dtype=np.float64)


def check(truth: Floats, probabilities: Floats, kind: Kind) -> None:
    """Raise ValueError for predictions that cannot be scored."""
    if truth.shape != probabilities.shape or truth.ndim != 2:
        raise ValueError(f"Truth {truth.shape} and probabilities {probabilities.shape} must both be (n, classes).")
    if len(truth) == 0:
        raise ValueError("There are no predictions to score.")
    if not np.isin(truth, (0, 1)).all() or (kind != "multi_label" and not (truth.sum(axis=1) == 1).all()):
        raise ValueError("Truth must be 0 or 1, with one 1 a row unless several labels are allowed.")
    if not np.isfinite(probabilities).all() or probabilities.min() < 0 or probabilities.max() > 1:
        raise ValueError("Probabilities must be numbers from 0 to 1.")


def one_hot(labels: npt.NDArray[np.integer], classes: int) -> Floats:
    """Return (n, classes) of 0 and 1 for (n,) class indices."""
    return np.asarray(np.eye(classes)[labels], dtype=np.float64)


def _row_log_loss(truth: Floats, probabilities: Floats, kind: Kind) -> Floats:
    logs = np.log(np.clip(probabilities, SMALLEST, 1.0))
    if kind != "multi_label":
        return np.asarray(-(truth * logs).sum(axis=1))
    others = np.log(np.clip(1 - probabilities, SMALLEST, 1.0))
    return np.asarray(-(truth * logs + (1 - truth) * others).mean(axis=1))


def _row_brier(truth: Floats, probabilities: Floats, kind: Kind) -> Floats:
    """Return squared errors: the sum over classes (0 to 2) for single choice, else their mean (0 to 1)."""
    squares = (probabilities - truth) ** 2
    return np.asarray(squares.sum(axis=1) if kind == "single_choice" else squares.mean(axis=1))


def _confidence(scorer: Scorer) -> tuple[Floats, Floats]:
    if scorer.kind == "multi_label":
        return scorer.probabilities, scorer.truth
    return scorer.probabilities.max(axis=1), scorer.is_right


def _ratio(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return ratio


def _mean(values: Floats) -> float:
    present = values[~np.isnan(values)]
    return float(present.mean()) if len(present) else float("nan")
