"""The clients' own ledgers against the database: what is above the wanted number, lost, doubled, or miscounted."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from annotation.services.answers import show_answer
from bench.chaos.annotator import Ledger

SUBMISSIONS = """
SELECT s.id::text, s.annotator_id, x.annotator_id, x.task_id, s.revision, s.answer::text
FROM annotation_submission s JOIN annotation_assignment x ON x.id = s.assignment_id WHERE x.queue_id = %s
"""
# From the answers alone, not from the counters that the server keeps.
ABOVE = """
SELECT coalesce(sum(labels - k), 0)::bigint FROM (
  SELECT t.k, count(*) AS labels FROM (
    SELECT DISTINCT ON (assignment_id) assignment_id, answer FROM annotation_submission
    WHERE queue_id = %s ORDER BY assignment_id, revision DESC
  ) last JOIN annotation_assignment x ON x.id = last.assignment_id JOIN annotation_task t ON t.id = x.task_id
  WHERE NOT last.answer ? 'skip' GROUP BY t.id, t.k
) counted WHERE labels > k
"""
MISCOUNTED = """
SELECT count(*) FROM annotation_task t LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE state IN ('leased', 'submitted')) AS n_out,
         count(*) FILTER (WHERE state = 'submitted') AS n_done
  FROM annotation_assignment x WHERE x.task_id = t.id
) rows ON true
WHERE t.queue_id = %s AND ((t.n_out, t.n_done) <> (rows.n_out, rows.n_done) OR t.open <> (t.n_out < t.k))
"""
COUNTERS = """
SELECT (SELECT coalesce(sum(n_done), 0) FROM annotation_participation WHERE queue_id = %(q)s)
     - (SELECT coalesce(sum(n_done), 0) FROM annotation_task WHERE queue_id = %(q)s),
       (SELECT coalesce(sum(n_completed), 0) FROM annotation_participation WHERE queue_id = %(q)s)
     - (SELECT count(*) FROM annotation_task WHERE queue_id = %(q)s AND n_done = k)
"""
LABELS = """
SELECT coalesce(sum(n_done), 0)::bigint, count(*) FILTER (WHERE n_done = k) FROM annotation_task WHERE queue_id = %s
"""


@dataclass(kw_only=True)
class Verdict:
    """All of the first five are to be 0. unknown: stored, and in no ledger."""

    above: int = 0
    lost: int = 0
    doubled: int = 0
    unknown: int = 0
    miscounted: int = 0
    unsettled: int = 0
    n_stored: int = 0
    n_labels: int = 0
    n_finished: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    unforeseen: Counter[str] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        wrong = self.above + self.lost + self.doubled + self.unknown + self.miscounted + self.unsettled
        return not wrong and not self.unforeseen


def judge(*, queue_id: int, ledgers: Sequence[Ledger]) -> Verdict:
    """Compare every entry with every row."""
    found = Verdict()
    rows = _rows(SUBMISSIONS, [queue_id])
    by_id = {row[0]: row for row in rows}
    known: set[str] = set()
    for ledger in ledgers:
        found.unforeseen += ledger.unforeseen
        for entry in ledger.entries.values():
            known.add(entry.id)
            row = by_id.get(entry.id)
            if entry.outcome == "stored":
                found.n_stored += 1
                found.lost += row is None or not _is_same(row, ledger, entry)
            elif entry.outcome:
                found.refusals[entry.outcome] += 1
                found.doubled += row is not None  # refused, and yet it counts
            else:
                found.unsettled += 1
    found.unknown = len(set(by_id) - known)
    found.doubled += sum(n - 1 for n in Counter((row[1], row[3], row[4]) for row in rows).values())
    found.above = int(_rows(ABOVE, [queue_id])[0][0])
    found.miscounted = int(_rows(MISCOUNTED, [queue_id])[0][0])
    found.miscounted += sum(abs(int(one)) for one in _rows(COUNTERS, {"q": queue_id})[0])
    found.n_labels, found.n_finished = _rows(LABELS, [queue_id])[0]
    return found


def _is_same(row: Sequence[Any], ledger: Ledger, entry: Any) -> bool:
    _, annotator, holder, task, revision, answer = row
    shown = {key: value for key, value in show_answer(json.loads(answer)).items() if value}
    return (annotator, holder, task, revision, shown) == (
        ledger.annotator, ledger.annotator, entry.task, entry.revision, entry.answer,
    )  # fmt: skip


def _rows(sql: str, params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
