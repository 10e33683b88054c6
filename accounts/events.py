from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class JobQueued:
    """A job waits to be claimed. The courier sends it to the task of its kind."""

    NAME: ClassVar[str] = "JobQueued"
    VERSION: ClassVar[int] = 1
    job_id: int
    kind: str
