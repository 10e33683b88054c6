"""Finished tasks are announced in batches, and what an audit's annotators dispute is put before a reviewer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import connection, transaction

from annotation.events import TasksCompleted
from annotation.models import Queue, ReviewCase, ReviewReason, Task, TaskPayload
from annotation.selectors.answers import settled_answers
from common.outbox import publish

BATCH = 1_000
_TAKE = """
DELETE FROM annotation_completedtask WHERE task_id IN (
  SELECT task_id FROM annotation_completedtask ORDER BY task_id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING queue_id, task_id
"""


@transaction.atomic
def announce_completed() -> int:
    """Publish one TasksCompleted a queue for up to 1,000 finished tasks. Returns how many; call again while it is that.

    Rows and events change in one transaction: nothing is announced and kept, or forgotten and not announced.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        rows = cursor.fetchall()
    by_queue: dict[int, list[int]] = defaultdict(list)
    for queue_id, task_id in rows:
        by_queue[queue_id].append(task_id)
    for queue_id, task_ids in by_queue.items():
        publish(TasksCompleted(queue_id=queue_id, task_ids=sorted(task_ids)))
    return len(rows)


@transaction.atomic
def dispute_audit_tasks(*, queue_id: int, task_ids: Sequence[int]) -> int:
    """Open a review case for each finished audit task without a settled answer. Returns how many are new."""
    queue = Queue.objects.filter(pk=queue_id).first()
    if queue is None or not queue.is_audit:
        return 0
    finished = Task.objects.filter(queue=queue, pk__in=task_ids, open=False)
    items = dict(TaskPayload.objects.filter(task__in=finished).values_list("item_id", "task_id"))
    unsettled = [items[item_id] for item_id, answer in settled_answers(queue, list(items)).items() if answer is None]
    return open_cases(queue=queue, reasons=dict.fromkeys(unsettled, ReviewReason.DISAGREEMENT))


def open_cases(
    *,
    queue: Queue,
    reasons: Mapping[int, ReviewReason],
    disputed: Mapping[int, Sequence[str]] | None = None,
    by_consensus: bool = False,
) -> int:
    """Put tasks before a reviewer; a task has one case, the first reason stays. Returns how many are new.

    disputed: of several questions those that are left to settle, by task. Cases that are open learn of it too:
    by_consensus says all that is left, anything else what is left besides.
    """
    left = disputed or {}
    before = ReviewCase.objects.filter(task_id__in=list(reasons)).count()
    ReviewCase.objects.bulk_create(
        [
            ReviewCase(
                project_id=queue.project_id, queue=queue, task_id=task_id, reason=reason,
                disputed=list(left.get(task_id, ())),
            )
            for task_id, reason in sorted(reasons.items())
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )  # fmt: skip
    if left:
        _tell_open_cases(queue, left, by_consensus)
    return ReviewCase.objects.filter(task_id__in=list(reasons)).count() - before


def _tell_open_cases(queue: Queue, left: Mapping[int, Sequence[str]], by_consensus: bool) -> None:
    told = (ReviewReason.DISAGREEMENT, ReviewReason.LOW_POSTERIOR, ReviewReason.CANNOT_TELL)
    known = ReviewCase.objects.open().select_for_update().filter(task_id__in=list(left), reason__in=told)
    changed = []
    for one in known.order_by("pk"):
        now = list(left[one.task_id])
        # What nobody could tell stays a doubt, whatever a consensus made of it; and empty is everything already.
        if not by_consensus or one.reason == ReviewReason.CANNOT_TELL:
            both = {*now, *one.disputed}
            now = [key for key in queue.asked_keys if key in both] if one.disputed else []
        if now != one.disputed:
            one.disputed = now
            changed.append(one)
    ReviewCase.objects.bulk_update(changed, ["disputed"], batch_size=BATCH)
