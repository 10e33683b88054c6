"""Scores of predicted numbers, always beside a baseline that needs no model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from common.numerics.estimate import Estimate
from training.evaluation.baseline_comparison import Comparison, compare_errors
from training.evaluation.intervals import bootstrap_groups, number_groups, percentile_estimate

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RegressionReport:
    """mae and rmse in the target's unit; r2 without unit, 1 is perfect, 0 as good as the mean of these rows."""

    mae: Estimate
    rmse: Estimate
    r2: Estimate
    against_baseline: Comparison
    baseline: str

    def as_json(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        scores = {name: getattr(self, name).as_json() for name in ("mae", "rmse", "r2")}
        return scores | {"against_baseline": self.against_baseline.as_json(), "baseline": self.baseline}


def mean_baseline(train: Floats, rows: int) -> Floats:
    """Return (rows,) predictions: always the mean of the training targets."""
    return np.full(rows, float(np.mean(train)))


def last_value_baseline(series: Floats) -> Floats:
    """Return (n - 1,) predictions for series[1:]: tomorrow is like today (best for a random walk).

    Series: (n,), in time order.
    """
    if series.ndim != 1 or len(series) < 2:
        raise ValueError("A series of at least two values is needed.")
    return series[:-1].astype(np.float64)


def time_blocks(rows: int, length: int) -> npt.NDArray[np.int64]:
    """Return (rows,) block numbers of so many consecutive rows, to pass as groups for a series in time."""
    return np.arange(rows) // length


def report_regression(
    truth: Floats,
    predicted: Floats,
    baseline: Floats,
    *,
    baseline_name: str,
    rng: np.random.Generator,
    groups: npt.NDArray[np.generic] | None = None,
    relevant_share: float = 0.02,
    level: float = 0.95,
    resamples: int = 1000,
) -> RegressionReport:
    """Score predicted numbers and compare them with a baseline by mean absolute error.

    truth, predicted, baseline: (n,) in the target's unit. relevant_share: the smallest gain that matters, as a share of
    the baseline's mean absolute error. groups: rows that belong together; `time_blocks` for a series. Raises
    ValueError.
    """
    if truth.shape != predicted.shape or truth.shape != baseline.shape or truth.ndim != 1 or len(truth) == 0:
        raise ValueError("Truth, predictions and baseline must be one number a row, for the same rows.")
    errors, numbers = predicted - truth, number_groups(groups, len(truth))

    def statistic(weights: Floats) -> Floats:
        total = weights.sum()
        squares = weights @ errors**2 / total
        spread = weights @ truth**2 / total - (weights @ truth / total) ** 2
        return np.array(
            [weights @ np.abs(errors) / total, np.sqrt(squares), 1 - squares / spread if spread > 0 else np.nan]
        )

    draws = bootstrap_groups(statistic, numbers, rng=rng, resamples=resamples)
    values, count = statistic(np.ones(len(truth))), int(numbers.max()) + 1
    mae, rmse, r2 = (
        percentile_estimate(values[i], draws[:, i], n=len(truth), groups=count, level=level) for i in range(3)
    )
    relevant = relevant_share * float(np.abs(baseline - truth).mean())
    against = compare_errors(
        errors, baseline - truth, rng=rng, groups=groups, relevant=relevant, level=level, resamples=resamples
    )
    return RegressionReport(mae, rmse, r2, against, baseline_name)
