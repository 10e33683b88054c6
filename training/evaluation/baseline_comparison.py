"""Does a model beat a baseline? The paired difference with its interval, and a verdict in one sentence."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from common.numerics.estimate import Estimate
from common.said import Phrase, Said
from training.evaluation.intervals import bootstrap_groups, number_groups, percentile_estimate
from training.evaluation.scores import Floats, Kind, Scorer

Verdict = Literal["beats", "does_not_beat", "cannot_tell"]
LOWER_IS_BETTER = frozenset({"log_loss", "brier", "ece", "mae", "rmse"})
METRICS = {
    key: Phrase(f"metric.{key}", english)
    for key, english in {
        "accuracy": "accuracy",
        "balanced_accuracy": "balanced accuracy",
        "macro_f1": "macro F1",
        "log_loss": "log loss",
        "brier": "Brier score",
        "ece": "calibration error",
        "mae": "mean absolute error",
        "rmse": "root mean squared error",
    }.items()
}
VERDICTS = {
    "beats": Phrase("compare.beats", "The model beats the baseline: {numbers}"),
    "does_not_beat": Phrase("compare.doesNot", "The model does not beat the baseline: {numbers}"),
    "cannot_tell": Phrase(
        "compare.cannotTell", "These data cannot tell whether the model beats the baseline: {numbers}"
    ),
}
NUMBERS = Phrase(
    "compare.numbers",
    "{metric} {model:.3f} against {baseline:.3f}, a gain of {gain:+.3f} ({level:.0%} interval {low:+.3f} to "
    "{high:+.3f}).",
)
NO_INTERVAL = Phrase("compare.noInterval", "{metric} {model:.3f} against {baseline:.3f} ({reason})")


@dataclass(frozen=True)
class Comparison:
    """gain: how much better the model is than the baseline, positive is better whatever the metric.

    Unit of the metric.
    """

    metric: str
    model: float
    baseline: float
    gain: Estimate
    verdict: Verdict
    said: Said

    @property
    def sentence(self) -> str:
        """English."""
        return self.said.sentence

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as a JSON object."""
        return {
            "metric": self.metric,
            "model": self.model,
            "baseline": self.baseline,
            "gain": self.gain.as_json(),
            "verdict": self.verdict,
            "sentence": self.sentence,
            "said": self.said.as_json(),
        }


def compare_classifiers(
    truth: Floats,
    model: Floats,
    baseline: Floats,
    *,
    kind: Kind,
    rng: np.random.Generator,
    metric: str = "accuracy",
    groups: npt.NDArray[np.generic] | None = None,
    weights: Floats | None = None,
    relevant: float = 0.0,
    level: float = 0.95,
    resamples: int = 1000,
) -> Comparison:
    """Compare two classifiers on the same rows by a paired bootstrap over groups.

    truth, model, baseline: (n, classes); model and baseline are probabilities. metric: accuracy, balanced_accuracy,
    macro_f1, log_loss, brier or ece. relevant: the smallest gain that matters, in the metric's unit. See `judge` for
    the verdict. Raises ValueError for shapes that differ or an unknown metric.
    """
    scorers = Scorer(truth, model, kind), Scorer(truth, baseline, kind)
    base = np.ones(len(truth)) if weights is None else np.asarray(weights, dtype=np.float64)
    if metric not in scorers[0].plain(base):
        raise ValueError(f"Unknown metric {metric!r}.")

    def score(row_weights: Floats) -> Floats:
        return np.array([scorer.plain(row_weights * base)[metric] for scorer in scorers])

    return _compare(score, metric, groups, len(truth), rng, relevant, level, resamples)


def compare_errors(
    model: Floats,
    baseline: Floats,
    *,
    rng: np.random.Generator,
    metric: Literal["mae", "rmse"] = "mae",
    groups: npt.NDArray[np.generic] | None = None,
    relevant: float = 0.0,
    level: float = 0.95,
    resamples: int = 1000,
) -> Comparison:
    """Compare two regressions by their errors (prediction - truth) on the same rows, each (n,), in the target's unit.

    For a series in time pass blocks of consecutive rows as groups, since neighbours are alike. See `judge` for the
    verdict.
    """
    if model.shape != baseline.shape or model.ndim != 1 or len(model) == 0:
        raise ValueError("The errors of both must be one number a row, for the same rows.")
    rows = (
        np.column_stack([np.abs(model), np.abs(baseline)])
        if metric == "mae"
        else np.column_stack([model, baseline]) ** 2
    )

    def score(row_weights: Floats) -> Floats:
        means = row_weights @ rows / row_weights.sum()
        return np.asarray(means if metric == "mae" else np.sqrt(means))

    return _compare(score, metric, groups, len(model), rng, relevant, level, resamples)


def judge(gain: Estimate, relevant: float) -> Verdict:
    """Return the verdict on a gain (positive is better).

    "beats": the whole interval is above 0. "does_not_beat": the whole interval is at or below `relevant`, so a gain
    that matters is ruled out (with relevant = 0: not better). "cannot_tell": anything else, or no interval.
    """
    if gain.low is None or gain.high is None:
        return "cannot_tell"
    if gain.low > 0:
        return "beats"
    return "does_not_beat" if gain.high <= relevant else "cannot_tell"


def _compare(
    score: Any,
    metric: str,
    groups: npt.NDArray[np.generic] | None,
    rows: int,
    rng: np.random.Generator,
    relevant: float,
    level: float,
    resamples: int,
) -> Comparison:
    sign = -1.0 if metric in LOWER_IS_BETTER else 1.0
    numbers = number_groups(groups, rows)
    draws = bootstrap_groups(lambda w: _gain(score(w), sign), numbers, rng=rng, resamples=resamples)[:, 0]
    model, baseline = (float(value) for value in score(np.ones(rows)))
    gain = _estimate(sign * (model - baseline), draws, rows, int(numbers.max()) + 1, level)
    verdict = judge(gain, relevant)
    return Comparison(metric, model, baseline, gain, verdict, _said(metric, model, baseline, gain, verdict))


def _estimate(value: float, draws: Floats, rows: int, groups: int, level: float) -> Estimate:
    """Return the percentile interval, or a point as interval when every resample of enough groups gave the same gain.

    With so many groups that all go one way, a sign test would be sure too: 2 x 0.5^groups is below 1 - level.
    """
    method = "paired bootstrap over groups"
    if groups > 1 and np.isfinite(draws).all() and np.ptp(draws) == 0 and 2 * 0.5**groups < 1 - level:
        return Estimate(value, value, value, level, rows, f"{method}, every resample the same")
    return percentile_estimate(value, draws, n=rows, groups=groups, level=level, method=method)


def _gain(pair: Floats, sign: float) -> Floats:
    return np.array([sign * (pair[0] - pair[1])])


def _said(metric: str, model: float, baseline: float, gain: Estimate, verdict: Verdict) -> Said:
    shared = {"metric": METRICS[metric](), "model": model, "baseline": baseline}
    if gain.low is None or gain.high is None:
        return VERDICTS[verdict](numbers=NO_INTERVAL(**shared, reason=gain.reason))
    numbers = NUMBERS(**shared, gain=gain.value, level=gain.level, low=gain.low, high=gain.high)
    return VERDICTS[verdict](numbers=numbers)
