"""Install pgmq, the message queue on PostgreSQL that an installation on one machine uses as its broker.

It is plain SQL that the package `pgmq` brings: no extension, so any PostgreSQL will do.
"""

import psycopg
from pgmq.install import get_embedded_install_sql, install_pgmq_sql

# Any number, the same for everybody: two starters must not install at once.
INSTALL_LOCK = 7_241_001


def ensure_installed(database_url: str) -> bool:
    """Install the schema `pgmq` unless it is there. Return whether it was installed now."""
    with psycopg.connect(database_url, connect_timeout=10) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [INSTALL_LOCK])
        if connection.execute("SELECT to_regclass('pgmq.meta')").fetchone() != (None,):
            return False
        install_pgmq_sql(get_embedded_install_sql(), conn=connection)
        return True
