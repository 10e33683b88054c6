"""What people saw taken against what the database holds: is anything lost, doubled, or another answer?

`python -m bench.chaos.seen LEDGER --queue ID --since EPOCH` prints the table and ends with 1 unless all is 0.
The ledger is written by frontend/e2e/chaos/ledger.ts, on the side of the people, before anything else happens.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402  (after setup)

from annotation.services.answers import show_answer  # noqa: E402
from bench.chaos.verdict import ABOVE  # noqa: E402

# What a person may be told for good: others have finished the task, its time to change an answer is over, or another
# tab of theirs has corrected it before. A first answer that is refused as a second one was asked for twice.
TWO_TABS = "revision-conflict, corrected in two tabs"
FORESEEN = ("lease-lost", "no-longer-editable", TWO_TABS)
STORED = """
SELECT u.email, x.task_id, s.answer::text FROM annotation_submission s
JOIN annotation_assignment x ON x.id = s.assignment_id JOIN annotation_queue q ON q.id = x.queue_id
JOIN annotation_annotator a ON a.id = s.annotator_id JOIN accounts_user u ON u.id = a.user_id
WHERE q.public_id = %s AND s.created_at >= %s ORDER BY u.email, x.task_id, x.round, s.revision
"""
SLOT = "SELECT id FROM annotation_queue WHERE public_id = %s"

Place = tuple[str, int]  # of a person and a task


@dataclass(kw_only=True)
class Account:
    """What happened at each place, as the people have it. pressed: answers in order, and whether they were seen taken.

    kept: answers that lie in the browser at the end, with their state and the server's reason.
    """

    pressed: dict[Place, list[tuple[str, bool]]] = field(default_factory=lambda: defaultdict(list))
    kept: dict[Place, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def n_taken(self) -> int:
        return sum(sure for presses in self.pressed.values() for _, sure in presses)


@dataclass(kw_only=True)
class Seen:
    """lost, doubled, changed, above and unsent are to be 0, and unforeseen empty.

    changed: another answer is stored than was given, or in another order. unsure: keys whose tab died before one could
    see what came of them; they may be stored once or not at all, n_unsure_stored of them are.
    """

    n_taken: int = 0
    n_stored: int = 0
    n_unsure: int = 0
    n_unsure_stored: int = 0
    lost: int = 0
    doubled: int = 0
    changed: int = 0
    unsent: int = 0
    above: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def unforeseen(self) -> int:
        return sum(n for code, n in self.refusals.items() if code not in FORESEEN)

    @property
    def is_clean(self) -> bool:
        return not (self.lost + self.doubled + self.changed + self.unsent + self.above + self.unforeseen)


def read(lines: Iterable[str]) -> Account:
    """The account that a ledger gives. A last line that was cut off by a crash is no line."""
    account = Account()
    for line in lines:
        if not line.endswith("\n"):
            break
        said = json.loads(line)
        if said["what"] == "count":
            account.counts[said["name"]] += 1
            continue
        place, answer = (said["person"].lower(), int(said["task"])), plain(said["answer"])
        if said["what"] == "kept":
            both = said["code"] == "revision-conflict" and said["revision"] > 1
            account.kept[place].append((answer, said["state"], TWO_TABS if both else said["code"]))
        else:
            account.pressed[place].append((answer, said["what"] == "taken"))
    return account


def judge(*, queue: str, since: datetime, account: Account) -> Seen:
    """Compare every place, by the answers alone. queue: public id."""
    found = Seen()
    stored: dict[Place, list[str]] = defaultdict(list)
    for email, task, answer in _rows(STORED, [queue, since]):
        stored[email.lower(), task].append(plain(show_answer(json.loads(answer))))
    for place in sorted({*stored, *account.pressed, *account.kept}):
        _compare(found, place, account.pressed.get(place, []), stored.get(place, []), account.kept.get(place, []))
    found.above = int(_rows(ABOVE, [_rows(SLOT, [queue])[0][0]])[0][0])
    return found


def plain(answer: dict[str, Any]) -> str:
    """An answer without what is empty, so that equal answers are equal texts."""
    return json.dumps({key: value for key, value in answer.items() if value}, sort_keys=True)


def _compare(
    found: Seen,
    place: Place,
    pressed: Sequence[tuple[str, bool]],
    stored: Sequence[str],
    kept: Sequence[tuple[str, str, str]],
) -> None:
    sure = Counter(answer for answer, is_sure in pressed if is_sure)
    unsure = Counter(answer for answer, is_sure in pressed if not is_sure)
    there = Counter(stored) + Counter(answer for answer, _, _ in kept)
    missing, more = sure - there, there - sure
    surplus = more - unsure
    changed = min(missing.total(), surplus.total())
    in_order = _is_within(stored, [answer for answer, _ in pressed])
    found.changed += changed + (0 if in_order or surplus else 1)
    found.lost += missing.total() - changed
    found.doubled += surplus.total() - changed
    found.n_taken += sure.total()
    found.n_stored += len(stored)
    found.n_unsure += unsure.total()
    found.n_unsure_stored += (more & unsure).total()
    for _, state, code in kept:
        if state == "waiting":
            found.unsent += 1
        else:
            found.refusals[code] += 1
    if (missing or surplus or not in_order) and len(found.examples) < 10:
        found.examples.append(f"{place}: pressed {list(pressed)}, stored {list(stored)}, kept {list(kept)}")


def _is_within(few: Sequence[str], many: Sequence[str]) -> bool:
    """Whether `few` come in `many` in this order."""
    rest = iter(many)
    return all(one in rest for one in few)


def table(found: Seen, account: Account) -> list[tuple[str, str]]:
    return [
        ("answers that people saw taken", f"{found.n_taken:,}"),
        ("keys pressed in tabs that died first; stored", f"{found.n_unsure:,}; {found.n_unsure_stored:,}"),
        ("submissions in the database", f"{found.n_stored:,}"),
        *[(name, f"{n:,}") for name, n in sorted(account.counts.items())],
        *[(f"refused, kept in the browser: {code}", f"{n:,}") for code, n in sorted(found.refusals.items())],
        ("LOST: seen taken, neither stored nor kept", f"{found.lost:,}"),
        ("DOUBLED: stored more often than given", f"{found.doubled:,}"),
        ("CHANGED: another answer, or another order", f"{found.changed:,}"),
        ("UNSENT at the end", f"{found.unsent:,}"),
        ("REFUSED for a reason that should not be", f"{found.unforeseen:,}"),
        ("LABELS ABOVE THE WANTED NUMBER", f"{found.above:,}"),
        *[("EXAMPLE", one) for one in found.examples],
    ]


def show(rows: Iterable[tuple[str, str]]) -> None:
    for name, figure in rows:
        print(f"{name:<56}{figure:>16}")


def _rows(sql: str, params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.chaos.seen", description=__doc__)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--queue", required=True, help="public id")
    parser.add_argument("--since", type=float, default=0, help="seconds since 1970; older rows do not count")
    options = parser.parse_args()
    with options.ledger.open() as lines:
        account = read(lines)
    found = judge(queue=options.queue, since=datetime.fromtimestamp(options.since, UTC), account=account)
    show(table(found, account))
    return 0 if found.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
