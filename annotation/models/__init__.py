from annotation.models.annotator import (
    LEADING,
    Annotator,
    AnnotatorKind,
    AnnotatorState,
    Participation,
    new_pseudonym,
)
from annotation.models.assignment import Assignment, AssignmentState, Cursor, Submission
from annotation.models.consensus import ConsensusMethod, ConsensusRun, Estimate, Reliability
from annotation.models.queue import GOLD_LANE, Lane, Queue, QueuePurpose, QueueState
from annotation.models.review import ReviewCase, ReviewReason, ReviewState
from annotation.models.task import CompletedTask, Gold, Task, TaskPayload

__all__ = [
    "GOLD_LANE",
    "LEADING",
    "Annotator",
    "AnnotatorKind",
    "AnnotatorState",
    "Assignment",
    "AssignmentState",
    "CompletedTask",
    "ConsensusMethod",
    "ConsensusRun",
    "Cursor",
    "Estimate",
    "Gold",
    "Lane",
    "Participation",
    "Queue",
    "QueuePurpose",
    "QueueState",
    "Reliability",
    "ReviewCase",
    "ReviewReason",
    "ReviewState",
    "Submission",
    "Task",
    "TaskPayload",
    "new_pseudonym",
]
