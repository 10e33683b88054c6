"""Leases that live on, are given back, or run out.

Lock order, always: task rows by id, then assignments. A sweep never waits for anybody.
"""

from collections.abc import Sequence
from uuid import UUID

from annotation.models import GOLD_LANE
from annotation.services.hot.connection import Row, in_transaction, run
from annotation.services.hot.policy import lease_time

SWEEP_BATCH = 200
SWEEP_IN_PASSING = 20

_HEARTBEAT = """
UPDATE annotation_assignment SET tab = %(tab)s, expires_at = now() + %(lease)s::interval
WHERE id IN (
  SELECT x.id FROM annotation_assignment x JOIN annotation_annotator a ON a.id = x.annotator_id
  JOIN accounts_membership m ON m.project_id = a.project_id AND m.user_id = a.user_id
  WHERE a.user_id = %(u)s AND x.state = 'leased' AND x.token = ANY(%(tokens)s) ORDER BY x.id FOR UPDATE OF x
)
RETURNING token AS lease, expires_at
"""

_TASKS_OF = """
SELECT DISTINCT x.task_id FROM annotation_assignment x JOIN annotation_annotator a ON a.id = x.annotator_id
WHERE a.user_id = %(u)s AND x.state = 'leased' AND x.token = ANY(%(tokens)s)
"""

_LOCK_TASKS = "SELECT id FROM annotation_task WHERE id = ANY(%(tasks)s) ORDER BY id FOR NO KEY UPDATE"
_LOCK_FREE_TASKS = _LOCK_TASKS + " SKIP LOCKED"

# A lease that is reserved for its annotator is not deleted: it waits for them, in no tab.
_DELETE = """
WITH ended AS (
  SELECT x.id, x.reserved_until > now() AS reserved FROM annotation_assignment x
  WHERE x.state = 'leased' AND x.task_id = ANY(%(tasks)s) AND {which} ORDER BY x.id FOR UPDATE {waiting}
),
kept AS (
  UPDATE annotation_assignment x SET tab = '', expires_at = x.reserved_until
  FROM ended WHERE x.id = ended.id AND ended.reserved
  RETURNING x.token
),
gone AS (
  DELETE FROM annotation_assignment x USING ended
  WHERE x.id = ended.id AND ended.reserved IS NOT TRUE
  RETURNING x.task_id, x.token
),
back AS (SELECT task_id, count(*)::int AS n FROM gone GROUP BY task_id),
freed AS (
  UPDATE annotation_task t
  SET n_out = t.n_out - back.n, open = NOT t.closed, returned = (NOT t.closed AND t.lane < %(gold)s)
  FROM back WHERE t.id = back.task_id
)
SELECT token AS lease FROM gone UNION ALL SELECT token FROM kept
"""

_RELEASE = _DELETE.format(
    which="x.token = ANY(%(tokens)s) AND x.annotator_id IN (SELECT id FROM annotation_annotator WHERE user_id = %(u)s)",
    waiting="",
)
_EXPIRE = _DELETE.format(which="x.expires_at < now()", waiting="SKIP LOCKED")

_EXPIRED = """
SELECT DISTINCT task_id FROM (
  SELECT task_id FROM annotation_assignment WHERE state = 'leased' AND expires_at < now() ORDER BY expires_at LIMIT {n}
) late
"""


def heartbeat(*, user_id: int, tab: str, leases: Sequence[UUID]) -> tuple[list[Row], list[UUID]]:
    """Renew the user's leases for this tab, in projects where they are still a member.

    Returns the renewed ones ({lease, expires_at}) and the lost tokens.
    """
    params = {"u": user_id, "tab": tab, "tokens": list(leases), "lease": lease_time()}
    kept = in_transaction(lambda: run(_HEARTBEAT, params)) if leases else []
    alive = {row["lease"] for row in kept}
    return kept, [token for token in leases if token not in alive]


def release(*, user_id: int, leases: Sequence[UUID]) -> list[UUID]:
    """Give leases back; their tasks are offered to others at once. Returns the tokens that were given back."""

    def work() -> list[UUID]:
        params = {"u": user_id, "tokens": list(leases), "gold": GOLD_LANE}
        tasks = [row["task_id"] for row in run(_TASKS_OF, params)]
        run(_LOCK_TASKS, {"tasks": tasks})
        return [row["lease"] for row in run(_RELEASE, {**params, "tasks": tasks})]

    return in_transaction(work) if leases else []


def sweep_expired(*, limit: int = SWEEP_BATCH) -> int:
    """Take back leases that ran out. Returns how many; call again while that is the limit."""
    return in_transaction(lambda: _sweep(limit))


def sweep_in_passing() -> int:
    """A few, inside the caller's transaction."""
    return _sweep(SWEEP_IN_PASSING)


def _sweep(limit: int) -> int:
    late = [row["task_id"] for row in run(_EXPIRED.format(n=int(limit)), {})]
    if not late:
        return 0
    free = [row["id"] for row in run(_LOCK_FREE_TASKS, {"tasks": late})]
    return len(run(_EXPIRE, {"tasks": free, "gold": GOLD_LANE}))
