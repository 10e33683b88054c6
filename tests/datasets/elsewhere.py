"""The body of another server's process: `python -m tests.datasets.elsewhere FOLDER` with DATABASE_URL at its database.

Migrates the empty database, imports, freezes, and prints one JSON line.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  (after setup)

from tests.datasets import factories  # noqa: E402
from tests.datasets.import_and_freeze import import_and_freeze  # noqa: E402


def burn_ids() -> None:
    """Other work came first there, so that no row has the number it has in the other database."""
    earlier = factories.project(slug="earlier")
    factories.schema(earlier)
    for n in range(7):
        factories.item(earlier, sha256=f"{n:064x}")


if __name__ == "__main__":
    call_command("migrate", interactive=False, verbosity=0)
    burn_ids()
    print(json.dumps(import_and_freeze(Path(sys.argv[1]), slug="elsewhere")))
