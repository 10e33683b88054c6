"""What people answered, and what that settles."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F

from annotation.models import GOLD_LANE, Assignment, Queue, ReviewCase, TaskPayload
from datasets.labeling_schema.answers import answer_keys, answer_token
from datasets.labeling_schema.document import Question
from datasets.labeling_schema.operations import carry_answer
from datasets.selectors import schemas

CHUNK = 5_000


@dataclass(frozen=True, kw_only=True)
class CurrentAnswer:
    """The revision that counts of one annotator's answer. answer: canonical form. is_complete: the task has its k."""

    item_id: int
    task_id: int
    annotator_id: int
    answer: dict[str, Any]
    flagged: bool
    is_gold: bool
    is_complete: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A settled answer in canonical form.

    settled_by: "review" or "consensus"; n: labels behind it; n_agreeing: how many of them say the same.
    """

    answer: dict[str, Any]
    settled_by: str
    n: int
    n_agreeing: int

    @property
    def kind(self) -> str:
        """One of class, none_of_these, cannot_tell."""
        if "none" in self.answer:
            return "none_of_these"
        return "cannot_tell" if "cannot_tell" in self.answer else "class"

    @property
    def classes(self) -> tuple[str, ...]:
        """Class keys, sorted; empty for the other kinds."""
        return answer_keys(self.answer)


def current_answers(queue: Queue, item_ids: Iterable[int] | None = None) -> Iterator[CurrentAnswer]:
    """Answers of a queue in the order of items, without skips; in chunks, so that a large queue needs little memory.

    Classes that were merged since somebody chose them are told as what they became.
    """
    known = schemas.document_by_id(queue.schema_id).by_key
    asked = {key: known[key] for key in queue.asked_keys if key in known}
    merged = any(one.replaced_by for question in asked.values() for one in question.classes)
    for one in _stored_answers(queue, item_ids):
        now = carried(asked, queue.question, one.answer) if merged else one.answer
        if now is not None:
            yield one if now == one.answer else replace(one, answer=now)


def carried(asked: Mapping[str, Question], alone: str, answer: dict[str, Any]) -> dict[str, Any] | None:
    """The answer in the words of today, each part of it; None when a part has none."""
    if "answers" not in answer:
        return carry_answer(asked[alone], answer) if alone in asked else answer
    parts = {key: carry_answer(asked[key], part) if key in asked else part for key, part in answer["answers"].items()}
    return None if None in parts.values() else {"answers": parts}


def _stored_answers(queue: Queue, item_ids: Iterable[int] | None) -> Iterator[CurrentAnswer]:
    if item_ids is not None:
        wanted = sorted(set(item_ids))
        for start in range(0, len(wanted), CHUNK):
            ids = wanted[start : start + CHUNK]
            tasks = TaskPayload.objects.filter(queue=queue, item_id__in=ids).order_by("item_id")
            yield from _answers_of(list(tasks.values_list("task_id", flat=True)))
        return
    after = 0
    while True:
        tasks = TaskPayload.objects.filter(queue=queue, item_id__gt=after).order_by("item_id")
        page = list(tasks.values_list("task_id", "item_id")[:CHUNK])
        if not page:
            return
        yield from _answers_of([task_id for task_id, _ in page])
        after = page[-1][1]


def _answers_of(task_ids: Sequence[int]) -> list[CurrentAnswer]:
    rows = (
        Assignment.objects.submitted()
        .filter(task_id__in=task_ids, submissions__revision=F("revision"))
        .order_by("task__payload__item_id", "annotator_id")
        .values_list(
            "task__payload__item_id",
            "task_id",
            "annotator_id",
            "submissions__answer",
            "submissions__flagged",
            "task__lane",
            "task__n_done",
            "task__k",
            "task__closed",
        )
    )
    return [
        CurrentAnswer(
            item_id=item_id,
            task_id=task_id,
            annotator_id=annotator_id,
            answer=answer,
            flagged=flagged,
            is_gold=lane == GOLD_LANE,
            is_complete=n_done >= k or closed,
        )
        for item_id, task_id, annotator_id, answer, flagged, lane, n_done, k, closed in rows
    ]


def settled_answers(queue: Queue, item_ids: Sequence[int]) -> dict[int, Answer | None]:
    """What each item's answer is, as far as it is settled: a review first, else more than half of the k labels.

    None while labels are missing, while people disagree, and for items that the queue does not have.
    """
    settled: dict[int, Answer | None] = dict.fromkeys(item_ids)
    by_item: dict[int, list[CurrentAnswer]] = defaultdict(list)
    for one in current_answers(queue, item_ids):
        by_item[one.item_id].append(one)
    for item_id, answers in by_item.items():
        if answers[0].is_complete:
            settled[item_id] = by_majority([one.answer for one in answers])
    reviewed = ReviewCase.objects.filter(queue=queue, state="settled", task__payload__item_id__in=list(item_ids))
    for item_id, stored in reviewed.values_list("task__payload__item_id", "answer"):
        answer = dict(stored or {})
        same = sum(answer_token(one.answer) == answer_token(answer) for one in by_item[item_id])
        settled[item_id] = Answer(answer=answer, settled_by="review", n=len(by_item[item_id]), n_agreeing=same)
    return settled


def by_majority(answers: Sequence[dict[str, Any]]) -> Answer | None:
    """The answer that more than half gave, if there is one."""
    if not answers:
        return None
    token, n_agreeing = Counter(answer_token(answer) for answer in answers).most_common(1)[0]
    if 2 * n_agreeing <= len(answers):
        return None
    winner = next(answer for answer in answers if answer_token(answer) == token)
    return Answer(answer=winner, settled_by="consensus", n=len(answers), n_agreeing=n_agreeing)
