from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class TasksCompleted:
    """Tasks of a queue have all their labels, or a reviewer has settled them, or a free answer was corrected.

    May name a task more than once, and one that was opened again meanwhile.
    """

    NAME: ClassVar[str] = "TasksCompleted"
    VERSION: ClassVar[int] = 1
    queue_id: int
    task_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class PictureWanted:
    """Somebody has given a hint in a picture that the operator's encoder has not seen, or not finished."""

    NAME: ClassVar[str] = "PictureWanted"
    VERSION: ClassVar[int] = 1
    embedding_id: int
