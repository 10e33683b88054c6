"""Prepared statements through psycopg on Django's own connection, in Django's own transaction.

Django binds on the client and parses each statement anew; psycopg's own cursor prepares a statement on its second use
(`prepare_threshold`), which halves the server's work. LIMITs and the predicates of partial indexes are literals in the
text: a generic plan could not use them as parameters. Sending several at once in psycopg's pipeline mode was measured:
it costs more in Python than the journeys that it saves, 4% an annotation.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import psycopg
from django.db import connection, transaction
from psycopg.rows import dict_row

Row = dict[str, Any]
Params = Mapping[str, Any]
Result = TypeVar("Result")
RETRIES = 4
PASSING = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


def run(sql: str, params: Params) -> list[Row]:
    """Rows of a prepared statement. Only inside `atomic`."""
    with psycopg.Cursor(connection.connection, row_factory=dict_row) as cursor:
        cursor.execute(sql, params)
        # Not `description`: it describes every column anew, for a tenth of what a request costs.
        return cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else []


def one(sql: str, params: Params) -> Row | None:
    found = run(sql, params)
    return found[0] if found else None


def in_transaction(work: Callable[[], Result]) -> Result:
    """Run `work` in a transaction of its own; again when two tabs of one annotator collided on a unique key."""
    for left in reversed(range(RETRIES)):
        try:
            with transaction.atomic():
                return work()
        except PASSING:
            if not left:
                raise
    raise AssertionError("unreachable")
