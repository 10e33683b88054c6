"""What a queue asks, and the reading of what is sent in answer to it."""

from collections.abc import Sequence
from typing import Any

from annotation.selectors.asked import asked_of, asked_together, counted_keys
from annotation.services.answers import StoredAnswer, read_answers
from annotation.services.hot.connection import one
from common.problems import InvalidInput
from datasets.labeling_schema.answers import Size
from datasets.labeling_schema.document import Question
from datasets.selectors import schemas

__all__ = ["asked_of", "asked_together", "counted_keys"]

SIZE = "SELECT width, height FROM annotation_taskpayload WHERE task_id = %(t)s"


def questions_to_ask(schema: Any, question: str, questions: Sequence[str], *, is_audit: bool) -> tuple[Question, ...]:
    """What a new queue is to ask, in the order of the schema. Raises InvalidInput that names the field.

    schema: a datasets.LabelSchema. question: the one, where `questions` is empty.
    """
    wanted = list(dict.fromkeys(questions)) or [question]
    if question and question not in wanted:
        raise _wrong("question", f"“{question}” is not among the questions. Leave it out, or add it to them.")
    asked = {key: schemas.question(schema, key) for key in wanted}
    if len(asked) > 1 and is_audit:
        raise _wrong("questions", "An audit asks the one question that the model answers.")
    if sum(one.kind == "shapes" for one in asked.values()) > 1:
        raise _wrong(
            "questions", "A queue asks for shapes once: put all classes into one question, or make a queue of each."
        )
    return asked_together(schema.pk, wanted[0], wanted)


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, errors={field: [sentence]})


def is_counted(asked: Sequence[Question]) -> bool:
    """Whether people's answers can be counted against each other, as majority, Dawid-Skene and kappa do.

    They need a closed list of answers that two people can give alike. Two outlines of one thing never are; numbers and
    texts have no list. Of several questions each is counted by itself, and one that can be is enough.
    """
    return any(one.is_choice for one in asked)


def labels_at_once(asked: Sequence[Question]) -> bool:
    """Whether what all answer alike becomes a label when the item is finished, before any consensus.

    One question with classes waits for the consensus, which says how probable its answer is.
    """
    return len(asked) > 1 or not asked[0].is_choice


def why_not_counted(asked: Sequence[Question]) -> str | None:
    """A sentence for people, where there is no consensus, no agreement and no gold; None where there is."""
    if is_counted(asked):
        return None
    what = "Shapes" if all(one.kind == "shapes" for one in asked) else "Numbers and texts"
    if len({one.kind == "shapes" for one in asked}) > 1:
        what = "Shapes, numbers and texts"
    return (
        f"{what} cannot be counted against each other, so there is no consensus, agreement, gold or early stop. What "
        "one person answers, or all answer alike, becomes a label at once; everything else goes to a reviewer."
    )


def read_sent(asked: Sequence[Question], wire: object, *, task_id: int) -> StoredAnswer:
    """The stored form of what an annotator sends for a task. The picture is asked for its size only for shapes."""
    return read_answers(asked, wire, size_of(task_id) if any(one.kind == "shapes" for one in asked) else None)


def size_of(task_id: int) -> Size | None:
    """Width and height of a task's picture, None for what is no picture."""
    row = one(SIZE, {"t": task_id})
    return None if row is None or row["width"] is None or row["height"] is None else (row["width"], row["height"])
