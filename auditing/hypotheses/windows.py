"""Estimates of one metric in windows of time, and their average."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from common.numerics.estimate import Estimate
from common.said import NOTHING, Phrase, Said

EARLIER = Phrase("fell.earlier", "earlier windows")


@dataclass(frozen=True)
class Window:
    """One window: a label for people ("week 12", "audit of 3 May"), the metric's estimate, and items in production.

    said: the label where it is to be translated.
    """

    label: str
    estimate: Estimate
    population: int = 1
    said: Said = NOTHING


def average_windows(windows: Sequence[Window], *, label: str = EARLIER.english) -> Window:
    """Average of independent estimates, weighted by the items in production, with MOVER limits.

    value = sum w e, low = value - sqrt(sum (w (e - low_e))^2), high likewise. Windows without a value or an interval
    are left out; when none is left the result is unknown with its reason. All must have the same level.
    Raises ValueError for different levels or populations < 0.
    Source: Zou and Donner 2008, Statistics in Medicine 27:1693-1702.
    """
    if any(window.population < 0 for window in windows):
        raise ValueError("population must not be negative")
    usable = [w for w in windows if w.estimate.value is not None and w.estimate.low is not None and w.population > 0]
    total = sum(window.population for window in usable)
    if not usable:
        return Window(label, Estimate.unknown("no earlier window has an estimate with an interval", method="average"))
    levels = {window.estimate.level for window in usable}
    if len(levels) > 1:
        raise ValueError(f"windows have different levels: {sorted(levels)}")
    value = below = above = 0.0
    for window in usable:
        share, estimate = window.population / total, window.estimate
        centre, low, high = estimate.value or 0.0, estimate.low or 0.0, estimate.high or 0.0
        value += share * centre
        below += (share * max(centre - low, 0.0)) ** 2
        above += (share * max(high - centre, 0.0)) ** 2
    pooled = Estimate(
        value=value,
        low=value - math.sqrt(below),
        high=value + math.sqrt(above),
        level=levels.pop(),
        n=sum(window.estimate.n for window in usable),
        method="average of windows, MOVER",
    )
    return Window(label, pooled, total, EARLIER() if label == EARLIER.english else NOTHING)
