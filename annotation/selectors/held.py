"""What somebody holds a lease of, for a model that is to say what it thinks of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from annotation.models import Assignment, AssignmentState, Queue


@dataclass(frozen=True)
class HeldPicture:
    """A picture that its asker is to answer. Gold is among them: whoever asks cannot tell it apart."""

    task_id: int
    object_key: str


def held_pictures(user: User, queue: Queue, task_ids: Sequence[int]) -> list[HeldPicture]:
    """Those of the tasks that the user holds in this queue and that are pictures; the others are left out."""
    held = Assignment.objects.filter(
        queue=queue, annotator__user=user, state=AssignmentState.LEASED, task_id__in=task_ids
    )
    pictures = held.filter(task__payload__kind="image").exclude(task__payload__object_key="")
    rows = pictures.order_by("task_id").values_list("task_id", "task__payload__object_key")
    return [HeldPicture(task_id, key) for task_id, key in rows]
