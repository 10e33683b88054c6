"""A reviewer sends answers back: to who gave them, or to the pool, with a comment at a place in the picture.

The answer that goes back stays as it is and no longer counts. Sent to its annotator, it is followed by an assignment
of the next round, which waits for that person; sent to the pool, its slot is offered to all who have not had the task.
Lock order: case, task, assignments, as everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Membership, User
from accounts.services.audit_trail import record
from accounts.services.notifications import notify
from annotation.models import (
    GOLD_LANE,
    AnnotatorState,
    Assignment,
    AssignmentState,
    Participation,
    Queue,
    QueueState,
    ReturnDestination,
    ReviewCase,
    ReviewReturn,
    ReviewState,
    Submission,
    Task,
    TaskPayload,
)
from annotation.services.answers import show_answer
from annotation.services.hot.policy import LABELLING_ROLES
from common.problems import Conflict, InvalidInput, NotFound

RESERVED = timedelta(days=14)
MAX_COMMENT = 4000
MAX_ROUNDS = 100


class AlreadySettled(Conflict):
    code = "already-settled"
    title = "Somebody has settled this case"


class AlreadyReturned(Conflict):
    code = "already-returned"
    title = "Somebody has sent this back"


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What the reviewer says. x, y: a place in the picture in its pixels, from the top left corner; both or neither."""

    comment: str = ""
    x: float | None = None
    y: float | None = None


@transaction.atomic
def return_case(
    *,
    case: ReviewCase,
    by: User,
    destination: str,
    remark: Remark,
    assignments: Sequence[int] | None = None,
) -> ReviewCase:
    """Send answers of a case back. assignments: which answers, all that count when None.

    The case waits in state "returned" until the task has all its labels again. Repeating what was done changes nothing.
    Raises AlreadySettled, AlreadyReturned for a case that is not open any more, InvalidInput for a place outside of the
    picture, an answer that is not there, a missing comment, or an annotator who cannot label here at present.
    """
    locked = locked_case(case, "queue", "project")
    if locked.state == ReviewState.RETURNED and _is_repeated(locked, by, destination, remark, assignments):
        return locked
    _check_open(locked)
    task = Task.objects.select_for_update(no_key=True).get(pk=locked.task_id)
    remark = _checked(locked, destination, remark)
    answers = _answers(task, assignments)
    if destination == ReturnDestination.ANNOTATOR:
        _check_reachable(locked, answers)
    locked.n_returns += 1
    _take_back(locked, task, answers, destination, remark, by)
    _give_slots(task, answers, destination, remark)
    locked.state = ReviewState.RETURNED
    locked.save(update_fields=["state", "n_returns"])
    said = {"to": destination, "answers": len(answers), "comment": remark.comment}
    record(project=locked.project, actor=by, action="review.returned", subject=str(locked.public_id), data=said)
    return locked


def locked_case(case: ReviewCase, *related: str) -> ReviewCase:
    """The case as it is now, until the transaction ends. Raises NotFound: its doubt may have gone meanwhile."""
    rows = ReviewCase.objects.select_for_update(no_key=True, of=("self",)).select_related(*related)
    if (locked := rows.filter(pk=case.pk).first()) is None:
        raise NotFound("There is nothing to review here any more: the item was opened again, or its answer corrected.")
    return locked


def _is_repeated(
    case: ReviewCase, by: User, destination: str, remark: Remark, assignments: Sequence[int] | None
) -> bool:
    last = list(case.returns.filter(number=case.n_returns))
    wanted = None if assignments is None else set(assignments)
    return (
        bool(last)
        and all(
            (one.returned_by_id, one.destination, one.comment, one.x, one.y)
            == (by.pk, destination, remark.comment.strip(), remark.x, remark.y)
            for one in last
        )
        and wanted in (None, {one.assignment_id for one in last})
    )


def _check_open(case: ReviewCase) -> None:
    if case.state == ReviewState.SETTLED:
        raise AlreadySettled(
            f"{case.settled_by or 'Somebody'} has settled this case. Replace the answer, or leave it as it is.",
            current=show_answer(case.answer or {}),
        )
    if case.state == ReviewState.RETURNED:
        raise AlreadyReturned("Somebody has sent this back meanwhile. It comes to review again with the new answers.")


def _checked(case: ReviewCase, destination: str, remark: Remark) -> Remark:
    comment = remark.comment.strip()
    if destination not in ReturnDestination.values:
        raise InvalidInput("Send it to annotator or pool.", errors={"to": ["annotator or pool."]})
    if len(comment) > MAX_COMMENT:
        raise InvalidInput("The comment is too long.", errors={"comment": [f"At most {MAX_COMMENT} characters."]})
    if not comment and destination == ReturnDestination.ANNOTATOR:
        sentence = "Say what is to be done otherwise; without it the same answer would come back."
        raise InvalidInput(sentence, errors={"comment": [sentence]})
    if (remark.x is None) != (remark.y is None):
        raise InvalidInput("A place has an x and a y.", errors={"x": ["Give both or neither."]})
    if remark.x is not None and remark.y is not None:
        payload = TaskPayload.objects.get(task_id=case.task_id)
        width, height = payload.width or 0, payload.height or 0
        if not (0 <= remark.x <= width and 0 <= remark.y <= height):
            sentence = f"The place {remark.x:g}, {remark.y:g} lies outside of the picture ({width} x {height} pixels)."
            raise InvalidInput(sentence, errors={"x": [sentence]})
    return Remark(comment=comment, x=remark.x, y=remark.y)


def _answers(task: Task, wanted: Sequence[int] | None) -> list[Assignment]:
    """The answers to send back, locked."""
    counting = Assignment.objects.submitted().filter(task=task).select_related("annotator__user")
    found = list(counting.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if wanted is not None:
        chosen = set(wanted)
        if chosen - {one.pk for one in found}:
            raise InvalidInput(
                "One of these answers does not count any more, or is not to this task. Reload the case.",
                errors={"answers": ["Unknown answer."]},
            )
        found = [one for one in found if one.pk in chosen]
    if not found:
        raise InvalidInput("There is no answer here to send back.", errors={"answers": ["Empty."]})
    return found


def _check_reachable(case: ReviewCase, answers: Sequence[Assignment]) -> None:
    """A slot that nobody can fill would keep the task open for ever."""
    members = set(
        Membership.objects.filter(
            project_id=case.project_id, role__in=LABELLING_ROLES, user__is_active=True
        ).values_list("user_id", flat=True)
    )
    if case.queue.state == QueueState.CLOSED:
        raise InvalidInput("The queue is closed. Open it again before work is sent back.")
    for one in answers:
        if one.round >= MAX_ROUNDS:
            raise InvalidInput(f"{one.annotator} has had this item {MAX_ROUNDS} times. Send it to the pool.")
        if one.annotator.state != AnnotatorState.ACTIVE or one.annotator.user_id not in members:
            raise InvalidInput(
                f"{one.annotator} cannot label here at present. Send it to the pool instead.",
                errors={"to": ["This annotator is paused or no member any more."]},
            )


def _take_back(
    case: ReviewCase, task: Task, answers: Sequence[Assignment], destination: str, remark: Remark, by: User
) -> None:
    """Mark the answers, keep who said what, and correct the counters of who gave them."""
    ReviewReturn.objects.bulk_create(
        ReviewReturn(
            case=case, number=case.n_returns, assignment=one, destination=destination, comment=remark.comment,
            x=remark.x, y=remark.y, returned_by=by,
        )
        for one in answers
    )  # fmt: skip
    Assignment.objects.filter(pk__in=[one.pk for one in answers]).update(state=AssignmentState.RETURNED)
    people = sorted(one.annotator_id for one in answers)
    given = Participation.objects.filter(queue_id=task.queue_id)
    for annotator_id in people:
        given.filter(annotator_id=annotator_id).update(n_done=F("n_done") - 1)
    if task.n_done == task.k:  # it was finished, by one of these people's counting, and is no longer
        given.filter(annotator_id=people[0]).update(n_completed=F("n_completed") - 1)
    elif task.closed:
        Queue.objects.filter(pk=task.queue_id).update(n_closed=F("n_closed") - 1)
    if task.closed:
        Queue.objects.filter(pk=task.queue_id).update(n_slots=F("n_slots") + task.k - task.n_done)


def _give_slots(task: Task, answers: Sequence[Assignment], destination: str, remark: Remark) -> None:
    """Free the slots for everybody, or keep each for its annotator."""
    n_out = task.n_out
    said = {"comment": remark.comment, "x": remark.x, "y": remark.y}
    if destination == ReturnDestination.POOL:
        n_out -= len(answers)
        TaskPayload.objects.filter(task=task).update(remark={**said, "answer": None})
    else:
        _reserve(answers, said)
    is_open = n_out < task.k
    Task.objects.filter(pk=task.pk).update(
        n_out=n_out, n_done=task.n_done - len(answers), closed=False, open=is_open,
        returned=is_open and task.lane < GOLD_LANE,
    )  # fmt: skip


def _reserve(answers: Sequence[Assignment], said: Mapping[str, object]) -> None:
    until = timezone.now() + RESERVED
    given = dict(
        Submission.objects.filter(assignment__in=answers, revision=F("assignment__revision")).values_list(
            "assignment_id", "answer"
        )
    )
    Assignment.objects.bulk_create(
        Assignment(
            project_id=one.project_id, queue_id=one.queue_id, annotator_id=one.annotator_id, task_id=one.task_id,
            state=AssignmentState.LEASED, revision=0, tab="", token=uuid4(), round=one.round + 1,
            leased_at=timezone.now(), expires_at=until, reserved_until=until,
            remark={**said, "answer": show_answer(given[one.pk])},
        )
        for one in answers
    )  # fmt: skip
    _tell(answers)


def _tell(answers: Sequence[Assignment]) -> None:
    queue = Queue.objects.select_related("project").get(pk=answers[0].queue_id)
    people = [one.annotator.user for one in answers if one.annotator.user is not None]
    notify(
        users=people, project=queue.project, code="review.returned", data={"queue": queue.name},
        link=f"label/{queue.public_id}",
    )  # fmt: skip


def withdraw_returns(case: ReviewCase) -> None:
    """Nobody is asked again: slots that wait for their annotator are given up. The case and its task are locked."""
    waiting = Assignment.objects.leased().filter(task_id=case.task_id, reserved_until__isnull=False, tab="")
    n, _ = waiting.delete()
    if n:
        task = Task.objects.get(pk=case.task_id)
        is_open = not task.closed and task.n_out - n < task.k
        Task.objects.filter(pk=task.pk).update(n_out=F("n_out") - n, open=is_open, returned=is_open)


@transaction.atomic
def reopen_returned(*, task_ids: Sequence[int]) -> int:
    """Cases whose tasks have all their labels again come back to the reviewers. Returns how many."""
    cases = ReviewCase.objects.filter(
        state=ReviewState.RETURNED, task_id__in=list(task_ids), task__n_done__gte=F("task__k")
    )
    return cases.update(state=ReviewState.OPEN)
