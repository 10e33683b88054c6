"""Answers become labels: one of each question, and without a consensus where answers cannot be counted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from annotation.agreement.answer_agreement import least_agreement, most_typical
from annotation.models import (
    Annotator,
    Assignment,
    AssignmentState,
    Queue,
    QueuePurpose,
    ReviewCase,
    ReviewPlan,
    ReviewReason,
    ReviewState,
    Task,
    TaskPayload,
)
from annotation.selectors.answers import CurrentAnswer, current_answers
from annotation.services.asking import asked_of, is_counted
from annotation.services.completion import open_cases
from datasets.labeling_schema.answers import answer_token
from datasets.services.labels import Acceptance, accept_labels, withdraw_labels


def accept_in_queue(queue: Queue, acceptances: Sequence[Acceptance]) -> None:
    """Make labels of answers as a queue stores them; an answer to several questions is a label of each.

    A question that is not asked of an item any more loses the label that this queue had given it.
    """
    by_question: dict[str, list[Acceptance]] = defaultdict(list)
    unasked: dict[str, list[int]] = defaultdict(list)
    for one in acceptances:
        parts = one.answer.get("answers", {queue.question: one.answer})
        for question, answer in parts.items():
            by_question[question].append(replace(one, answer=answer))
        for question in queue.asked_keys:
            if question not in parts:
                unasked[question].append(one.item_id)
    for question, found in by_question.items():
        accept_labels(project=queue.project, schema=queue.schema, question=question, acceptances=found)
    for question, items in unasked.items():
        _withdraw(queue, question, items)


def _withdraw(queue: Queue, question: str, item_ids: Sequence[int]) -> None:
    """Take back what answers and reviewers of this queue made of the items; labels from elsewhere stay."""
    tasks = TaskPayload.objects.filter(queue=queue, item_id__in=item_ids).values_list("task_id", flat=True)
    cases = ReviewCase.objects.filter(task_id__in=tasks).values_list("public_id", flat=True)
    made_by = [f"task:{task_id}" for task_id in tasks] + [f"review:{case}" for case in cases]
    withdraw_labels(schema=queue.schema, question=question, item_ids=item_ids, made_by=made_by)


@transaction.atomic
def settle_free_answers(*, queue_id: int, task_ids: Sequence[int]) -> int:
    """Finished tasks of a labeling queue whose answers cannot be counted: shapes, numbers, texts, several questions.

    What one person was asked for, or all said exactly alike, becomes a label; the rest goes to a reviewer, as does what
    is flagged or what nobody could tell. Where the queue's review plan says how much agreement is enough, what agrees
    so much becomes a label too: the answer that agrees most with all others. May be repeated: after a correction the
    labels are those of the new answer, and none where it leaves a doubt. Returns how many became labels.
    """
    queue = Queue.objects.select_related("project", "schema").filter(pk=queue_id).first()
    if queue is None or queue.purpose != QueuePurpose.LABELING or is_counted(asked_of(queue)):
        return 0
    # Those that a reviewer has settled are theirs.
    theirs = ReviewCase.objects.filter(task_id__in=task_ids, state=ReviewState.SETTLED).values("task_id")
    tasks = Task.objects.filter(queue=queue, pk__in=task_ids).exclude(pk__in=theirs)
    items = list(TaskPayload.objects.filter(task__in=tasks.filter(open=False)).values_list("item_id", flat=True))
    by_task: dict[int, list[CurrentAnswer]] = defaultdict(list)
    for one in current_answers(queue, items):
        if one.is_complete and not one.is_gold:
            by_task[one.task_id].append(one)
    judge = _Judge(queue, list(by_task))
    reasons = {task_id: judge.doubt(given) for task_id, given in by_task.items()}
    settled = [judge.leading_first(given) for task_id, given in by_task.items() if reasons[task_id] is None]
    accept_in_queue(queue, _acceptances(settled))
    doubtful = {task_id: reason for task_id, reason in reasons.items() if reason is not None}
    open_cases(queue=queue, reasons=doubtful)
    _take_back(queue, [*doubtful, *_without_answers(tasks.filter(open=True))])
    _close_needless([given[0].task_id for given in settled])
    return len(settled)


def _close_needless(task_ids: Sequence[int]) -> None:
    """A correction took the doubt away before a reviewer looked at it; what was drawn or sent back is still theirs."""
    doubts = (ReviewReason.FLAGGED, ReviewReason.CANNOT_TELL, ReviewReason.DISAGREEMENT)
    cases = ReviewCase.objects.open().filter(task_id__in=task_ids, reason__in=doubts, n_returns=0)
    cases.filter(inclusion_probability__isnull=True).delete()


class _Judge:
    """Whether the answers to a finished task leave a doubt, by the queue's own measure."""

    def __init__(self, queue: Queue, task_ids: Sequence[int]) -> None:
        self.asked = asked_of(queue)
        plans = ReviewPlan.objects.filter(queue=queue)
        self.enough: float | None = plans.values_list("agreement_below", flat=True).first()
        sizes = (
            TaskPayload.objects.filter(task_id__in=task_ids) if self.enough is not None else TaskPayload.objects.none()
        )
        self.sides = {task: max(w or 0, h or 0) for task, w, h in sizes.values_list("task_id", "width", "height")}

    def doubt(self, given: Sequence[CurrentAnswer]) -> ReviewReason | None:
        if any(one.flagged for one in given):
            return ReviewReason.FLAGGED
        parts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for one in given:
            for question, answer in one.answer.get("answers", {"": one.answer}).items():
                parts[question].append(answer)
        if any(all("cannot_tell" in answer for answer in answers) for answers in parts.values()):
            return ReviewReason.CANNOT_TELL
        if len({answer_token(one.answer) for one in given}) == 1 or self._agree_enough(given):
            return None
        return ReviewReason.DISAGREEMENT

    def _agree_enough(self, given: Sequence[CurrentAnswer]) -> bool:
        if self.enough is None:
            return False
        answers = [one.answer for one in given]
        return least_agreement(self.asked, answers, side=self.sides[given[0].task_id]) >= self.enough

    def leading_first(self, given: Sequence[CurrentAnswer]) -> list[CurrentAnswer]:
        """The same answers, first the one that becomes the label."""
        if len({answer_token(one.answer) for one in given}) == 1:
            return list(given)
        side = self.sides[given[0].task_id]
        place = most_typical(self.asked, [one.answer for one in given], side=side)
        return [given[place], *given[:place], *given[place + 1 :]]


def _without_answers(tasks: QuerySet[Task]) -> list[int]:
    """Of unfinished tasks: those whose answers were all taken back by who gave them."""
    answered = Assignment.objects.filter(task__in=tasks, state=AssignmentState.SUBMITTED).values("task_id")
    return list(tasks.exclude(pk__in=answered).values_list("pk", flat=True))


def _take_back(queue: Queue, task_ids: Sequence[int]) -> None:
    items = list(TaskPayload.objects.filter(task_id__in=task_ids).values_list("item_id", flat=True))
    for question in queue.asked_keys if items else ():
        _withdraw(queue, question, items)


def _acceptances(settled: Sequence[Sequence[CurrentAnswer]]) -> list[Acceptance]:
    """No posterior: nothing was estimated. A single answer names its annotator."""
    alone = [given[0].annotator_id for given in settled if len(given) == 1]
    people = {one.pk: one.user for one in Annotator.objects.filter(pk__in=alone).select_related("user")}
    return [
        Acceptance(
            item_id=given[0].item_id,
            answer=given[0].answer,
            origin="single" if len(given) == 1 else "consensus",
            origin_ref=f"task:{given[0].task_id}",
            actor=people[given[0].annotator_id] if len(given) == 1 else None,
            n_labels=len(given),
        )
        for given in settled
    ]
