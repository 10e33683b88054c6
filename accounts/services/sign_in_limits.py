"""How often somebody may try to sign in: counted in the database, before the password is looked at.

Three limits at once. One machine guesses at one address; one machine tries one password on many addresses; many
machines guess at one address. What was refused by the first two does not count for the third, so that one machine
cannot lock somebody out everywhere. A try that succeeds is given back: only failures use the limits up.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import SignInCount


@dataclass(frozen=True)
class Limit:
    tries: int
    window: timedelta


PER_MACHINE_AND_ADDRESS = Limit(20, timedelta(minutes=1))
PER_MACHINE = Limit(300, timedelta(minutes=5))
PER_ADDRESS = Limit(100, timedelta(minutes=5))

_COUNT = """
INSERT INTO accounts_signincount AS c (key, count, window_ends)
SELECT key, 1, now() + seconds * interval '1 second'
FROM unnest(%s::text[], %s::float[]) AS k (key, seconds) ORDER BY key
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN c.window_ends <= now() THEN 1 ELSE c.count + 1 END,
  window_ends = CASE WHEN c.window_ends <= now() THEN excluded.window_ends ELSE c.window_ends END
RETURNING key, count, extract(epoch FROM window_ends - now())::float
"""
_GIVE_BACK = """
UPDATE accounts_signincount SET count = count - 1
WHERE key IN (SELECT key FROM accounts_signincount WHERE key = ANY(%s) AND count > 0 ORDER BY key FOR UPDATE)
"""


def wait_before(*, email: str, machine: str) -> float | None:
    """Count a try. None when it may go on, else the seconds until the next one may."""
    pair, alone, anywhere = _keys(email, machine)
    first = _count([(pair, PER_MACHINE_AND_ADDRESS), (alone, PER_MACHINE)])
    return first if first is not None else _count([(anywhere, PER_ADDRESS)])


@transaction.atomic
def give_back(*, email: str, machine: str) -> None:
    """The try that was counted last was no guess."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [list(_keys(email, machine))])


def prune() -> int:
    """Forget windows that are over."""
    deleted, _ = SignInCount.objects.filter(window_ends__lt=timezone.now()).delete()
    return deleted


@transaction.atomic
def _count(limits: Sequence[tuple[str, Limit]]) -> float | None:
    allowed = {key: limit.tries for key, limit in limits}
    seconds = [limit.window.total_seconds() for _, limit in limits]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(allowed), seconds])
        waits = [left for key, count, left in cursor.fetchall() if count > allowed[key]]
    return max(waits, default=None)


def _keys(email: str, machine: str) -> tuple[str, str, str]:
    email = email.strip().lower()
    parts = (["pair", machine, email], ["machine", machine], ["address", email])
    pair, alone, anywhere = (hashlib.sha256("\0".join(one).encode("utf-8", "replace")).hexdigest() for one in parts)
    return pair, alone, anywhere
