"""What a model means on an ordinary day, in words."""

from typing import Any

from common.numerics.estimate import Estimate
from common.said import Phrase, Said
from training.evaluation.expectations import COUNT, COUNT_RANGE, complement, expect, scaled
from training.evaluation.intervals import grouped_share, number_groups
from training.evaluation.thresholds import rates_at
from training.models import ModelVersion
from training.selectors.brief_terms import BriefTerms, terms_of
from training.selectors.files import StoredPredictions
from training.selectors.judged import concern_scores, judged_by

TAKE_A_LOOK = Phrase(
    "expect.takeALook",
    "The model was fitted on all rows but the test split: take a test look, then its numbers are here.",
)
PER_THOUSAND = Phrase(
    "expect.perThousand", "The brief does not say how many cases come in a day: these are numbers for 1,000."
)
SHARE_OF_ROWS = Phrase(
    "expect.shareOfRows",
    "The brief does not say how many cases in production are {name}: taken from the judged rows ({share:.1%}), whose "
    "balance may differ. An audit measures it.",
)
ALL_A_DAY = Phrase(
    "expect.allADay", "Of {cases:,.0f} cases a day about {right} are answered rightly and {wrong:,.0f} wrongly."
)
ALL = Phrase("expect.all", "Of {cases:,.0f} cases about {right} are answered rightly and {wrong:,.0f} wrongly.")
ALL_UNKNOWN = Phrase("expect.allUnknown", "How many answers will be right cannot be said: {reason}")


def expectations(model: ModelVersion, *, threshold: float | None = None, class_key: str = "") -> dict[str, Any]:
    """The sentence with its numbers. threshold: instead of the model's own, to try one out.

    Without a class of concern it says how many cases a day will be right; without cases a day, how many of a thousand.
    """
    judged = judged_by(model, may_use_test=threshold is None)
    terms = terms_of(model.project)
    if judged is None:
        return _nothing(TAKE_A_LOOK())
    if class_key or model.class_of_concern:
        chosen = model.threshold if threshold is None else threshold
        found = _of_concern(model, judged.predictions, terms, chosen, class_key)
    else:
        found = _of_all(model, judged.predictions, terms)
    return found | {"split": judged.split, "rows": len(judged.predictions.items)}


def _nothing(reason: Said) -> dict[str, Any]:
    return {
        "sentence": reason.sentence,
        "said": reason.as_json(),
        "kind": "unknown",
        "class_of_concern": None,
        "threshold": None,
        "cases_a_day": None,
        "positive_share": None,
        "miss_rate": None,
        "flag_rate": None,
        "wrongly_flagged": None,
        "missed": None,
        "caught": None,
        "right": None,
        "wrong": None,
        **notes_json([reason]),
        "split": None,
        "rows": 0,
    }


def _of_concern(
    model: ModelVersion, found: StoredPredictions, terms: BriefTerms, threshold: float | None, class_key: str
) -> dict[str, Any]:
    scores = concern_scores(model, found, class_key)
    notes: list[Said] = []
    # Without a threshold the likeliest class decides: the decision itself is the score.
    values, cut = (scores.is_chosen.astype(float), 0.5) if threshold is None else (scores.scores, threshold)
    rates = rates_at(values, scores.is_concern, cut, groups=found.groups, weights=found.weights)
    cases, share = terms.cases_per_day, terms.positive_share
    if cases is None:
        cases = 1000.0
        notes.append(PER_THOUSAND())
    if share is None:
        share = float((found.weights * scores.is_concern).sum() / found.weights.sum())
        notes.append(SHARE_OF_ROWS(name=scores.name, share=share))
    told = expect(
        concern_a_day=cases * share,
        others_a_day=cases * (1 - share),
        miss_rate=rates.miss_rate,
        flag_rate=rates.flag_rate,
        wording=terms.wording(scores.name, _only_other(model, scores.key)),
    )
    return {
        "sentence": told.sentence,
        "said": told.said.as_json(),
        "kind": "concern",
        "class_of_concern": {"key": scores.key, "name": scores.name},
        "threshold": threshold,
        "cases_a_day": cases,
        "positive_share": share,
        "miss_rate": rates.miss_rate.as_json(),
        "flag_rate": rates.flag_rate.as_json(),
        "wrongly_flagged": told.wrongly_flagged.as_json(),
        "missed": told.missed.as_json(),
        "caught": told.caught.as_json(),
        "right": None,
        "wrong": None,
        **notes_json(notes),
    }


def _only_other(model: ModelVersion, key: str) -> str:
    others = [str(c["name"]) for c in model.serving_card["classes"] if c["key"] != key]
    return others[0] if len(others) == 1 else ""


def _of_all(model: ModelVersion, found: StoredPredictions, terms: BriefTerms) -> dict[str, Any]:
    if model.serving_card["kind"] == "multi_label":
        right = ((found.probabilities >= (model.threshold or 0.5)) == (found.truth > 0)).all(axis=1)
    else:
        right = found.probabilities.argmax(axis=1) == found.truth.argmax(axis=1)
    accuracy = grouped_share(
        found.weights * right,
        found.weights,
        number_groups(found.groups, len(right)),
        missing="There are no judged rows.",
    )
    cases = terms.cases_per_day
    notes = [PER_THOUSAND()] if cases is None else []
    cases = 1000.0 if cases is None else cases
    right_a_day, wrong_a_day = scaled(accuracy, cases), scaled(complement(accuracy), cases)
    said = _of_all_said(cases, right_a_day, wrong_a_day, is_a_day=not notes)
    return {
        "sentence": said.sentence,
        "said": said.as_json(),
        "kind": "all",
        "class_of_concern": None,
        "threshold": model.threshold,
        "cases_a_day": cases,
        "positive_share": None,
        "miss_rate": None,
        "flag_rate": None,
        "wrongly_flagged": None,
        "missed": None,
        "caught": None,
        "right": right_a_day.as_json(),
        "wrong": wrong_a_day.as_json(),
        **notes_json(notes),
    }


def _of_all_said(cases: float, right: Estimate, wrong: Estimate, *, is_a_day: bool) -> Said:
    if right.value is None or wrong.value is None:
        return ALL_UNKNOWN(reason=right.reason)
    if right.low is None or right.high is None:
        told = COUNT(value=right.value)
    else:
        told = COUNT_RANGE(value=right.value, low=right.low, high=right.high)
    return (ALL_A_DAY if is_a_day else ALL)(cases=cases, right=told, wrong=wrong.value)


def notes_json(notes: list[Said]) -> dict[str, Any]:
    """`notes` in English and `notes_said`, the same with codes."""
    return {"notes": [note.sentence for note in notes], "notes_said": [note.as_json() for note in notes]}
