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
from annotation.models.embedding import PictureEmbedding
from annotation.models.guideline import Acknowledgement, ExampleKind, Guideline, GuidelineExample
from annotation.models.queue import GOLD_LANE, Lane, Queue, QueueChange, QueuePurpose, QueueState, SkipTo
from annotation.models.review import (
    ReturnDestination,
    ReviewCase,
    ReviewPlan,
    ReviewReason,
    ReviewReturn,
    ReviewState,
)
from annotation.models.suggestion import ShownSuggestion
from annotation.models.task import CompletedTask, EarlyStop, Gold, Task, TaskPayload

__all__ = [
    "GOLD_LANE",
    "LEADING",
    "Acknowledgement",
    "Annotator",
    "AnnotatorKind",
    "AnnotatorState",
    "Assignment",
    "AssignmentState",
    "CompletedTask",
    "ConsensusMethod",
    "ConsensusRun",
    "Cursor",
    "EarlyStop",
    "Estimate",
    "ExampleKind",
    "Gold",
    "Guideline",
    "GuidelineExample",
    "Lane",
    "Participation",
    "PictureEmbedding",
    "Queue",
    "QueueChange",
    "QueuePurpose",
    "QueueState",
    "Reliability",
    "ReturnDestination",
    "ReviewCase",
    "ReviewPlan",
    "ReviewReason",
    "ReviewReturn",
    "ReviewState",
    "SkipTo",
    "ShownSuggestion",
    "Submission",
    "Task",
    "TaskPayload",
    "new_pseudonym",
]
