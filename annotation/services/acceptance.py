"""Answers become labels: one of each question, and without a consensus where answers cannot be counted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from annotation.agreement.answer_agreement import agreement_of, most_typical, span_of
from annotation.models import (
    Annotator,
    Assignment,
    AssignmentState,
    ConsensusRun,
    Estimate,
    Queue,
    QueuePurpose,
    ReviewCase,
    ReviewPlan,
    ReviewReason,
    ReviewState,
    Submission,
    Task,
    TaskPayload,
)
from annotation.selectors.answers import CurrentAnswer, current_answers
from annotation.services.asking import asked_of, labels_at_once
from annotation.services.completion import open_cases
from datasets.labeling_schema.answers import answer_token
from datasets.labeling_schema.document import Question
from datasets.services.labels import Acceptance, accept_labels, withdraw_labels


def accept_in_queue(
    queue: Queue,
    acceptances: Sequence[Acceptance],
    figures: Mapping[int, Mapping[str, Mapping[str, Any]]] | None = None,
) -> None:
    """Make labels of answers as a queue stores them; an answer to several questions is a label of each.

    figures: by item and question posterior, entropy and n of the label, where they are not those of the acceptance.
    A question that is not asked of an item any more loses the label that this queue had given it.
    """
    by_question: dict[str, list[Acceptance]] = defaultdict(list)
    unasked: dict[str, list[int]] = defaultdict(list)
    for one in acceptances:
        parts = one.answer.get("answers", {queue.question: one.answer})
        own = (figures or {}).get(one.item_id, {})
        for question, answer in parts.items():
            by_question[question].append(replace(one, answer=answer, **_figures(own.get(question))))
        for question in queue.asked_keys:
            if question not in parts:
                unasked[question].append(one.item_id)
    for question, found in by_question.items():
        accept_labels(project=queue.project, schema=queue.schema, question=question, acceptances=found)
    runs = ConsensusRun.objects.filter(queue=queue).values_list("public_id", flat=True) if unasked else ()
    for question, items in unasked.items():
        _withdraw(queue, question, items, [f"consensus:{run}" for run in runs])


def _figures(part: Mapping[str, Any] | None) -> dict[str, Any]:
    if part is None:
        return {}
    return {"posterior": min(part["posterior"], 1.0), "entropy": part["entropy"], "n_labels": part["n"]}


def _withdraw(queue: Queue, question: str, item_ids: Sequence[int], runs: Sequence[str] = ()) -> None:
    """Take back what answers and reviewers of this queue made of the items, and these runs; other labels stay."""
    tasks = TaskPayload.objects.filter(queue=queue, item_id__in=item_ids).values_list("task_id", flat=True)
    cases = dict(ReviewCase.objects.filter(task_id__in=tasks).values_list("task_id", "public_id"))
    given = Submission.objects.filter(assignment__task_id__in=list(cases)).values_list("assignment__task_id", "pk")
    fixed = [f"review:{cases[task_id]}:fixed:{one}" for task_id, one in given] if cases else []
    made_by = [f"task:{task_id}" for task_id in tasks] + [f"review:{case}" for case in cases.values()] + fixed
    withdraw_labels(schema=queue.schema, question=question, item_ids=item_ids, made_by=[*made_by, *runs])


@transaction.atomic
def settle_free_answers(*, queue_id: int, task_ids: Sequence[int]) -> int:
    """Finished tasks of a labeling queue whose answers need no counting: shapes, numbers, texts, several questions.

    What one person was asked for, or all said exactly alike, becomes a label; the rest goes to a reviewer, as does what
    is flagged or what nobody could tell. Where the queue's review plan says how much agreement is enough, what agrees
    so much becomes a label too: the answer that agrees most with all others. Where people differ in a question with
    classes the task waits for the consensus. May be repeated: after a correction the labels are those of the new
    answer, and none where it leaves a doubt. Returns how many became labels.
    """
    queue = Queue.objects.select_related("project", "schema").filter(pk=queue_id).first()
    if queue is None or queue.purpose != QueuePurpose.LABELING or not labels_at_once(asked_of(queue)):
        return 0
    # What a reviewer has settled, or a consensus, is theirs.
    theirs = ReviewCase.objects.filter(task_id__in=task_ids, state=ReviewState.SETTLED).values("task_id")
    accepted = Estimate.objects.filter(task_id__in=task_ids, accepted_at__isnull=False).values("task_id")
    tasks = Task.objects.filter(queue=queue, pk__in=task_ids).exclude(pk__in=theirs).exclude(pk__in=accepted)
    items = list(TaskPayload.objects.filter(task__in=tasks.filter(open=False)).values_list("item_id", flat=True))
    by_task: dict[int, list[CurrentAnswer]] = defaultdict(list)
    for one in current_answers(queue, items):
        if one.is_complete and not one.is_gold:
            by_task[one.task_id].append(one)
    judge = _Judge(queue, list(by_task))
    found = {task_id: judge.verdict(given) for task_id, given in by_task.items()}
    settled = [judge.leading_first(by_task[task_id]) for task_id, one in found.items() if one == SETTLED]
    accept_in_queue(queue, _acceptances(settled))
    doubtful = {task_id: one for task_id, one in found.items() if one.reason is not None}
    open_cases(
        queue=queue,
        reasons={task_id: one.reason for task_id, one in doubtful.items() if one.reason is not None},
        disputed={task_id: one.disputed for task_id, one in doubtful.items() if one.disputed},
    )
    waiting = [task_id for task_id, one in found.items() if one == WAITING]
    _take_back(queue, [*doubtful, *waiting, *_without_answers(tasks.filter(open=True))])
    _close_needless(
        [given[0].task_id for given in settled],
        (ReviewReason.FLAGGED, ReviewReason.CANNOT_TELL, ReviewReason.DISAGREEMENT),
    )
    # That people differ is what a consensus may have found too.
    _close_needless(waiting, (ReviewReason.FLAGGED, ReviewReason.CANNOT_TELL))
    return len(settled)


def _close_needless(task_ids: Sequence[int], doubts: Sequence[ReviewReason]) -> None:
    """A correction took the doubt away before a reviewer looked at it; what was drawn or sent back is still theirs."""
    cases = ReviewCase.objects.open().filter(task_id__in=task_ids, reason__in=doubts, n_returns=0)
    cases.filter(inclusion_probability__isnull=True).delete()


def nobody_could_tell(answers: Sequence[Mapping[str, Any]]) -> list[str]:
    """Questions that everybody was asked and nobody could tell; of one question alone its key is "".

    Where only some were asked, people differ in what the question hangs on: it may not be asked of the item at all.
    """
    parts = _by_question(answers)
    return [question for question, given in parts.items() if len(given) == len(answers) and _untold(given)]


def _untold(given: Sequence[Mapping[str, Any]]) -> bool:
    return all("cannot_tell" in answer for answer in given)


def _by_question(answers: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    parts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in answers:
        for question, answer in one.get("answers", {"": one}).items():
            parts[question].append(answer)
    return parts


@dataclass(frozen=True, kw_only=True)
class _Verdict:
    """reason: of a case; disputed: of several questions, those that are left to settle; empty: all."""

    waits: bool = False
    reason: ReviewReason | None = None
    disputed: tuple[str, ...] = ()


SETTLED, WAITING = _Verdict(), _Verdict(waits=True)


class _Judge:
    """Whether the answers to a finished task leave a doubt, by the queue's own measure."""

    def __init__(self, queue: Queue, task_ids: Sequence[int]) -> None:
        self.asked = asked_of(queue)
        plans = ReviewPlan.objects.filter(queue=queue)
        self.enough: float | None = plans.values_list("agreement_below", flat=True).first()
        sizes = (
            TaskPayload.objects.filter(task_id__in=task_ids) if self.enough is not None else TaskPayload.objects.none()
        )
        self.sides = {task: max(w or 0, h or 0) for task, w, h in sizes.values_list("task_id", "width", "height")}

    def verdict(self, given: Sequence[CurrentAnswer]) -> _Verdict:
        if any(one.flagged for one in given):
            return _Verdict(reason=ReviewReason.FLAGGED)
        answers = [one.answer for one in given]
        parts = _by_question(answers)
        differing = [one for one in self.asked if len({answer_token(dict(a)) for a in self._said(parts, one)}) > 1]
        if unknown := nobody_could_tell(answers):
            left = [*unknown, *(one.key for one in differing)]
            return _Verdict(reason=ReviewReason.CANNOT_TELL, disputed=self._named(left))
        if len({answer_token(answer) for answer in answers}) == 1:
            return SETTLED
        return self._of_differing(parts, differing, given[0].task_id)

    def _of_differing(
        self, parts: Mapping[str, list[Mapping[str, Any]]], differing: Sequence[Question], task_id: int
    ) -> _Verdict:
        """Several people who differ in something. Classes are for the consensus, unless too few agree on them."""
        if not differing:  # the same to all that both were asked, but not asked the same
            return _Verdict(reason=ReviewReason.DISAGREEMENT)
        agreed = {one.key: self._agree_enough(one, self._said(parts, one), task_id) for one in differing}
        counted = [one.key for one in differing if one.is_choice]
        others = [one.key for one in differing if not one.is_choice and not agreed[one.key]]
        disputed = _Verdict(reason=ReviewReason.DISAGREEMENT, disputed=self._named([*counted, *others]))
        if self.enough is not None and not all(agreed[key] for key in counted):
            return disputed
        if counted:
            return WAITING
        if others:
            return disputed
        if unknown := [key for key, said in parts.items() if _untold(said)]:
            return _Verdict(reason=ReviewReason.CANNOT_TELL, disputed=self._named(unknown))
        return SETTLED

    def _said(self, parts: Mapping[str, list[Mapping[str, Any]]], question: Question) -> list[Mapping[str, Any]]:
        return parts.get(question.key if len(self.asked) > 1 else "", [])

    def _named(self, keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(one.key for one in self.asked if one.key in keys) if len(self.asked) > 1 else ()

    def _agree_enough(self, question: Question, answers: Sequence[Mapping[str, Any]], task_id: int) -> bool:
        if self.enough is None:
            return False
        return agreement_of(answers, span=span_of(question), side=self.sides[task_id]) >= self.enough

    def leading_first(self, given: Sequence[CurrentAnswer]) -> list[CurrentAnswer]:
        """The same answers, first the one that becomes the label."""
        if len({answer_token(one.answer) for one in given}) == 1:
            return list(given)
        side = self.sides[given[0].task_id]
        place = most_typical(self.asked, [one.answer for one in given], side=side)
        return [given[place], *given[:place], *given[place + 1 :]]


def _without_answers(tasks: QuerySet[Task]) -> list[int]:
    """Of unfinished tasks: those whose answers were all taken back by who gave them."""
    answered = Assignment.objects.filter(task__in=tasks, state=AssignmentState.SUBMITTED).values("task_id")
    return list(tasks.exclude(pk__in=answered).values_list("pk", flat=True))


def _take_back(queue: Queue, task_ids: Sequence[int]) -> None:
    items = list(TaskPayload.objects.filter(task_id__in=task_ids).values_list("item_id", flat=True))
    for question in queue.asked_keys if items else ():
        _withdraw(queue, question, items)


def _acceptances(settled: Sequence[Sequence[CurrentAnswer]]) -> list[Acceptance]:
    """No posterior: nothing was estimated. A single answer names its annotator."""
    alone = [given[0].annotator_id for given in settled if len(given) == 1]
    people = {one.pk: one.user for one in Annotator.objects.filter(pk__in=alone).select_related("user")}
    return [
        Acceptance(
            item_id=given[0].item_id,
            answer=given[0].answer,
            origin="single" if len(given) == 1 else "consensus",
            origin_ref=f"task:{given[0].task_id}",
            actor=people[given[0].annotator_id] if len(given) == 1 else None,
            n_labels=len(given),
        )
        for given in settled
    ]
