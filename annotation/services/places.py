"""Where cursors must look again: tasks came to places that some of them have passed."""

from collections.abc import Iterable, Mapping

from django.db.models import F

from annotation.models import Queue, QueueChange

Place = tuple[int, int]  # rank and id of a task: the order in which a lane is walked


def announce(*, queue_id: int, places: Mapping[int, Iterable[Place]]) -> None:
    """Let the cursors of these lanes look again between the first and the last of the places.

    Call it in the transaction that changes the tasks, after the tasks are locked and before lanes are: it locks the
    queue to the end of the transaction, so that epochs are seen in their order and each with its changes.
    """
    ends = {lane: (min(found), max(found)) for lane, those in places.items() if (found := list(those))}
    if not ends:
        return
    Queue.objects.filter(pk=queue_id).update(epoch=F("epoch") + 1)
    epoch = Queue.objects.values_list("epoch", flat=True).get(pk=queue_id)
    QueueChange.objects.bulk_create(
        QueueChange(
            queue_id=queue_id, lane=lane, epoch=epoch,
            low_rank=low[0], low_task=low[1], high_rank=high[0], high_task=high[1],
        )
        for lane, (low, high) in ends.items()
    )  # fmt: skip
