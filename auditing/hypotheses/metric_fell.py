"""Did the metric fall, by more than chance and by enough to matter? The rule that suggests retraining."""

import math
from dataclasses import dataclass
from typing import Literal

from scipy import stats

from auditing.hypotheses.windows import Window
from common.numerics.critical import critical_value
from common.numerics.estimate import Estimate
from common.said import Phrase, Said

Outcome = Literal["fell", "fell a little", "not shown", "unknown"]
DEFAULT_ALPHA = 0.01
METHOD = "difference of windows, MOVER"


_CHANGE = "from {before:.3f} ({earlier}) to {after:.3f} ({later})"
FELL = Phrase("fell.fell", f"The metric fell {_CHANGE}, p = {{p:.2g}}, and a drop of {{smallest:g}} or more matters.")
FELL_A_LITTLE = Phrase(
    "fell.little", f"The metric fell {_CHANGE}, p = {{p:.2g}}, but by less than the {{smallest:g}} that matters."
)
DID_NOT_FALL = Phrase("fell.not", f"The metric did not fall: {_CHANGE}.")
CHANCE = Phrase(
    "fell.chance",
    f"The metric went {_CHANGE}, which chance can explain (p = {{p:.2g}}, not below {{alpha:g}}); {{could}}.",
)
STILL_POSSIBLE = Phrase("fell.possible", "a drop that matters is still possible")
UNLIKELY = Phrase("fell.unlikely", "no drop that matters is likely")
UNKNOWN = Phrase("fell.unknown", "Cannot tell: {why}.")


@dataclass(frozen=True)
class MetricFell:
    """Verdict on two windows.

    outcome: "fell" (significant and large enough: suggests retraining), "fell a little" (significant, but the drop is
    below what matters), "not shown" (the data do not show a fall, which is not proof of none), "unknown".
    drop: before minus after, positive when the metric fell, with its interval. p_value: two-sided, None if unknown,
    already multiplied by the number of looks. said: one sentence for people, `reason` in English.
    """

    outcome: Outcome
    drop: Estimate
    p_value: float | None
    alpha: float
    smallest_drop: float
    said: Said

    @property
    def reason(self) -> str:
        """The sentence in English."""
        return self.said.sentence

    @property
    def suggests_retraining(self) -> bool:
        """Whether the rule's condition on the metric is met."""
        return self.outcome == "fell"


def metric_fell(
    before: Window,
    after: Window,
    *,
    smallest_drop: float,
    alpha: float = DEFAULT_ALPHA,
    looks: int = 1,
) -> MetricFell:
    """Compare two independent estimates of a metric for which higher is better.

    smallest_drop: the drop that matters, in the unit of the metric, > 0. looks: how often this comparison has been or
    will be made in the same period (weekly for a quarter: 13); p is multiplied by it (Bonferroni).

    With distances d1 = before - low(before) and d2 = high(after) - after, the limits that face each other when the
    metric falls, z = drop / (sqrt(d1^2 + d2^2) / c), c the normal quantile of the intervals' level; the other two
    distances when it rises. So p is small exactly when the MOVER interval of the drop stays away from 0, also for
    skewed intervals near 100%, where plain standard errors reject too often. Intervals made at level 1 - alpha make
    the agreement exact; from 95% intervals it is close.
    "fell" needs p < alpha and a measured drop of at least smallest_drop.
    Raises ValueError for smallest_drop <= 0, alpha outside (0, 1), looks < 1, or different levels.
    Source: Zou and Donner 2008, Statistics in Medicine 27:1693-1702; Newcombe 1998 for two proportions.
    """
    if not smallest_drop > 0:
        raise ValueError(f"smallest_drop must be positive, got {smallest_drop}")
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha must lie between 0 and 1, got {alpha}")
    if looks < 1:
        raise ValueError(f"looks must be at least 1, got {looks}")
    first, second = before.estimate, after.estimate
    for window, estimate in ((before, first), (after, second)):
        if estimate.value is None or estimate.low is None or estimate.high is None:
            why = f"{window.label}: {estimate.reason}"
            drop = Estimate.unknown(why, level=estimate.level, n=first.n + second.n, method=METHOD)
            return MetricFell("unknown", drop, None, alpha, smallest_drop, UNKNOWN(why=why))
    if first.level != second.level:
        raise ValueError(f"the windows have different levels: {first.level} and {second.level}")
    drop = difference_of_windows(first, second)
    p_value = min(1.0, _p_value(first, second) * looks)
    outcome: Outcome
    measured = drop.value or 0.0
    if p_value >= alpha or measured <= 0:
        outcome = "not shown"
    else:
        outcome = "fell" if measured >= smallest_drop else "fell a little"
    said = _said(outcome, before, after, drop, p_value, alpha, smallest_drop)
    return MetricFell(outcome, drop, p_value, alpha, smallest_drop, said)


def difference_of_windows(before: Estimate, after: Estimate) -> Estimate:
    """Before - after with the MOVER interval. Both need a value and an interval of the same level, else ValueError."""
    down, up = _distances(before), _distances(after)
    value = (before.value or 0.0) - (after.value or 0.0)
    return Estimate(
        value=value,
        low=value - math.hypot(down[0], up[1]),
        high=value + math.hypot(down[1], up[0]),
        level=before.level,
        n=before.n + after.n,
        method=METHOD,
    )


def _distances(estimate: Estimate) -> tuple[float, float]:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        raise ValueError(f"an estimate without interval cannot be compared: {estimate.reason}")
    return max(estimate.value - estimate.low, 0.0), max(estimate.high - estimate.value, 0.0)


def _p_value(before: Estimate, after: Estimate) -> float:
    below, above = _distances(before), _distances(after)
    drop = (before.value or 0.0) - (after.value or 0.0)
    distance = math.hypot(below[0], above[1]) if drop >= 0 else math.hypot(below[1], above[0])
    if distance == 0:
        return 1.0 if drop == 0 else 0.0
    return float(2.0 * stats.norm.sf(abs(drop) * critical_value(before.level) / distance))


def _said(
    outcome: Outcome, before: Window, after: Window, drop: Estimate, p_value: float, alpha: float, smallest: float
) -> Said:
    change = {
        "before": before.estimate.value,
        "earlier": before.said or before.label,
        "after": after.estimate.value,
        "later": after.said or after.label,
    }
    if outcome == "fell":
        return FELL(**change, p=p_value, smallest=smallest)
    if outcome == "fell a little":
        return FELL_A_LITTLE(**change, p=p_value, smallest=smallest)
    if (drop.value or 0.0) <= 0:
        return DID_NOT_FALL(**change)
    could = STILL_POSSIBLE() if (drop.high or 0.0) >= smallest else UNLIKELY()
    return CHANCE(**change, p=p_value, alpha=alpha, could=could)
