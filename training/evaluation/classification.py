"""The report on a classifier's predictions: every score with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from common.numerics.estimate import Estimate
from training.evaluation.intervals import Groups, bootstrap_groups, grouped_share, number_groups, percentile_estimate
from training.evaluation.scores import BINS, Floats, Kind, Scorer

RANK_BUDGET = 100_000_000  # resamples x rows x classes that may be spent on areas under curves: a few seconds
FEWEST_RESAMPLES = 50
NAMES = ("accuracy", "balanced_accuracy", "macro_f1", "log_loss", "brier", "ece", "roc_auc", "pr_auc")


@dataclass(frozen=True)
class ClassReport:
    """Scores of one class. cases: rows where it is true."""

    key: str
    cases: int
    precision: Estimate
    recall: Estimate
    f1: Estimate
    roc_auc: Estimate
    pr_auc: Estimate

    def as_json(self) -> dict[str, Any]:
        """Return the scores as a JSON object."""
        scores = ("precision", "recall", "f1", "roc_auc", "pr_auc")
        return {"key": self.key, "cases": self.cases} | {name: getattr(self, name).as_json() for name in scores}


@dataclass(frozen=True)
class CalibrationBin:
    """One bar of the calibration curve.

    Between low and high confidence, `share` of the rows, mean confidence, share right.
    """

    low: float
    high: float
    share: float
    confidence: float | None
    right: Estimate

    def as_json(self) -> dict[str, Any]:
        """Return the bar as a JSON object."""
        return {
            "low": self.low,
            "high": self.high,
            "share": self.share,
            "confidence": self.confidence,
            "right": self.right.as_json(),
        }


@dataclass(frozen=True)
class Report:
    """All scores of a set of predictions.

    Confusion: (classes, classes), rows the truth, columns the decision; or None.
    """

    kind: Kind
    rows: int
    groups: int
    scores: dict[str, Estimate]
    classes: tuple[ClassReport, ...]
    confusion: Floats | None
    calibration: tuple[CalibrationBin, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return {
            "kind": self.kind,
            "rows": self.rows,
            "groups": self.groups,
            "scores": {name: estimate.as_json() for name, estimate in self.scores.items()},
            "classes": [c.as_json() for c in self.classes],
            "confusion": None if self.confusion is None else np.round(self.confusion, 6).tolist(),
            "calibration": [b.as_json() for b in self.calibration],
        }


def report_classification(
    truth: Floats,
    probabilities: Floats,
    *,
    kind: Kind,
    classes: Sequence[str],
    rng: np.random.Generator,
    groups: npt.NDArray[np.generic] | None = None,
    weights: Floats | None = None,
    threshold: float = 0.5,
    level: float = 0.95,
    resamples: int = 500,
) -> Report:
    """Score predictions, with intervals that respect groups.

    truth, probabilities: (n, classes), truth of 0 and 1. classes: keys in column order. groups: (n,) keys of rows that
    belong together; weights: (n,) case weights of the version, default 1. threshold: for multi-label decisions. Shares
    (accuracy, precision, recall, calibration) get a Wilson interval on the effective number of cases; averages and
    areas a percentile bootstrap over groups. Areas of a multi-class task are one class against the rest, averaged over
    classes that occur. Raises ValueError for shapes that differ or numbers that are not probabilities.
    """
    scorer = Scorer(truth, probabilities, kind, threshold=threshold)
    if len(classes) != truth.shape[1]:
        raise ValueError(f"There are {len(classes)} class keys for {truth.shape[1]} columns.")
    numbers = number_groups(groups, len(truth))
    base = np.ones(len(truth)) if weights is None else np.asarray(weights, dtype=np.float64)
    if base.shape != (len(truth),) or base.min() <= 0:
        raise ValueError("Weights must be one positive number a row.")
    plain = _plain(scorer, base, numbers, rng, level, resamples)
    areas, by_class = _areas(scorer, base, numbers, rng, level, resamples)
    return Report(
        kind=kind,
        rows=len(truth),
        groups=int(numbers.max()) + 1,
        scores={**plain[0], **areas},
        classes=_class_reports(scorer, classes, base, numbers, level, plain[1], by_class),
        confusion=scorer.confusion(base),
        calibration=_calibration(scorer, base, numbers, level),
    )


def _plain(
    scorer: Scorer, base: Floats, groups: Groups, rng: np.random.Generator, level: float, resamples: int
) -> tuple[dict[str, Estimate], list[Estimate]]:
    """Return the scores of the whole, and F1 by class."""
    names = list(scorer.plain(base))

    def statistic(drawn: Floats) -> Floats:
        row_weights = drawn * base
        values = list(scorer.plain(row_weights).values())
        return np.concatenate([np.array(values), scorer.counts(row_weights).f1()])

    draws = bootstrap_groups(statistic, groups, rng=rng, resamples=resamples)
    values, count = statistic(np.ones(len(base))), int(groups.max()) + 1
    estimates = [
        percentile_estimate(values[i], draws[:, i], n=len(base), groups=count, level=level) for i in range(len(values))
    ]
    whole = dict(zip(names, estimates, strict=False))
    whole["accuracy"] = grouped_share(base * scorer.is_right, base, groups, level=level)
    return whole, estimates[len(names) :]


def _areas(
    scorer: Scorer, base: Floats, groups: Groups, rng: np.random.Generator, level: float, resamples: int
) -> tuple[dict[str, Estimate], list[tuple[Estimate, Estimate]]]:
    """Return ROC AUC and average precision: averaged over classes (of the second class if binary), and by class."""
    rankers, size, count = scorer.rankers(), scorer.truth.size, int(groups.max()) + 1

    def statistic(drawn: Floats) -> Floats:
        pairs = np.array([ranker(drawn * base) for ranker in rankers])
        summary = pairs[1] if scorer.kind == "binary" else _mean_of_present(pairs)
        return np.vstack([summary, pairs]).ravel()

    values = statistic(np.ones(len(base)))
    times = min(resamples, int(RANK_BUDGET / size))
    if times >= FEWEST_RESAMPLES:
        draws = bootstrap_groups(statistic, groups, rng=rng, resamples=times)
        estimates = [
            percentile_estimate(values[i], draws[:, i], n=len(base), groups=count, level=level)
            for i in range(len(values))
        ]
    else:
        estimates = [_without_interval(value, len(base), level) for value in values]
    pairs = list(zip(estimates[2::2], estimates[3::2], strict=True))
    return {"roc_auc": estimates[0], "pr_auc": estimates[1]}, pairs


def _mean_of_present(pairs: Floats) -> Floats:
    present = ~np.isnan(pairs[:, 0])
    return pairs[present].mean(axis=0) if present.any() else np.full(2, np.nan)


def _without_interval(value: float, n: int, level: float) -> Estimate:
    if not np.isfinite(value):
        return Estimate(
            None, None, None, level, n, "ranks", "It cannot be computed: a class or an outcome does not occur."
        )
    return Estimate(float(value), None, None, level, n, "ranks", "No interval: too many rows and classes to resample.")


def _class_reports(
    scorer: Scorer,
    classes: Sequence[str],
    base: Floats,
    groups: Groups,
    level: float,
    f1: list[Estimate],
    areas: list[tuple[Estimate, Estimate]],
) -> tuple[ClassReport, ...]:
    reports = []
    for k, key in enumerate(classes):
        truth, decided = scorer.truth[:, k], scorer.decisions[:, k]
        hits = base * truth * decided
        reports.append(
            ClassReport(
                key=key,
                cases=int(truth.sum()),
                precision=grouped_share(
                    hits, base * decided, groups, level=level, missing="The model never chose this class."
                ),
                recall=grouped_share(
                    hits, base * truth, groups, level=level, missing="This class does not occur here."
                ),
                f1=f1[k],
                roc_auc=areas[k][0],
                pr_auc=areas[k][1],
            )
        )
    return tuple(reports)


def _calibration(scorer: Scorer, base: Floats, groups: Groups, level: float) -> tuple[CalibrationBin, ...]:
    mass, confidence, _ = scorer.calibration_bins(base)
    rows, outcome = scorer.bin_members()
    width = rows.shape[1]
    weights, numbers = np.repeat(base, width), np.repeat(groups, width)
    bars = []
    for b in range(BINS):
        inside = weights * (rows.ravel() == b)
        right = grouped_share(
            inside * outcome.ravel(), inside, numbers, level=level, missing="No prediction has this confidence."
        )
        mean = None if np.isnan(confidence[b]) else float(confidence[b])
        bars.append(CalibrationBin(b / BINS, (b + 1) / BINS, float(mass[b] / mass.sum()), mean, right))
    return tuple(bars)
