"""Is the model much worse on the test split than on the validation split?"""

import math
from dataclasses import dataclass
from typing import Any

from scipy.stats import norm

from common.numerics.estimate import Estimate
from common.said import Phrase, Said

CANNOT = Phrase("gap.cannot", "The gap between validation and test cannot be judged: {reason}")
NUMBERS = Phrase(
    "gap.numbers",
    "{validation:.1%} on validation, {test:.1%} on test ({level:.0%} interval of the gap {low:+.1%} to {high:+.1%})",
)
MUCH_WORSE = Phrase(
    "gap.muchWorse",
    "The model is much worse on the test split: {numbers}. It was probably tuned to the validation split, or the two "
    "splits are not alike.",
)
AGREE = Phrase("gap.agree", "Test and validation agree within what chance explains: {numbers}.")
LITTLE_WORSE = Phrase("gap.littleWorse", "The model is a little worse on the test split: {numbers}.")


@dataclass(frozen=True)
class Gap:
    """gap: validation minus test, in the metric's unit (positive: worse on test). warn: it is real and it matters."""

    gap: Estimate
    warn: bool
    said: Said

    @property
    def sentence(self) -> str:
        """English."""
        return self.said.sentence

    def as_json(self) -> dict[str, Any]:
        """Return the gap as a JSON object."""
        return {"gap": self.gap.as_json(), "warn": self.warn, "sentence": self.sentence, "said": self.said.as_json()}


def validation_test_gap(validation: Estimate, test: Estimate, *, relevant: float = 0.02) -> Gap:
    """Compare a score (larger is better) on two disjoint splits.

    The interval of the difference joins the two intervals by the square-and-add method (Newcombe 1998, method 10),
    which suits shares and any independent estimates. Warns when the whole interval is above 0 and the gap is at least
    `relevant`.
    """
    parts = (validation.value, validation.low, validation.high, test.value, test.low, test.high)
    if any(part is None for part in parts):
        reason = validation.reason or test.reason or "One of the two has no interval."
        gap = Estimate(None, None, None, validation.level, 0, "square-and-add", reason)
        return Gap(gap, False, CANNOT(reason=reason))
    v, v_low, v_high, t, t_low, t_high = (float(part) for part in parts if part is not None)
    low = v - t - math.hypot(v - v_low, t_high - t)
    high = v - t + math.hypot(v_high - v, t - t_low)
    gap = Estimate(v - t, low, high, validation.level, validation.n + test.n, "square-and-add", None)
    warn = low > 0 and v - t >= relevant
    numbers = NUMBERS(validation=v, test=t, level=validation.level, low=low, high=high)
    phrase = MUCH_WORSE if warn else LITTLE_WORSE if low > 0 else AGREE
    return Gap(gap, warn, phrase(numbers=numbers))


def standard_error(estimate: Estimate) -> float | None:
    """Return the standard error that the width of an interval stands for, or None without an interval."""
    if estimate.low is None or estimate.high is None:
        return None
    return (estimate.high - estimate.low) / (2 * float(norm.ppf((1 + estimate.level) / 2)))
