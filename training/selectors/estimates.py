from collections.abc import Mapping
from typing import Any

from common.numerics.estimate import Estimate
from training.models import Run


def readable(metric: str) -> str:
    """A metric's name at the beginning of a sentence."""
    return metric.replace("_", " ").capitalize()


def estimate_from(stored: Mapping[str, Any]) -> Estimate:
    """The estimate that `as_json` wrote."""
    return Estimate(
        value=stored["value"],
        low=stored["low"],
        high=stored["high"],
        level=stored["level"],
        n=stored["n"],
        method=stored["method"],
        reason=stored["reason"],
    )


def score_of(run: Run) -> Estimate:
    """The run's own metric on the rows it was judged on."""
    if run.metrics is None:
        return Estimate.unknown("The run was not judged on any rows.")
    stored = run.metrics["scores"].get(run.task["metric"])
    return Estimate.unknown("The metric was not computed.") if stored is None else estimate_from(stored)
