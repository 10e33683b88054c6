"""`next`: top up one tab's leases. Asking twice gives the same leases, so a lost response loses nothing."""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from annotation.models import GOLD_LANE, LEADING, SkipTo
from annotation.services.annotators import join_project
from annotation.services.hot import next_sql
from annotation.services.hot.connection import Row, in_transaction, one, run
from annotation.services.hot.limits import allowance
from annotation.services.hot.policy import (
    LABELLING_ROLES,
    MAX_HELD,
    MAX_WANT,
    ORPHANED_AFTER,
    RESET_PAUSE_SECONDS,
    lease_time,
)
from annotation.services.hot.upkeep import sweep_in_passing
from annotation.services.hot.walking import walk
from common.problems import Forbidden, NotFound

DONE_CACHE_SECONDS = 5.0
_done: dict[int, tuple[float, int]] = {}


@dataclass(frozen=True, kw_only=True)
class Lease:
    """A task held by a tab until `expires_at`, with what the workbench shows.

    remark: what a reviewer said when they sent it back: comment, x, y (pixels of the picture) and, to who gave it, the
    answer; None for a task that comes for the first time.
    """

    token: UUID
    task: int
    expires_at: datetime
    item: Row
    remark: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class NextLeases:
    """leases: those the client does not hold yet. lost: held tokens that are no longer leased to it.

    guideline: revision of the queue's instructions, so that a change shows itself to who is at work.
    advice: "take-a-break" after the queue's number of known answers missed in a row.
    """

    project_id: int
    leases: Sequence[Lease]
    lost: Sequence[UUID]
    remaining: int
    message: str | None
    guideline: int
    advice: str | None = None


def next_leases(
    *,
    user_id: int,
    queue: UUID,
    want: int,
    holding: Sequence[UUID] = (),
    tab: str = "",
    slug: str | None = None,
    project_id: int | None = None,
) -> NextLeases:
    """Let this tab hold up to `want` leases (those in `holding` included); what it holds and does not know comes first.

    Raises NotFound for a queue that the user may not see, Forbidden for a role that does not label.
    """

    def work() -> NextLeases:
        context = _context(user_id, queue, slug)
        if project_id not in (None, context["project_id"]):
            raise NotFound("There is no queue here that you may see.")
        if context["annotator_id"] is None:
            join_project(user_id=user_id, project_id=context["project_id"])
            context = _context(user_id, queue, slug)
        return _Round(context, want, holding, tab).play()

    return in_transaction(work)


def _context(user_id: int, queue: UUID, slug: str | None) -> Row:
    context = one(next_sql.CONTEXT, {"u": user_id, "queue": queue})
    if context is None or context["role"] is None or slug not in (None, context["slug"]):
        raise NotFound("There is no queue here that you may see.")
    if context["role"] not in LABELLING_ROLES:
        raise Forbidden("Your role in this project does not label. Ask its lead.")
    if context["annotator_id"] is not None and not admitted(
        role=context["role"], kind=context["kind"], skills=context["annotator_skills"], queue=context
    ):
        raise NotFound("There is no queue here that you may see.")
    return context


def admitted(*, role: str, kind: str, skills: Sequence[str], queue: Row) -> bool:
    """Whether the queue takes this annotator: leads and reviewers always, others by kind and by the queue's skills."""
    if role in LEADING:
        return True
    return (not queue["kinds"] or kind in queue["kinds"]) and set(queue["skills"]) <= set(skills)


class _Round:
    """One call of next, inside its transaction."""

    def __init__(self, context: Row, want: int, holding: Sequence[UUID], tab: str) -> None:
        self.context = context
        self.want = max(0, min(want, MAX_WANT))
        self.holding = set(holding)
        self.params: dict[str, Any] = {
            "q": context["queue_id"],
            "a": context["annotator_id"],
            "e": context["epoch"],
            "tab": tab,
            "lease": lease_time(),
            "orphan_before": lease_time() - ORPHANED_AFTER,
            "pause": timedelta(seconds=RESET_PAUSE_SECONDS),
        }
        self.finished = True  # no lane is left in which more could be found by asking again
        lanes = json.loads(context["lanes"] or "[]")
        mine, leading = set(context["annotator_skills"]), context["role"] in LEADING
        eligible = [lane for lane in lanes if lane[0] < GOLD_LANE and (leading or set(lane[1]) <= mine)]
        # Lanes that ask for more skills first: whoever has rare skills is not spent on common work.
        self.lanes = [lane[0] for lane in sorted(eligible, key=lambda lane: (-len(lane[1]), lane[0]))]
        self.n_eligible = sum(lane[2] for lane in eligible)

    def play(self) -> NextLeases:
        held = run(next_sql.HELD, self.params)
        known = {row["token"] for row in held if row["token"] in self.holding}
        told = [self._lease(row) for row in self._adopt(held, self.want - len(known))]
        lost = [token for token in self.holding if token not in known]
        self.n_held = len(held)
        room = min(self.want - len(known) - len(told), MAX_HELD - len(held))
        message = self._refusal()
        fresh: list[Lease] = []
        if room > 0 and message is None:
            room, limit = self._allowed(room)
            fresh = self._take(room) if room > 0 else []
            if not fresh and not told and not known:
                message = limit or ("nothing-left" if self.finished else None)
        return NextLeases(
            project_id=self.context["project_id"],
            leases=told + fresh,
            lost=lost,
            remaining=self._remaining(),
            message=message,
            guideline=self.context["instructions_revision"],
            advice="take-a-break" if self._misses_gold() else None,
        )

    def _misses_gold(self) -> bool:
        limit = self.context["gold_misses"]
        return limit is not None and self._count("gold_streak") >= limit

    def _allowed(self, room: int) -> tuple[int, str | None]:
        """Room within the queue's limits, and the limit that left none."""
        allowed = allowance(self.context, self.params)
        if allowed is None or allowed[0] >= room:
            return room, None
        return allowed[0], allowed[1] if allowed[0] <= 0 else None

    def _adopt(self, held: list[Row], room: int) -> list[Row]:
        """Leases of this tab that its client does not know of, and those of tabs that fell silent."""
        mine = [
            row
            for row in held
            if row["token"] not in self.holding and (row["tab"] == self.params["tab"] or row["orphaned"])
        ][: max(room, 0)]
        if not mine:
            return []
        renewed = {
            row["id"]: row["expires_at"]
            for row in run(next_sql.ADOPT, {**self.params, "ids": [row["id"] for row in mine]})
        }
        return [{**row, "expires_at": renewed[row["id"]]} for row in mine if row["id"] in renewed]

    def _refusal(self) -> str | None:
        if self.context["queue_state"] != "open":
            return f"queue-{self.context['queue_state']}"
        return "annotator-paused" if self.context["annotator_state"] == "paused" else None

    def _take(self, room: int) -> list[Lease]:
        gold = [self._lease(row) for row in self._gold(room)]
        ordinary: list[Row] = []
        for lane in self.lanes:
            if (left := room - len(gold) - len(ordinary)) <= 0:
                break
            if self.context["any_returned"]:
                ordinary += run(next_sql.from_returned(left), {**self.params, "l": lane})
                left = room - len(gold) - len(ordinary)
            if left > 0:
                ordinary += self._walk(lane, left)
        if not ordinary and not gold and self.context["skip_to"] == SkipTo.ME_LATER:
            ordinary = self._skipped(room)
        leases = [self._lease(row) for row in ordinary]
        for lease in gold:  # at a place that nobody can foresee
            leases.insert(_draw(self.params["a"], lease.task) % (len(leases) + 1), lease)
        return leases

    def _skipped(self, room: int) -> list[Row]:
        """What this annotator put off: again, once."""
        rows = run(next_sql.SKIPPED.format(n=int(room)), self.params)
        if not rows:
            return []
        run(next_sql.PUT_BY, {**self.params, "skips": [row["id"] for row in rows]})
        return run(next_sql.FROM_SKIPPED, {**self.params, "tasks": [row["task_id"] for row in rows]})

    def _gold(self, room: int) -> list[Row]:
        share = self.context["gold_share"]
        if not share or not self.context["n_gold"]:
            return []
        seen = self._count("n_done") + self._count("n_gold_done") + self.n_held
        drawn = sum(_draw(self.params["a"], self.params["q"], seen + i) < share * 2**32 for i in range(room))
        return self._walk(GOLD_LANE, drawn) if drawn else []

    def _walk(self, lane: int, n: int) -> list[Row]:
        """From the cursor on; then once from the start, at most every few seconds; then what ran out meanwhile."""
        params = {**self.params, "l": lane}
        looks_again = lane in self.context["lanes_again"]
        found, finished = walk(params, n, looks_again=looks_again, seen_everything=self._seen_everything)
        self.finished = self.finished and (finished or bool(found))
        if found:
            return found
        return run(next_sql.from_returned(n), params) if sweep_in_passing() else []

    def _seen_everything(self) -> bool:
        seen = self._count("n_done") + self._count("n_gold_done") + self._count("n_skipped") + self.n_held
        return bool(seen >= self.n_eligible + self.context["n_gold"])

    def _count(self, name: str) -> int:
        return int(self.context[name] or 0)

    def _remaining(self) -> int:
        """At most this many are left for this annotator: tasks not seen, and slots not filled."""
        put_off = self.context["skip_to"] == SkipTo.ME_LATER
        seen = self._count("n_done") + (0 if put_off else self._count("n_skipped"))
        return max(0, min(int(self.n_eligible) - seen, int(self.context["n_slots"]) - _labels_done(self.params["q"])))

    def _lease(self, row: Row) -> Lease:
        to_all, said = row.pop("remark"), row.pop("own_remark", None)
        remark = json.loads(said or to_all) if said or to_all else None
        return Lease(token=row["token"], task=row["task_id"], expires_at=row["expires_at"], item=row, remark=remark)


def _labels_done(queue_id: int) -> int:
    """Sum over the annotators' counters, at most a few seconds old."""
    now = time.monotonic()
    known = _done.get(queue_id)
    if known is None or known[0] < now - DONE_CACHE_SECONDS:
        row = one(next_sql.DONE, {"q": queue_id})
        known = _done[queue_id] = (now, int(row["done"]) if row else 0)
    return known[1]


def _draw(*numbers: int) -> int:
    """32 bits that look random and are the same for the same numbers, so that asking again draws the same."""
    return int.from_bytes(hashlib.blake2b(repr(numbers).encode(), digest_size=4).digest(), "big")
