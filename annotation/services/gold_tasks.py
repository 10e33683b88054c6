"""Finished tasks become gold, and gold is taken out again, with every counter that knows of them.

What was answered before is an answer to gold from then on: it was given blind. Nobody who gave one is asked again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from annotation.models import (
    GOLD_LANE,
    Assignment,
    AssignmentState,
    EarlyStop,
    Estimate,
    Gold,
    Lane,
    Participation,
    Queue,
    ReviewCase,
    ReviewState,
    Task,
)
from annotation.services.places import announce
from annotation.services.tasks import GOLD_K
from common.problems import NotFound

# Finished, nobody is at it, and no reviewer has still to say what is right; or gold that was taken out before.
_READY = f"""
SELECT t.id FROM annotation_task t JOIN annotation_taskpayload y ON y.task_id = t.id
WHERE y.queue_id = %(queue)s AND y.item_id = ANY(%(items)s) AND t.n_out = t.n_done AND (t.n_done >= t.k OR t.closed)
  AND NOT EXISTS (SELECT 1 FROM annotation_gold g WHERE g.task_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM annotation_reviewcase c
    WHERE c.task_id = t.id AND c.state <> '{ReviewState.SETTLED}')
ORDER BY t.id FOR NO KEY UPDATE OF t
"""


def turn_into_gold(queue: Queue, known: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Make gold of items that the queue has already, in the caller's transaction. Returns the ids of their tasks.

    known: canonical answers by item id. An item whose task is not finished, or that a reviewer has still to settle,
    stays as it is; so does all of an audit, whose answers are its measurement.
    """
    if queue.is_audit or not known:
        return []
    # Who settles a case holds it, and then wants its task.
    list(
        ReviewCase.objects.select_for_update()
        .filter(task__payload__item_id__in=list(known), queue=queue)
        .order_by("pk")
    )
    with connection.cursor() as cursor:
        cursor.execute(_READY, {"queue": queue.pk, "items": list(known)})
        ids = [row[0] for row in cursor.fetchall()]
    tasks = list(Task.objects.filter(pk__in=ids).select_related("payload"))
    if not tasks:
        return []
    _leave_the_work(queue, [task for task in tasks if task.lane < GOLD_LANE])
    Task.objects.filter(pk__in=ids).update(
        lane=GOLD_LANE, rank=0, k=GOLD_K, closed=False, open=True, returned=False, n_out=F("n_done")
    )
    Gold.objects.bulk_create(Gold(task=task, queue=queue, answer=known[task.payload.item_id]) for task in tasks)
    # Gold gets no estimate; one that is there could still become a label.
    Estimate.objects.unaccepted().filter(task_id__in=ids).delete()
    announce(queue_id=queue.pk, places={GOLD_LANE: [(0, task_id) for task_id in ids]})
    Queue.objects.filter(pk=queue.pk).update(n_gold=F("n_gold") + len(ids))
    Lane.objects.get_or_create(queue=queue, number=GOLD_LANE, defaults={"is_gold": True})
    Lane.objects.filter(queue=queue, number=GOLD_LANE).update(
        n_tasks=F("n_tasks") + len(ids), max_rank=Greatest(F("max_rank"), 0)
    )
    return sorted(ids)


def _leave_the_work(queue: Queue, tasks: Sequence[Task]) -> None:
    """Take ordinary tasks out of the queue's progress; what people gave counts as answers to gold."""
    rounds = dict(EarlyStop.objects.filter(task__in=tasks).order_by("round").values_list("task_id", "round"))
    saved = sum(task.k - task.n_done for task in tasks if task.closed and rounds.get(task.pk) == task.round)
    given = Counter(
        Assignment.objects.submitted().filter(task__in=tasks).order_by().values_list("annotator_id", flat=True)
    )
    _move_counts(queue, given, "n_done", "n_gold")
    if saved:  # only the sum over the queue says something, so anybody's counter will do
        first = Participation.objects.filter(queue=queue).order_by("pk").values("pk")[:1]
        Participation.objects.filter(pk__in=first).update(n_saved=F("n_saved") - saved)
    Queue.objects.filter(pk=queue.pk).update(
        n_tasks=F("n_tasks") - len(tasks),
        n_slots=F("n_slots") - sum(task.n_done for task in tasks) - saved,
        n_reopened=F("n_reopened") + len(tasks),
    )
    for number, n in Counter(task.lane for task in tasks).items():
        Lane.objects.filter(queue=queue, number=number).update(n_tasks=F("n_tasks") - n)


def _move_counts(queue: Queue, by_annotator: Mapping[int, int], source: str, to: str) -> None:
    for annotator_id, n in sorted(by_annotator.items()):
        Participation.objects.filter(queue=queue, annotator_id=annotator_id).update(
            **{source: F(source) - n, to: F(to) + n}
        )


@transaction.atomic
def retire_gold(*, queue: Queue, task_id: int) -> None:
    """Ask nobody any more about a gold task, and hold none of its answers against anybody; they stay as history.

    Who has it on the table may still answer, which then counts for nothing. The item stays out of the queue's work; its
    label stays. Raises NotFound.
    """
    task = Task.objects.select_for_update(no_key=True).filter(pk=task_id, queue=queue, lane=GOLD_LANE).first()
    n, _ = Gold.objects.filter(task=task).delete() if task else (0, {})
    if task is None or not n:
        raise NotFound("This item is not gold here, or not any more.")
    answers = Assignment.objects.submitted().filter(task=task)
    _move_counts(queue, Counter(answers.values_list("annotator_id", flat=True)), "n_gold", "n_past")
    answers.update(state=AssignmentState.PAST)
    Task.objects.filter(pk=task.pk).update(
        n_out=task.n_out - task.n_done, n_done=0, closed=True, open=False, returned=False
    )
    Queue.objects.filter(pk=queue.pk).update(n_gold=F("n_gold") - 1)
    Lane.objects.filter(queue=queue, number=GOLD_LANE).update(n_tasks=F("n_tasks") - 1)
