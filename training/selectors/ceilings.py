"""How right people are at what a run learns: the ceiling beside its score."""

from typing import Any

from django.core.cache import cache

from annotation.selectors.people import HumanCeiling, human_ceiling
from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_interval
from datasets.labeling_schema.document import Question
from datasets.selectors import schemas
from training.models import Run

KEPT_SECONDS = 60


def ceiling_of(run: Run) -> dict[str, Any]:
    """People against settled truth as it is known by now, counted in the classes of the run.

    Gold and reviews come after a run has ended too, so nothing of this is kept with it. Where there is no figure
    `accuracy.reason` and the sentence say why.

    People may label a leaf of the taxonomy where the run learns its branch: mistaking one leaf for its sister is then
    no mistake.
    """
    if run.task["kind"] == "multi_label":
        return _unknown("several answers may be right at once, and for such questions it is not measured yet")
    found = _ceiling_lately(run)
    if found.n == 0:
        return _unknown(f"{found.estimate.reason}. Put gold into the queue or settle disputed items in the review")
    question = schemas.question(run.version.schema, run.question)
    accuracy = _in_classes(found, question, {c["key"] for c in run.task["classes"]})
    return {
        "accuracy": accuracy.as_json(),
        "against": found.truth,
        "n_annotators": found.n_annotators,
        "simulated_share": found.simulated_share,
        "sentence": _sentence(accuracy, found),
    }


def _ceiling_lately(run: Run) -> HumanCeiling:
    """Read from every answer that can be judged, so it is kept for a minute: pages ask for it often."""
    key = f"human-ceiling:{run.project_id}:{run.version.schema.family}:{run.question}"
    found: HumanCeiling | None = cache.get(key)
    if found is None:
        found = human_ceiling(run.project, run.version.schema, run.question)
        cache.set(key, found, timeout=KEPT_SECONDS)
    return found


def _unknown(reason: str) -> dict[str, Any]:
    return {
        "accuracy": Estimate.unknown(reason).as_json(),
        "against": None,
        "n_annotators": 0,
        "simulated_share": 0.0,
        "sentence": f"How right people are is not known: {reason}.",
    }


def _in_classes(found: HumanCeiling, question: Question, classes: set[str]) -> Estimate:
    """The ceiling with answers taken up the taxonomy to the classes that are learned."""
    right = total = plain = 0
    for (settled, given), count in found.confusion.items():
        truth = class_above(question, settled, classes)
        if truth is None:
            continue  # a case that the run does not learn
        total += count
        right += count * (class_above(question, given, classes) == truth)
        plain += count * (settled == given)
    if (right, total) == (plain, found.n) or total == 0:
        return found.estimate
    return wilson_interval(right, total)


def class_above(question: Question, key: str, classes: set[str]) -> str | None:
    """The learned class of an answer: itself or the nearest above it; None for none of them."""
    if key in classes or key not in question.by_key:
        return key if key in classes else None
    return next((up for up in question.ancestors(key) if up in classes), None)


def _sentence(accuracy: Estimate, found: HumanCeiling) -> str:
    if accuracy.value is None:
        return f"How right people are is not known: {accuracy.reason}."
    span = "" if accuracy.low is None or accuracy.high is None else f" ({accuracy.low:.1%} to {accuracy.high:.1%})"
    against = "items whose answer is known" if found.truth == "gold" else "items that experts settled"
    sentence = f"People are right in {accuracy.value:.1%}{span} of {accuracy.n} answers, measured on {against}."
    if found.truth == "review":
        sentence += " Those were the disputed ones, so people are better than this on ordinary items."
    if found.simulated_share > 0:
        sentence += f" {found.simulated_share:.0%} of the answers are from simulated annotators."
    return sentence
