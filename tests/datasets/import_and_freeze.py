"""What a person does from a folder to a version: a schema, `import_items`, a freeze."""

import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from accounts.models import Project
from datasets.models import VersionItem
from datasets.selectors.versions import version_for
from datasets.services.freezing import request_freeze
from datasets.services.schemas import create_schema
from tests.datasets.factories import DOCUMENT
from tests.datasets.runs import finish


def import_and_freeze(folder: Path, *, slug: str) -> dict[str, Any]:
    """Everything that identifies the version, and what must not: the database and the first row's number."""
    project = Project.objects.create(slug=slug, name=slug)
    schema = create_schema(project=project, name="Animals", document=DOCUMENT, by=None)
    call_command(
        "import_items", slug, str(folder), source="belt", schema=schema.family, question="animal", no_thumbnails=True,
        no_progress=True, stdout=sys.stderr,
    )  # fmt: skip
    recipe = {"name": "animals", "schema": str(schema.public_id), "question": "animal"}
    job = finish(request_freeze(project=project, recipe=recipe, by=None))
    version = version_for(project, job.result["version"])
    rows = VersionItem.objects.filter(version=version)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (database,) = cursor.fetchone()
    return {
        "id": str(version), "content_hash": version.content_hash, "splits": dict(rows.values_list("sha256", "split")),
        "groups": dict(rows.values_list("sha256", "group")), "database": database,
        "first_item": rows.order_by("item_id").values_list("item_id", flat=True)[0],
    }  # fmt: skip
