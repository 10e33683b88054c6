"""Day partitions of the prediction log: made ahead by beat, and at insert for late batches."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from psycopg import sql

AHEAD_DAYS = 7
_LOCK = 0x746F7563  # one maker at a time, for as long as its transaction lasts


@transaction.atomic
def ensure_partitions(days: Iterable[date]) -> list[date]:
    """Make the missing partitions; returns the days that were new. Safe to call from many processes at once."""
    wanted = set(days)
    with connection.cursor() as cursor:
        missing = sorted(wanted - _existing(wanted))
        if not missing:
            return []
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        missing = sorted(wanted - _existing(wanted))
        for day in missing:
            statement = sql.SQL("CREATE TABLE {} PARTITION OF auditing_prediction FOR VALUES FROM ({}) TO ({})").format(
                sql.Identifier(_name(day)), sql.Literal(day), sql.Literal(day + timedelta(days=1))
            )
            cursor.execute(statement.as_string(connection.connection))
    return missing


def make_partitions_ahead() -> list[date]:
    """Today's and the coming week's."""
    today = datetime.now(UTC).date()
    return ensure_partitions(today + timedelta(days=n) for n in range(-1, AHEAD_DAYS + 1))


def _name(day: date) -> str:
    return f"auditing_prediction_{day:%Y%m%d}"


def _existing(days: set[date]) -> set[date]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s)", [[_name(day) for day in days]])
        found = {row[0] for row in cursor.fetchall()}
    return {day for day in days if _name(day) in found}
