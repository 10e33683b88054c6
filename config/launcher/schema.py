"""Know without starting Django whether `migrate` would have anything to do: it makes a second start quick.

The fingerprint of all migration files is kept as the comment of the database, so it travels with its data, and a
database that was restored or changed by hand at worst runs `migrate` once more.
"""

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

APPS = ("common", "accounts", "datasets", "annotation", "training", "auditing")
PREFIX = "migrated to "


def fingerprint(project: Path) -> str:
    """Hash the project's migrations, and the lock file for those of Django and other packages."""
    total = hashlib.sha256()
    migrations = [path for app in APPS for path in sorted((project / app / "migrations").glob("*.py"))]
    for path in (*migrations, project / "requirements.txt"):
        total.update(str(path.relative_to(project)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def recorded(database_url: str) -> str | None:
    """Return the fingerprint of the last migration that ran to its end."""
    with psycopg.connect(database_url, connect_timeout=10) as connection:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        row = connection.execute(query).fetchone()
    return str(row[0]).removeprefix(PREFIX) if row and row[0] else None


def record(database_url: str, value: str) -> None:
    _comment(database_url, PREFIX + value)


def forget(database_url: str) -> None:
    """Let the next start run `migrate` whatever the files say."""
    _comment(database_url, "")


def _comment(database_url: str, text: str) -> None:
    with psycopg.connect(database_url, connect_timeout=10) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(text)))
