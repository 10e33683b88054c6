"""Keep the migrated, empty database of one test session for the next: migrating takes ten seconds, restoring one.

The copy belongs to the fingerprint of all migration files, so a changed migration is really run. It is a plain dump
under .pytest_cache; deleting it costs ten seconds.
"""

import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from config.launcher import schema
from config.launcher.binaries import locate
from config.launcher.installation import PROJECT

TEMPLATE = "touchstone_template"
FOLDER = PROJECT / ".pytest_cache" / "touchstone-schema"


def restore(database_url: str) -> bool:
    """Make the database TEMPLATE from the copy, if there is one for the migrations as they are now."""
    copy = _copy()
    if not copy.exists():
        return False
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    target = _named(database_url, TEMPLATE)
    _program("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--dbname={target}", f"--file={copy}")
    return True


def keep(database_url: str, name: str) -> None:
    """Write the copy from the migrated database `name`, and drop the copies of other migrations."""
    copy = _copy()
    FOLDER.mkdir(parents=True, exist_ok=True)
    scratch = copy.with_suffix(".new")
    _program("pg_dump", "--no-owner", f"--dbname={_named(database_url, name)}", f"--file={scratch}")
    for old in FOLDER.glob("*.sql"):
        old.unlink(missing_ok=True)
    scratch.rename(copy)


def _copy() -> Path:
    return FOLDER / f"{schema.fingerprint(PROJECT)[:24]}.sql"


def _named(database_url: str, name: str) -> str:
    return database_url.rsplit("/", 1)[0] + "/" + name


def _program(name: str, *arguments: str) -> None:
    command = [locate().program(name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{name} failed: {done.stderr[-2000:]}")
