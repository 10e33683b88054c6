"""How many more answers a queue takes from one annotator. Asked only where a queue has limits."""

from collections.abc import Mapping
from typing import Any

from annotation.services.hot import next_sql
from annotation.services.hot.connection import one, run

LIMITS = ("day_limit", "person_limit", "share_limit")


def allowance(queue: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[int, str] | None:
    """How many more tasks the annotator may take, and the limit that says so; None without limits.

    queue: the limits and n_slots. What is leased counts as given. Tabs of one annotator ask one after the other: the
    lock is held to the end of the transaction that takes the lease. Who holds it never waits for a task, so it can be
    asked for with a task locked.
    """
    if all(queue[name] is None for name in LIMITS):
        return None
    run(next_sql.LOCK_LIMITS, params)
    used = one(next_sql.USED, params) or {"given": 0, "today": 0, "held": 0}
    left = []
    if queue["day_limit"] is not None:
        left.append((queue["day_limit"] - (used["today"] or 0) - used["held"], "limit-day"))
    if queue["person_limit"] is not None:
        left.append((queue["person_limit"] - used["given"] - used["held"], "limit-person"))
    if queue["share_limit"] is not None:
        most = max(1, int(queue["share_limit"] * queue["n_slots"]))
        left.append((most - used["given"] - used["held"], "limit-share"))
    return min(left)
