"""Day partitions of the prediction log: made ahead by beat, and at insert for late batches."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from psycopg import sql

AHEAD_DAYS = 7
_LOCK = 0x746F7563  # one maker at a time, for as long as its transaction lasts
_ATTACHED = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'auditing_prediction'::regclass AND c.relname = ANY(%s)
"""
# Attached instead of created in place: CREATE TABLE … PARTITION OF would lock readers and writers of the whole log out.
_CREATE = "CREATE TABLE {} (LIKE auditing_prediction INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
_ATTACH = "ALTER TABLE auditing_prediction ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})"


@transaction.atomic
def ensure_partitions(days: Iterable[date]) -> list[date]:
    """Make the missing partitions; returns the days that were new. Safe to call from many processes at once."""
    wanted = set(days)
    if not wanted - _existing(wanted):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        missing = sorted(wanted - _existing(wanted))
        for day in missing:
            table = sql.Identifier(_name(day))
            bounds = sql.Literal(day), sql.Literal(day + timedelta(days=1))
            for statement in (sql.SQL(_CREATE).format(table), sql.SQL(_ATTACH).format(table, *bounds)):
                cursor.execute(statement.as_string(connection.connection))
    return missing


def make_partitions_ahead() -> list[date]:
    """Yesterday's, today's and the coming week's."""
    today = datetime.now(UTC).date()
    return ensure_partitions(today + timedelta(days=n) for n in range(-1, AHEAD_DAYS + 1))


def _name(day: date) -> str:
    return f"auditing_prediction_{day:%Y%m%d}"


def _existing(days: set[date]) -> set[date]:
    with connection.cursor() as cursor:
        cursor.execute(_ATTACHED, [[_name(day) for day in days]])
        found = {row[0] for row in cursor.fetchall()}
    return {day for day in days if _name(day) in found}
