"""What a model at a threshold means on an ordinary day, in numbers of cases and in one sentence."""

from dataclasses import dataclass
from typing import Any

from common.numerics.estimate import Estimate


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Words for the sentence: the class of concern ("fraud"), one and many of its cases, and the other cases."""

    concern: str
    concern_cases: str
    other_cases: str
    action: str = "go to manual review"


@dataclass(frozen=True)
class Expectation:
    """Cases a day. wrongly_flagged and caught are flagged by the model; missed are not. Each with its interval."""

    wrongly_flagged: Estimate
    missed: Estimate
    caught: Estimate
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return the counts and the sentence as a JSON object."""
        return {
            "wrongly_flagged": self.wrongly_flagged.as_json(),
            "missed": self.missed.as_json(),
            "caught": self.caught.as_json(),
            "sentence": self.sentence,
        }


def expect(
    *, concern_a_day: float, others_a_day: float, miss_rate: Estimate, flag_rate: Estimate, wording: Wording
) -> Expectation:
    """Translate rates at a threshold into cases a day.

    concern_a_day, others_a_day: cases a day in production, of the class of concern and of the rest, at least 0 (they
    come from the brief, never from the training balance). miss_rate: share of concern cases below the threshold;
    flag_rate: share of the others at or above it; each measured on data the model was not fitted on. The intervals are
    those of the mean day: they say how well the rates are known, not how much one day differs from the next. Raises
    ValueError for negative counts.
    """
    if concern_a_day < 0 or others_a_day < 0:
        raise ValueError("Cases a day cannot be negative.")
    wrongly = scaled(flag_rate, others_a_day)
    missed = scaled(miss_rate, concern_a_day)
    caught = scaled(complement(miss_rate), concern_a_day)
    sentence = (
        f"With these settings it misses {_percent(miss_rate)} of the {wording.concern} and flags "
        f"{_percent(flag_rate)} of "
        f"{wording.other_cases}: about {_count(wrongly)} {wording.other_cases} a day {wording.action}, "
        f"{_count(missed)} {wording.concern_cases} are missed, {_count(caught).removesuffix(' of')} are caught."
    )
    return Expectation(wrongly, missed, caught, sentence)


def scaled(rate: Estimate, cases: float) -> Estimate:
    """Return the estimate of a count: a rate with its interval times a known number of cases."""
    value, low, high = (None if x is None else x * cases for x in (rate.value, rate.low, rate.high))
    return Estimate(value, low, high, rate.level, rate.n, f"{rate.method}, times {cases:g} cases", rate.reason)


def complement(rate: Estimate) -> Estimate:
    """Return the estimate of one minus a rate."""
    value, high, low = (None if x is None else 1.0 - x for x in (rate.value, rate.low, rate.high))
    return Estimate(value, low, high, rate.level, rate.n, rate.method, rate.reason)


def _percent(rate: Estimate) -> str:
    if rate.value is None:
        return "an unknown share"
    return f"{rate.value * 100:.1f}".rstrip("0").rstrip(".") + "%" + _range(rate, 100, "%")


def _count(count: Estimate) -> str:
    if count.value is None:
        return "an unknown number of"
    return f"{count.value:,.0f}{_range(count, 1, '')}"


def _range(estimate: Estimate, factor: float, unit: str) -> str:
    if estimate.low is None or estimate.high is None or estimate.low == estimate.high:
        return ""
    low, high = estimate.low * factor, estimate.high * factor
    digits = 1 if unit else 0
    return f" ({low:,.{digits}f} to {high:,.{digits}f}{unit})"
