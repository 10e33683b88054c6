"""Answers become labels: one of each question, and without a consensus where answers cannot be counted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from annotation.models import Annotator, Queue, QueuePurpose, ReviewReason, Task, TaskPayload
from annotation.selectors.answers import CurrentAnswer, current_answers
from annotation.services.asking import asked_of, is_counted
from annotation.services.completion import open_cases
from datasets.labeling_schema.answers import answer_token
from datasets.services.labels import Acceptance, accept_labels


def accept_in_queue(queue: Queue, acceptances: Sequence[Acceptance]) -> None:
    """Make labels of answers as a queue stores them; an answer to several questions is a label of each."""
    by_question: dict[str, list[Acceptance]] = defaultdict(list)
    for one in acceptances:
        parts = one.answer.get("answers", {queue.question: one.answer})
        for question, answer in parts.items():
            by_question[question].append(replace(one, answer=answer))
    for question, found in by_question.items():
        accept_labels(project=queue.project, schema=queue.schema, question=question, acceptances=found)


@transaction.atomic
def settle_free_answers(*, queue_id: int, task_ids: Sequence[int]) -> int:
    """Finished tasks of a labeling queue whose answers cannot be counted: shapes, numbers, texts, several questions.

    What one person was asked for, or all said exactly alike, becomes a label; the rest goes to a reviewer, as does what
    is flagged or what nobody could tell. May be repeated. Returns how many became labels.
    """
    queue = Queue.objects.select_related("project", "schema").filter(pk=queue_id).first()
    if queue is None or queue.purpose != QueuePurpose.LABELING or is_counted(asked_of(queue)):
        return 0
    finished = Task.objects.filter(queue=queue, pk__in=task_ids, open=False)
    items = list(TaskPayload.objects.filter(task__in=finished).values_list("item_id", flat=True))
    by_task: dict[int, list[CurrentAnswer]] = defaultdict(list)
    for one in current_answers(queue, items):
        if one.is_complete and not one.is_gold:
            by_task[one.task_id].append(one)
    reasons = {task_id: _doubt(given) for task_id, given in by_task.items()}
    settled = [given for task_id, given in by_task.items() if reasons[task_id] is None]
    accept_in_queue(queue, _acceptances(settled))
    open_cases(queue=queue, reasons={task_id: reason for task_id, reason in reasons.items() if reason is not None})
    return len(settled)


def _doubt(given: Sequence[CurrentAnswer]) -> ReviewReason | None:
    if any(one.flagged for one in given):
        return ReviewReason.FLAGGED
    if all("cannot_tell" in one.answer for one in given):
        return ReviewReason.CANNOT_TELL
    return None if len({answer_token(one.answer) for one in given}) == 1 else ReviewReason.DISAGREEMENT


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
