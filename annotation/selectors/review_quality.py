"""How often labels are right, by annotator and for the queue, from the random share that reviewers settled."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, F, Q, QuerySet

from annotation.models import (
    GOLD_LANE,
    Annotator,
    Assignment,
    AssignmentState,
    Queue,
    ReviewCase,
    ReviewPlan,
    ReviewState,
)
from annotation.reliability.review_based import reviewed_quality
from common.numerics.estimate import Estimate
from datasets.labeling_schema.answers import answer_token


@dataclass(frozen=True, kw_only=True)
class AnnotatorQuality:
    """Share of right labels of one annotator in the queue."""

    annotator: Annotator
    estimate: Estimate


@dataclass(frozen=True, kw_only=True)
class ReviewedQuality:
    """n_drawn: items in the random share; n_settled of them have an answer of a reviewer.

    estimate: over items, of the share of an item's labels that are right.
    """

    n_drawn: int
    n_settled: int
    estimate: Estimate
    annotators: list[AnnotatorQuality]


def plan_of(queue: Queue) -> ReviewPlan | None:
    """What is reviewed in the queue; None where nobody has planned it."""
    return ReviewPlan.objects.select_related("job").filter(queue=queue).first()


def quality_from_review(queue: Queue) -> ReviewedQuality:
    """From the answers as they were when the items were drawn: what somebody corrected afterwards was wrong before."""
    drawn = ReviewCase.objects.filter(queue=queue, inclusion_probability__isnull=False)
    n_drawn = drawn.count()
    n_settled = drawn.filter(state=ReviewState.SETTLED).count()
    by_task: dict[int, list[float]] = defaultdict(list)
    probability: dict[int, float] = {}
    by_person: dict[int, list[tuple[float, float]]] = defaultdict(list)
    reviewed = _judged(queue).filter(task__review_case__state=ReviewState.SETTLED)
    rows = reviewed.order_by("annotator_id", "task_id", "round").distinct("annotator_id", "task_id")
    for person, task, inclusion, settled, given in rows.values_list(
        "annotator_id",
        "task_id",
        "task__review_case__inclusion_probability",
        "task__review_case__answer",
        "submissions__answer",
    ):
        assert inclusion is not None
        right = float(answer_token(given) == answer_token(settled or {}))
        by_task[task].append(right)
        probability[task] = inclusion
        by_person[person].append((right, inclusion))
    estimate = reviewed_quality(
        np.array([float(np.mean(shares)) for shares in by_task.values()]),
        np.array([probability[task] for task in by_task]),
        n_waiting=n_drawn - n_settled,
    )
    people = _people(queue, by_person)
    return ReviewedQuality(n_drawn=n_drawn, n_settled=n_settled, estimate=estimate, annotators=people)


def _judged(queue: Queue) -> QuerySet[Assignment]:
    """Answers to drawn items that were there when the item was drawn; of a person's several the first round counts."""
    return Assignment.objects.filter(
        # Of gold that was taken out again the answers are past; they were judged all the same.
        Q(state__in=[AssignmentState.SUBMITTED, AssignmentState.RETURNED])
        | Q(state=AssignmentState.PAST, task__lane=GOLD_LANE),
        task__review_case__queue=queue,
        task__review_case__inclusion_probability__isnull=False,
        submitted_at__lte=F("task__review_case__sampled_at"),
        submissions__revision=F("revision"),
    )


def _people(queue: Queue, by_person: dict[int, list[tuple[float, float]]]) -> list[AnnotatorQuality]:
    open_tasks = _judged(queue).exclude(task__review_case__state=ReviewState.SETTLED)
    waiting = dict(open_tasks.values_list("annotator_id").annotate(n=Count("task_id", distinct=True)))
    ids = {*by_person, *waiting}
    found = []
    for annotator in Annotator.objects.filter(pk__in=ids).order_by("pseudonym"):
        rows = np.array(by_person.get(annotator.pk, []), dtype=np.float64).reshape(-1, 2)
        estimate = reviewed_quality(rows[:, 0], rows[:, 1], n_waiting=waiting.get(annotator.pk, 0))
        found.append(AnnotatorQuality(annotator=annotator, estimate=estimate))
    return found
