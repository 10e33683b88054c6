"""How right people are at what a run learns: the ceiling beside its score."""

from typing import Any

from django.core.cache import cache

from annotation.selectors.people import HumanCeiling, human_ceiling
from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_interval
from common.said import Phrase, Said
from datasets.labeling_schema.document import Question
from datasets.selectors import schemas
from training.models import Run

KEPT_SECONDS = 60

SEVERAL = Phrase(
    "people.several", "several answers may be right at once, and for such questions it is not measured yet"
)
PUT_GOLD = Phrase("people.putGold", "{why}. Put gold into the queue or settle disputed items in the review")
UNKNOWN = Phrase("people.unknown", "How right people are is not known: {reason}.")
RIGHT = Phrase("people.right", "People are right in {value:.1%} of {n:,} answers, measured on {against}.")
RIGHT_RANGE = Phrase(
    "people.rightRange",
    "People are right in {value:.1%} ({low:.1%} to {high:.1%}) of {n:,} answers, measured on {against}.",
)
GOLD = Phrase("people.gold", "items whose answer is known")
REVIEWED = Phrase("people.reviewed", "items that experts settled")
DISPUTED = Phrase("people.disputed", "Those were the disputed ones, so people are better than this on ordinary items.")
SIMULATED = Phrase("people.simulated", "{share:.0%} of the answers are from simulated annotators.")


def ceiling_of(run: Run) -> dict[str, Any]:
    """People against settled truth as it is known by now, counted in the classes of the run.

    Gold and reviews come after a run has ended too, so nothing of this is kept with it. Where there is no figure
    `accuracy.reason` and the sentence say why.

    People may label a leaf of the taxonomy where the run learns its branch: mistaking one leaf for its sister is then
    no mistake.
    """
    if run.task["kind"] == "multi_label":
        return _unknown(SEVERAL())
    found = _ceiling_lately(run)
    if found.n == 0:
        return _unknown(PUT_GOLD(why=found.estimate.reason))
    question = schemas.question(run.version.schema, run.question)
    accuracy = _in_classes(found, question, {c["key"] for c in run.task["classes"]})
    return {
        "accuracy": accuracy.as_json(),
        "against": found.truth,
        "n_annotators": found.n_annotators,
        "simulated_share": found.simulated_share,
        **_told(_said(accuracy, found)),
    }


def _ceiling_lately(run: Run) -> HumanCeiling:
    """Read from every answer that can be judged, so it is kept for a minute: pages ask for it often."""
    key = f"human-ceiling:{run.project_id}:{run.version.schema.family}:{run.question}"
    found: HumanCeiling | None = cache.get(key)
    if found is None:
        found = human_ceiling(run.project, run.version.schema, run.question)
        cache.set(key, found, timeout=KEPT_SECONDS)
    return found


def _told(said: Said) -> dict[str, Any]:
    return {"sentence": said.sentence, "said": said.as_json()}


def _unknown(reason: Said) -> dict[str, Any]:
    return {
        "accuracy": Estimate.unknown(reason.sentence).as_json(),
        "against": None,
        "n_annotators": 0,
        "simulated_share": 0.0,
        **_told(UNKNOWN(reason=reason)),
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


def _said(accuracy: Estimate, found: HumanCeiling) -> Said:
    if accuracy.value is None:
        return UNKNOWN(reason=accuracy.reason)
    against = GOLD() if found.truth == "gold" else REVIEWED()
    if accuracy.low is None or accuracy.high is None:
        said = RIGHT(value=accuracy.value, n=accuracy.n, against=against)
    else:
        said = RIGHT_RANGE(value=accuracy.value, low=accuracy.low, high=accuracy.high, n=accuracy.n, against=against)
    if found.truth == "review":
        said += DISPUTED()
    if found.simulated_share > 0:
        said += SIMULATED(share=found.simulated_share)
    return said
