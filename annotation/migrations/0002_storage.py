"""Room on the pages of the hot tables, so that their updates stay on the page (HOT) and touch no index.

Rows of a queue come and go at its head: vacuum by a fixed number of dead rows, not by a share of a large table.
"""

from django.db import migrations

FILLFACTOR = {
    "annotation_task": 85,
    "annotation_assignment": 85,
    "annotation_cursor": 50,
    "annotation_participation": 50,
}
VACUUM = "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000"


def _set() -> str:
    return "".join(
        f"ALTER TABLE {table} SET (fillfactor = {share}, {VACUUM});\n" for table, share in FILLFACTOR.items()
    )


def _reset() -> str:
    options = "fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold"
    return "".join(f"ALTER TABLE {table} RESET ({options});\n" for table in FILLFACTOR)


class Migration(migrations.Migration):
    dependencies = [("annotation", "0001_initial")]
    operations = [migrations.RunSQL(_set(), _reset())]
