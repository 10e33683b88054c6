"""What the short look from the cursor does not find: looked for in windows, so that no single call takes long.

Somebody who has done a hundred thousand of the tasks ahead is led past them by many calls, each a little, and gets
meanwhile what lies after; only who would go away with empty hands waits for the whole walk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from annotation.services.hot import next_sql
from annotation.services.hot.connection import Row, one, run
from annotation.services.places import Place

Windows = tuple[int, ...]  # how many tasks each look takes in
A_LITTLE: tuple[Windows, Windows] = ((300,), (50,))  # of what is looked at again, and ahead: the price of every call
A_LOT: tuple[Windows, Windows] = ((1_000, *(5_000,) * 40),) * 2  # when there is nothing to hand out
START: Place = (next_sql.FIRST_RANK, 0)
END: Place = (2**31 - 1, 2**63 - 1)


@dataclass
class _Stretch:
    """Places still to be looked at: after one, up to another, which is included."""

    after: Place
    until: Place


class Walk:
    """An annotator's cursor in a lane, held to the end of the transaction: first what is looked at again, then on.

    finished: everything that lies before the annotator was looked at, so finding nothing means that nothing is there.
    """

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params
        row = one(next_sql.LOCK_CURSOR, params)
        if row is None:
            run(next_sql.NEW_CURSOR, params)
            row = one(next_sql.LOCK_CURSOR, params)
        assert row is not None
        self.main: Place = (row["rank"], row["task"])
        self.epoch = max(row["epoch"], params["e"])
        self.may_reset = bool(row["may_reset"])
        self.again = _again(row)
        self.finished = False
        self.reset = False
        if row["epoch"] < params["e"]:
            self._take_account(row["epoch"])

    def _take_account(self, since: int) -> None:
        """Of changes behind the cursor that are not known to it yet."""
        missed = one(next_sql.MISSED, {**self.params, "since": since})
        if missed is None:
            return
        after, until = (missed["low_rank"], missed["low_task"] - 1), (missed["high_rank"], missed["high_task"])
        if self.again is not None:
            after, until = min(after, self.again.after), max(until, self.again.until)
        until = min(until, self.main)
        self.again = _Stretch(after, until) if after < until else None

    def start_again(self) -> None:
        """Look at everything up to here once more: what was locked in passing may be free by now."""
        self.again, self.reset, self.finished = _Stretch(START, self.main), True, False

    def find(self, n: int, windows: tuple[Windows, Windows]) -> list[Row]:
        """Up to n leases out of windows of what is looked at again, and then out of windows ahead."""
        found: list[Row] = []
        if self.again is not None:
            found, ended = self._through(self.again, n, windows[0])
            self.again = None if ended else self.again
        if len(found) < n:
            ahead = _Stretch(self.main, END)
            more, ended = self._through(ahead, n - len(found), windows[1])
            self.main = ahead.after
            self.finished = ended and self.again is None
            found += more
        return found

    def _through(self, stretch: _Stretch, n: int, windows: Windows) -> tuple[list[Row], bool]:
        """Leases, and whether the stretch was looked at to its end."""
        found: list[Row] = []
        for look in windows:
            wanted = n - len(found)
            rows = run(next_sql.from_window(wanted, look), {**self.params, **_ends(stretch)})
            head, leases = rows[0], [row for row in rows if row["token"] is not None]
            if len(leases) == wanted:
                stretch.after = max((row["rank"], row["task_id"]) for row in leases)
            elif head["at_rank"] is not None:
                stretch.after = (head["at_rank"], head["at_task"])
            found += [_shown(row) for row in leases]
            if len(found) == n or head["ended"]:
                return found, len(found) < n
        return found, False

    def save(self) -> None:
        after, until = (self.again.after, self.again.until) if self.again else ((None, None), (None, None))
        place = {"epoch": self.epoch, "rank": self.main[0], "task": self.main[1], "reset": self.reset}
        again = {"again_rank": after[0], "again_task": after[1], "until_rank": until[0], "until_task": until[1]}
        run(next_sql.MOVE_CURSOR, {**self.params, **place, **again})


def _again(row: Row) -> _Stretch | None:
    if row["again_rank"] is None:
        return None
    return _Stretch((row["again_rank"], row["again_task"]), (row["until_rank"], row["until_task"]))


def _ends(stretch: _Stretch) -> dict[str, int]:
    (after_rank, after_task), (until_rank, until_task) = stretch.after, stretch.until
    return {"after_rank": after_rank, "after_task": after_task, "until_rank": until_rank, "until_task": until_task}


def _shown(row: Row) -> Row:
    return {key: row[key] for key in row if key not in ("ended", "at_rank", "at_task", "rank")}


def walk(
    params: dict[str, Any], n: int, *, looks_again: bool, seen_everything: Callable[[], bool]
) -> tuple[list[Row], bool]:
    """Up to n leases of a lane, and whether there is surely nothing more when there are none.

    looks_again: the cursor is to look again at places that it has passed. seen_everything: whether no walk from the
    start can find anything; such a walk is made at most every few seconds, for what was locked in passing.
    """
    found = [] if looks_again else run(next_sql.from_cursor(n), params)
    if len(found) == n:
        return found, False
    way = Walk(params)
    found += way.find(n - len(found), A_LITTLE)
    if not found and not way.finished:
        found = way.find(n, A_LOT)
    if not found and way.finished and way.may_reset and not seen_everything():
        way.start_again()
        found = way.find(n, A_LOT)
    way.save()
    return found, way.finished
