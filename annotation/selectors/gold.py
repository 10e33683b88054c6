"""The gold of a queue, and how people did on it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from annotation.consensus.questions import is_right
from annotation.models import Annotator, Assignment, Gold, Queue
from annotation.selectors.asked import asked_of, counted_keys
from annotation.selectors.people import gold_counts, gold_estimate
from common.numerics.estimate import Estimate
from datasets.labeling_schema.answers import answer_token


@dataclass(frozen=True, kw_only=True)
class GivenOnGold:
    """answer: canonical; n: people who gave it; right: it is the known one."""

    answer: dict[str, Any]
    n: int
    right: bool


@dataclass(frozen=True, kw_only=True)
class PersonOnGold:
    annotator: Annotator
    right: Estimate


def gold_of(queue: Queue) -> QuerySet[Gold]:
    """The gold of a queue with its items; for pages."""
    return Gold.objects.filter(queue=queue).select_related("task__payload", "set_by", "queue")


def given_on(gold: Sequence[Gold]) -> dict[int, list[GivenOnGold]]:
    """What people answered to each, by task, the most frequent first; a few queries. gold: all of one queue."""
    known = {one.pk: one.answer for one in gold}
    counted = counted_keys(asked_of(gold[0].queue)) if gold else []
    rows = Assignment.objects.submitted().filter(task_id__in=list(known), submissions__revision=F("revision"))
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    answers: dict[str, dict[str, Any]] = {}
    for task_id, answer in rows.order_by("pk").values_list("task_id", "submissions__answer"):
        token = answer_token(answer)
        answers[token] = answer
        counts[task_id][token] += 1
    return {
        task_id: [
            GivenOnGold(answer=answers[token], n=n, right=is_right(counted, known[task_id], answers[token]))
            for token, n in found.most_common()
        ]
        for task_id, found in counts.items()
    }


def right_on(given: Sequence[GivenOnGold]) -> Estimate:
    """Share of right answers to one gold item."""
    return gold_estimate(sum(one.n for one in given if one.right), sum(one.n for one in given))


def people_on_gold(queue: Queue) -> list[PersonOnGold]:
    """Everybody who has answered gold of this queue, by pseudonym."""
    ids = list(queue.participations.filter(n_gold__gt=0).values_list("annotator_id", flat=True))
    counts = gold_counts(ids, queue)
    people = Annotator.objects.filter(pk__in=counts).order_by("pseudonym")
    return [PersonOnGold(annotator=one, right=gold_estimate(*counts[one.pk])) for one in people]
