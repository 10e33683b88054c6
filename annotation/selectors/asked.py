"""What a queue asks, and which of its questions are counted."""

from collections.abc import Sequence

from annotation.models import Queue
from datasets.labeling_schema.document import Question
from datasets.selectors import schemas


def asked_together(schema_id: int, question: str, questions: Sequence[str] = ()) -> tuple[Question, ...]:
    """The questions of a queue in the order of its schema; without several, the one that it has always asked."""
    document = schemas.document_by_id(schema_id)
    if not questions:
        return (document.by_key[question],)
    return tuple(one for one in document.questions if one.key in questions)


def asked_of(queue: Queue) -> tuple[Question, ...]:
    """What a queue asks about each of its items."""
    return asked_together(queue.schema_id, queue.question, queue.questions)


def counted_keys(asked: Sequence[Question]) -> list[str]:
    """Keys of the questions whose answers are counted: those with a closed list of classes."""
    return [one.key for one in asked if one.is_choice]
