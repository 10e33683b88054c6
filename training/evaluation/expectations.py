"""What a model at a threshold means on an ordinary day, in numbers of cases and in one sentence."""

from dataclasses import dataclass
from typing import Any

from common.numerics.estimate import Estimate
from common.said import Phrase, Said


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Words for the sentence: the class of concern ("fraud"), and the only other class, empty with several."""

    concern: str
    other: str = ""


MEANS = Phrase(
    "expect.concern",
    "With these settings it misses {miss_rate} of the {concern} and flags {flag_rate} of {others}: about {flagged} "
    "{others} a day go to manual review, {missed} cases of {concern} are missed, {caught} are caught.",
)
CASES_OF = Phrase("expect.casesOf", "cases of {name}")
OTHER_CASES = Phrase("expect.otherCases", "other cases")
SHARE = Phrase("expect.share", "{value:1%}")
SHARE_RANGE = Phrase("expect.shareRange", "{value:1%} ({low:.1%} to {high:.1%})")
NO_SHARE = Phrase("expect.noShare", "an unknown share")
COUNT = Phrase("expect.count", "{value:,.0f}")
COUNT_RANGE = Phrase("expect.countRange", "{value:,.0f} ({low:,.0f} to {high:,.0f})")
NO_COUNT = Phrase("expect.noCount", "an unknown number of")
NO_COUNT_ALONE = Phrase("expect.noCountAlone", "an unknown number")


@dataclass(frozen=True)
class Expectation:
    """Cases a day. wrongly_flagged and caught are flagged by the model; missed are not. Each with its interval."""

    wrongly_flagged: Estimate
    missed: Estimate
    caught: Estimate
    said: Said

    @property
    def sentence(self) -> str:
        """English."""
        return self.said.sentence

    def as_json(self) -> dict[str, Any]:
        """Return the counts and the sentence as a JSON object."""
        return {
            "wrongly_flagged": self.wrongly_flagged.as_json(),
            "missed": self.missed.as_json(),
            "caught": self.caught.as_json(),
            "sentence": self.sentence,
            "said": self.said.as_json(),
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
    said = MEANS(
        concern=wording.concern,
        others=CASES_OF(name=wording.other) if wording.other else OTHER_CASES(),
        miss_rate=_share(miss_rate),
        flag_rate=_share(flag_rate),
        flagged=_count(wrongly, NO_COUNT),
        missed=_count(missed, NO_COUNT),
        caught=_count(caught, NO_COUNT_ALONE),
    )
    return Expectation(wrongly, missed, caught, said)


def scaled(rate: Estimate, cases: float) -> Estimate:
    """Return the estimate of a count: a rate with its interval times a known number of cases."""
    value, low, high = (None if x is None else x * cases for x in (rate.value, rate.low, rate.high))
    return Estimate(value, low, high, rate.level, rate.n, f"{rate.method}, times {cases:g} cases", rate.reason)


def complement(rate: Estimate) -> Estimate:
    """Return the estimate of one minus a rate."""
    value, high, low = (None if x is None else 1.0 - x for x in (rate.value, rate.low, rate.high))
    return Estimate(value, low, high, rate.level, rate.n, rate.method, rate.reason)


def _share(rate: Estimate) -> Said:
    if rate.value is None:
        return NO_SHARE()
    if rate.low is None or rate.high is None or rate.low == rate.high:
        return SHARE(value=rate.value)
    return SHARE_RANGE(value=rate.value, low=rate.low, high=rate.high)


def _count(count: Estimate, unknown: Phrase) -> Said:
    if count.value is None:
        return unknown()
    if count.low is None or count.high is None or count.low == count.high:
        return COUNT(value=count.value)
    return COUNT_RANGE(value=count.value, low=count.low, high=count.high)
