"""What a model means on an ordinary day, in words."""

from typing import Any

from common.numerics.estimate import Estimate
from training.evaluation.expectations import complement, expect, scaled
from training.evaluation.intervals import grouped_share, number_groups
from training.evaluation.thresholds import rates_at
from training.models import ModelVersion
from training.selectors.brief_terms import BriefTerms, terms_of
from training.selectors.files import StoredPredictions
from training.selectors.judged import concern_scores, judged_by


def expectations(model: ModelVersion, *, threshold: float | None = None, class_key: str = "") -> dict[str, Any]:
    """The sentence with its numbers. threshold: instead of the model's own, to try one out.

    Without a class of concern it says how many cases a day will be right; without cases a day, how many of a thousand.
    """
    judged = judged_by(model, may_use_test=threshold is None)
    terms = terms_of(model.project)
    if judged is None:
        return _nothing(
            "The model was fitted on all rows but the test split: take a test look, then its numbers are here."
        )
    if class_key or model.class_of_concern:
        chosen = model.threshold if threshold is None else threshold
        found = _of_concern(model, judged.predictions, terms, chosen, class_key)
    else:
        found = _of_all(model, judged.predictions, terms)
    return found | {"split": judged.split, "rows": len(judged.predictions.items)}


def _nothing(reason: str) -> dict[str, Any]:
    return {
        "sentence": reason,
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
        "notes": [reason],
        "split": None,
        "rows": 0,
    }


def _of_concern(
    model: ModelVersion, found: StoredPredictions, terms: BriefTerms, threshold: float | None, class_key: str
) -> dict[str, Any]:
    scores = concern_scores(model, found, class_key)
    notes = []
    # Without a threshold the likeliest class decides: the decision itself is the score.
    values, cut = (scores.is_chosen.astype(float), 0.5) if threshold is None else (scores.scores, threshold)
    rates = rates_at(values, scores.is_concern, cut, groups=found.groups, weights=found.weights)
    cases, share = terms.cases_per_day, terms.positive_share
    if cases is None:
        cases = 1000.0
        notes.append("The brief does not say how many cases come in a day: these are numbers for 1,000.")
    if share is None:
        share = float((found.weights * scores.is_concern).sum() / found.weights.sum())
        notes.append(
            f"The brief does not say how many cases in production are {scores.name}: taken from the judged rows "
            f"({share:.1%}), whose balance may differ. An audit measures it."
        )
    told = expect(
        concern_a_day=cases * share,
        others_a_day=cases * (1 - share),
        miss_rate=rates.miss_rate,
        flag_rate=rates.flag_rate,
        wording=terms.wording(scores.name, _only_other(model, scores.key)),
    )
    return {
        "sentence": told.sentence,
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
        "notes": notes,
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
    cases, notes = terms.cases_per_day, []
    if cases is None:
        cases = 1000.0
        notes.append("The brief does not say how many cases come in a day: these are numbers for 1,000.")
    right_a_day, wrong_a_day = scaled(accuracy, cases), scaled(complement(accuracy), cases)
    return {
        "sentence": _all_sentence(cases, right_a_day, wrong_a_day, is_a_day=not notes),
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
        "notes": notes,
    }


def _all_sentence(cases: float, right: Estimate, wrong: Estimate, *, is_a_day: bool) -> str:
    if right.value is None or wrong.value is None:
        return f"How many answers will be right cannot be said: {right.reason}"
    span = "" if right.low is None or right.high is None else f" ({right.low:,.0f} to {right.high:,.0f})"
    per = "a day " if is_a_day else ""
    told = f"about {right.value:,.0f}{span} are answered rightly and {wrong.value:,.0f} wrongly."
    return f"Of {cases:,.0f} cases {per}{told}"
