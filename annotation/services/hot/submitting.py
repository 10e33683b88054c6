"""`submit`: one answer, kept exactly once, whatever the network and the clocks do."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.services.idempotency import IdempotencyMismatch
from annotation.consensus.questions import is_right
from annotation.models import GOLD_LANE, LEADING, Queue, ReviewReason, SkipTo, Task
from annotation.services.annotators import join_project
from annotation.services.answers import StoredAnswer, UnusableAnswer, WireAnswer, show_answer
from annotation.services.asking import asked_together, counted_keys, is_counted, labels_at_once, read_sent
from annotation.services.completion import open_cases
from annotation.services.hot import stopping, submit_sql
from annotation.services.hot.connection import Row, in_transaction, one, run
from annotation.services.hot.leasing import admitted
from annotation.services.hot.limits import allowance
from annotation.services.hot.policy import (
    EDIT_WINDOW,
    LABELLING_ROLES,
    LeaseLost,
    NoLongerEditable,
    RevisionConflict,
)
from annotation.services.tasks import close_task
from common.problems import NotFound
from datasets.labeling_schema.document import Question
from datasets.selectors import schemas


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What a model said and was shown to whoever answered.

    model: public id of the version; confirmed: the person said the same.
    """

    model: UUID
    classes: Sequence[str]
    probability: float
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class NewSubmission:
    """What a client sends. id: minted by the client, the idempotency key. revision: 1, or one above the last."""

    id: UUID
    lease: UUID
    task: int
    revision: int
    schema_version: int
    answer: WireAnswer
    comment: str = ""
    flagged: bool = False
    started_at: datetime | None = None
    duration_ms: int = 0
    tab: str = ""
    suggestion: Suggestion | None = None

    def fingerprint(self) -> bytes:
        """Equal for a replay. Lease, tab and times may differ: a client that signed in again sends the same work."""
        said = [self.task, self.revision, self.schema_version, self.answer, self.comment, self.flagged]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()[:16]


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the client keeps. created is False for a replay."""

    id: UUID
    task: int
    revision: int
    editable_until: datetime
    created: bool


def submit(*, user_id: int, new: NewSubmission, project_id: int | None = None) -> Receipt:
    """Store an answer or a skip; a replay gives the stored receipt. project_id: the only one that the caller may touch.

    A lease that was lost meanwhile is taken anew when the task still has a free slot.
    Raises NotFound, UnusableAnswer or UnknownClass, LeaseLost, RevisionConflict, NoLongerEditable, IdempotencyMismatch.
    """
    return in_transaction(lambda: _submit(user_id, new, project_id))


def _submit(user_id: int, new: NewSubmission, project_id: int | None) -> Receipt:
    task = one(submit_sql.LOCK_TASK, {"t": new.task})
    if task is None or project_id not in (None, task["project_id"]):
        raise NotFound("This task no longer exists.")
    context = _context(user_id, new, task)
    if context["stored_id"] is not None:
        return _replay(new, context)
    _check_version(new, context)
    asked = asked_together(context["schema_id"], context["question"], context["questions"])
    answer = read_sent(asked, new.answer, task_id=new.task)
    return _Change(new, task, context, answer, asked).write()


def _check_version(new: NewSubmission, context: Row) -> None:
    """What is kept as the version that the annotator saw must be true."""
    version = schemas.version_by_id(context["schema_id"])
    if new.schema_version != version:
        raise UnusableAnswer(
            f"The queue asks by version {version} of its schema, the answer was given by version {new.schema_version}."
            " Reload the workbench and answer again.",
            errors={"schema_version": [f"Must be {version}."]},
        )


def _context(user_id: int, new: NewSubmission, task: Row) -> Row:
    params = {"u": user_id, "t": new.task, "s": new.id, "q": task["queue_id"], "lane": task["lane"]}
    context = one(submit_sql.CONTEXT, params)
    if context is None or context["role"] not in LABELLING_ROLES:
        raise NotFound("This task is not one that you may see.")
    if context["annotator_id"] is None:
        join_project(user_id=user_id, project_id=task["project_id"])
        context = one(submit_sql.CONTEXT, params) or context
    if context["assignment_id"] is None and not _admitted(context):
        raise NotFound("This task is not one that you may see.")
    return context


def _admitted(context: Row) -> bool:
    skills = context["annotator_skills"]
    welcome = admitted(role=context["role"], kind=context["kind"], skills=skills, queue=context)
    return welcome and (context["role"] in LEADING or set(context["lane_skills"] or ()) <= set(skills))


def _replay(new: NewSubmission, context: Row) -> Receipt:
    if context["stored_annotator"] != context["annotator_id"] or bytes(context["stored_hash"]) != new.fingerprint():
        raise IdempotencyMismatch("This submission id came with another answer before. Mint a new id for a new answer.")
    return Receipt(
        id=new.id,
        task=context["stored_task"],
        revision=context["stored_revision"],
        editable_until=context["stored_submitted_at"] + EDIT_WINDOW,
        created=False,
    )


class _Change:
    """From the state of assignment and task to the next one. The task row is locked."""

    def __init__(
        self, new: NewSubmission, task: Row, context: Row, answer: StoredAnswer, asked: Sequence[Question]
    ) -> None:
        self.new, self.task, self.context, self.answer, self.asked = new, task, context, answer, asked
        self.before: str | None = context["assignment_state"]
        self.revision = int(context["revision"] or 0)
        self.is_gold = task["lane"] == GOLD_LANE
        self.skips = "skip" in answer

    def write(self) -> Receipt:
        self._check_revision()
        d_out, d_done = self._slots()
        after = {**self.task, "n_out": self.task["n_out"] + d_out, "n_done": self.task["n_done"] + d_done}
        ids = self._ids()
        sure = self._judge(after, d_done)
        run(submit_sql.WRITE, {**ids, **self._content(), **self._counts(after, d_done)})
        if sure is not None:
            self._keep_stop(sure)
        if self.skips and self.before != "skipped" and not self.is_gold:
            self._skipped()
        if shown := self.new.suggestion:
            run(submit_sql.SUGGESTED, {"s": self.new.id, **vars(shown), "classes": list(shown.classes)})
        first = self.context["submitted_at"] or self.context["now"]
        return Receipt(
            id=self.new.id,
            task=self.new.task,
            revision=self.new.revision,
            editable_until=first + EDIT_WINDOW,
            created=True,
        )

    def _content(self) -> dict[str, Any]:
        return {
            "revision": self.new.revision,
            "schema_version": self.new.schema_version,
            "answer": json.dumps(self.answer),
            "comment": self.new.comment,
            "flagged": self.new.flagged,
            "started_at": self.new.started_at,
            "duration_ms": self.new.duration_ms,
            "body_hash": self.new.fingerprint(),
            "state": "skipped" if self.skips else "submitted",
            "gold_right": self._is_right() if self.is_gold else None,
        }

    def _counts(self, after: Row, d_done: int) -> dict[str, Any]:
        """The task's own counters, and what changes in those of the annotator."""
        is_open = after["n_out"] < after["k"] and not after["closed"]
        reopened = self.task["closed"] and not after["closed"]
        d_completed = 0 if self.is_gold else int(_is_finished(after)) - int(_is_finished(self.task))
        return {
            "n_out": after["n_out"],
            "n_done": after["n_done"],
            "closed": after["closed"],
            "open": is_open,
            "returned": is_open and not self.is_gold and (self.task["returned"] or self.skips or reopened),
            "completes": d_completed > 0 or self._renews(),
            "d_done": 0 if self.is_gold else d_done,
            "d_gold": d_done if self.is_gold else 0,
            "d_skipped": int(self.skips) - int(self.before == "skipped"),
            "d_completed": d_completed,
            "d_saved": 0 if self.is_gold else _n_saved(after) - _n_saved(self.task),
        }

    def _renews(self) -> bool:
        """Whether a correction makes anew, or takes away, the labels that the answer before became."""
        return self.revision > 0 and not self.is_gold and labels_at_once(self.asked)

    def _is_right(self) -> bool | None:
        """Whether a gold answer is the known one; a skip, a correction and gold that was taken out say nothing."""
        if self.skips or self.revision:
            return None
        known = one(submit_sql.KNOWN_ANSWER, {"t": self.new.task})
        return None if known is None else is_right(counted_keys(self.asked), json.loads(known["answer"]), self.answer)

    def _judge(self, after: Row, d_done: int) -> stopping.Sure | None:
        """Close a task whose answers are sure enough by now; open it again when a correction takes that away."""
        if self.context["stop_at"] is None or self.is_gold or not is_counted(self.asked):
            return None
        place = {"t": self.new.task, "round": self.task["round"]}
        if self.task["closed"]:
            if d_done > 0 or not self.revision or one(stopping.STORED, place) is None:
                return None
        elif self.skips or not self.context["stop_min"] <= after["n_done"] < after["k"]:
            return None
        sure = stopping.sure_enough(
            queue_id=self.task["queue_id"], task_id=self.new.task, annotator_id=self.context["annotator_id"],
            answer=self.answer, asked=self.asked, limit=self.context["stop_at"],
            minimum=self.context["stop_min"],
        )  # fmt: skip
        after["closed"] = sure is not None
        if sure is None:
            run(stopping.FORGET, place)
        return sure

    def _keep_stop(self, sure: stopping.Sure) -> None:
        said = {"answer": json.dumps(sure.answer), "posterior": sure.posterior, "n": sure.n, "run": sure.run}
        limits = {"limit": self.context["stop_at"], "minimum": self.context["stop_min"]}
        place = {"t": self.new.task, "q": self.task["queue_id"], "round": self.task["round"]}
        run(stopping.KEEP, {**place, **said, **limits})

    def _skipped(self) -> None:
        """Where the queue sends skips to a reviewer, nobody else is asked."""
        if self.context["skip_to"] != SkipTo.REVIEW:
            return
        queue = Queue(pk=self.task["queue_id"], project_id=self.task["project_id"])
        run(stopping.FORGET, {"t": self.new.task, "round": self.task["round"]})
        close_task(task=Task(pk=self.new.task))
        open_cases(queue=queue, reasons={self.new.task: ReviewReason.SKIPPED})

    def _check_revision(self) -> None:
        if self.context["assignment_id"] is None and self.new.revision > 1:
            raise NoLongerEditable(
                "This item was opened again meanwhile, and your earlier answer is kept as history. "
                "Answer it anew when it comes back to you."
            )
        if self.before == "returned":
            raise NoLongerEditable(
                "A reviewer has given this task to somebody else. Your answer is kept, and no other one is needed.",
                current=self._current(),
            )
        if self.new.revision != self.revision + 1 and self.before == "leased" and self.context["round"] > 1:
            raise RevisionConflict(
                "A reviewer has sent this task back to you. Read what they say and answer it anew.", current=None
            )
        if self.new.revision != self.revision + 1:
            raise RevisionConflict(
                "An answer of yours is stored already. Look at it, then send the next revision.",
                current=self._current(),
            )
        if self.revision == 0:
            return
        late = self.context["submitted_at"] + EDIT_WINDOW < self.context["now"]
        counts = one(submit_sql.COUNTS_ALREADY, {"t": self.new.task})
        if late or (counts and counts["counts"]):
            raise NoLongerEditable(
                "The time to change this answer is over, or it is part of an accepted label. Tell a reviewer instead.",
                current=self._current(),
            )

    def _slots(self) -> tuple[int, int]:
        """Changes of (n_out, n_done). Takes a slot anew where the lease is gone; raises LeaseLost when none is free."""
        if self.before == "leased":
            return (-1, 0) if self.skips else (0, 1)
        if self.before == "submitted":
            return (-1, -1) if self.skips else (0, 0)
        if self.skips:
            return 0, 0
        if self.task["closed"] or self.task["n_out"] >= self.task["k"]:
            raise LeaseLost
        # A lease in hand may always be answered; a new slot is given to those only to whom `next` would give one.
        if self.context["queue_state"] == "closed":
            raise LeaseLost("The lease ran out and the queue was closed meanwhile. Your answer was not taken.")
        if self.context["annotator_state"] == "paused":
            raise LeaseLost(
                "The lease ran out and your work is paused at present. Your answer was not taken; ask your lead."
            )
        allowed = allowance(self.context, {"q": self.task["queue_id"], "a": self.context["annotator_id"]})
        if allowed is not None and allowed[0] <= 0:
            raise LeaseLost(
                "The lease ran out, and you have given as many answers as this queue takes from one person for now."
            )
        return 1, 1

    def _ids(self) -> dict[str, Any]:
        ids = {
            "s": self.new.id,
            "p": self.task["project_id"],
            "q": self.task["queue_id"],
            "a": self.context["annotator_id"],
            "t": self.new.task,
            "tab": self.new.tab,
            "lease": self.new.lease,
            "round": self.task["round"],
        }
        assignment = self.context["assignment_id"]
        if assignment is None:
            made = one(submit_sql.TAKE_ANEW, ids)
            assignment = made["id"] if made else None
        return {**ids, "x": assignment}

    def _current(self) -> dict[str, Any] | None:
        row = one(submit_sql.CURRENT, {"x": self.context["assignment_id"], "revision": self.revision})
        return row and {"revision": row["revision"], "answer": show_answer(json.loads(row["answer"]))}


def _is_finished(task: Row) -> bool:
    return bool(task["closed"] or task["n_done"] == task["k"])


def _n_saved(task: Row) -> int:
    """Labels that are not needed any more."""
    return int(task["k"] - task["n_done"]) if task["closed"] else 0
