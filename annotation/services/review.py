"""Experts settle what the crowd disputes."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.services.audit_trail import record
from annotation.events import TasksCompleted
from annotation.models import Assignment, Estimate, Gold, QueuePurpose, ReviewCase, ReviewState, Submission, Task
from annotation.services.acceptance import accept_in_queue
from annotation.services.answers import show_answer
from annotation.services.asking import asked_of, read_sent
from annotation.services.gold import is_known
from annotation.services.returns import AlreadyReturned, AlreadySettled, locked_case, withdraw_returns
from annotation.services.tasks import close_task
from common.outbox import publish
from common.problems import InvalidInput
from datasets.labeling_schema.answers import answer_token
from datasets.services.labels import Acceptance


@transaction.atomic
def settle_case(
    *,
    case: ReviewCase,
    by: User,
    answer: dict[str, Any] | None = None,
    fixed_from: int | None = None,
    note: str = "",
    replace: bool = False,
) -> ReviewCase:
    """Say what the answer is; without `answer`, what the consensus says. Settling alike again changes nothing.

    In a labeling queue the answer becomes the item's label, of origin review. In an audit it stays a measurement.
    A case that was sent back is settled only on purpose, with `replace`: nobody is asked again then.
    answer: as the workbench sends it, not a skip. fixed_from: the assignment whose answer was taken and corrected; case
    and label keep its submission, unless the answer is just as it was given. Raises AlreadySettled for another answer
    and AlreadyReturned unless `replace`, InvalidInput for an answer that does not fit, for an answer to fix that is not
    to this task, or when there is no consensus to accept.
    """
    locked = locked_case(case, "queue__schema", "task")
    chosen = _chosen(locked, answer)
    start = _start(locked, fixed_from, chosen)
    if locked.state == ReviewState.SETTLED:
        if locked.answer == chosen:
            return locked
        if not replace:
            raise AlreadySettled(
                f"{locked.settled_by or 'Somebody'} settled this case with another answer. Replace it only on purpose.",
                current=show_answer(locked.answer or {}),
            )
    if locked.state == ReviewState.RETURNED:
        _recall(locked, replace)
    locked.state, locked.answer, locked.note = ReviewState.SETTLED, chosen, note
    locked.fixed_from, locked.settled_by, locked.settled_at = start, by, timezone.now()
    locked.save(update_fields=["state", "answer", "fixed_from", "note", "settled_by", "settled_at"])
    close_task(task=locked.task)
    if is_known(asked_of(locked.queue), chosen):  # the case of an item that is gold by now
        Gold.objects.filter(task_id=locked.task_id).update(answer=chosen)
    if locked.queue.purpose == QueuePurpose.LABELING:
        _accept(locked, by)
    record(
        project=locked.project,
        actor=by,
        action="review.settled",
        subject=str(locked.public_id),
        data={"answer": chosen, "replaced": replace, "fixed_from": str(start.pk) if start else None},
    )
    publish(TasksCompleted(queue_id=locked.queue_id, task_ids=[locked.task_id]))
    return locked


def _recall(case: ReviewCase, replace: bool) -> None:
    if not replace:
        raise AlreadyReturned(
            "Somebody has sent this back, and the new answer is on its way. Settle it now only on purpose."
        )
    Task.objects.select_for_update(no_key=True).get(pk=case.task_id)
    withdraw_returns(case)


def _chosen(case: ReviewCase, answer: dict[str, Any] | None) -> dict[str, Any]:
    if answer is None:
        estimate = Estimate.objects.filter(task_id=case.task_id).first()
        if estimate is None:
            raise InvalidInput("There is no consensus about this item to accept. Choose an answer.")
        if estimate.unsettled:
            left = ", ".join(f"“{key}”" for key in estimate.unsettled)
            raise InvalidInput(f"The consensus has no answer to {left}. Choose one.")
        return dict(estimate.answer)
    chosen = read_sent(asked_of(case.queue), answer, task_id=case.task_id)
    if "skip" in chosen:
        raise InvalidInput("A case is settled with an answer. Leave it open instead of skipping it.")
    return chosen


def _start(case: ReviewCase, assignment_id: int | None, chosen: dict[str, Any]) -> Submission | None:
    """The submission that the reviewer corrected; None when nothing of it was changed, for then it was accepted."""
    if assignment_id is None:
        return None
    given = Submission.objects.filter(
        assignment_id=assignment_id, assignment__task_id=case.task_id, revision=F("assignment__revision")
    ).exclude(answer__has_key="skip")
    start = given.first()
    if start is None:
        sentence = "The answer that was fixed is not an answer to this task. Reload the case."
        raise InvalidInput(sentence, errors={"fixed_from": [sentence]})
    return None if answer_token(start.answer) == answer_token(chosen) else start


def _accept(case: ReviewCase, by: User) -> None:
    item_id, start = case.task.payload.item_id, case.fixed_from_id
    labels = Assignment.objects.submitted().filter(task_id=case.task_id).count()
    accept_in_queue(
        case.queue,
        [
            Acceptance(
                item_id=item_id,
                answer=case.answer or {},
                origin="review",
                origin_ref=f"review:{case.public_id}{f':fixed:{start}' if start else ''}",
                actor=by,
                n_labels=labels,
                reason=case.note,
            )
        ],
    )
    Estimate.objects.unaccepted().filter(task_id=case.task_id).update(accepted_at=timezone.now())
