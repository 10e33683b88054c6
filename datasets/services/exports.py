"""Write a version as a file in one of the formats, once: the same version and format are the same bytes."""

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction

from accounts.models import JobState, User
from accounts.services.jobs import Claim, create_job
from common.problems import InvalidInput
from common.storage import file_key, object_store
from datasets.formats.export_row import ExportContext, ExportLabel, ExportRow, UnsupportedExport
from datasets.formats.exports import EXPORT_FORMATS, ExportFormat
from datasets.labeling_schema.document import Question
from datasets.models import DatasetVersion, Export
from datasets.selectors import schemas, versions
from datasets.selectors.attributes import schema_of
from datasets.selectors.versions import VersionRow

JOB_KIND = "datasets.export"
BATCH = 1000
BEAT_EVERY = 500


def request_export(*, version: DatasetVersion, format: str, by: User | None) -> Export:
    """The export of a version in a format: the finished or running one, else a new job. Raises InvalidInput."""
    if format not in EXPORT_FORMATS:
        known = ", ".join(EXPORT_FORMATS)
        raise InvalidInput(f"There is no export format {format!r}; there are {known}.", errors={"format": ["Unknown."]})
    with transaction.atomic():
        # The version's row keeps two who ask at once from making two jobs.
        DatasetVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
        export: Export
        export, _ = Export.objects.select_related("job").get_or_create(
            project=version.project, version=version, format=format, defaults={"created_by": by}
        )
        ended_badly = export.job is not None and export.job.state in (JobState.FAILED, JobState.CANCELLED)
        if export.job is None or ended_badly:
            export.job = create_job(project=version.project, kind=JOB_KIND, payload={"export_id": export.pk}, by=by)
            export.save(update_fields=["job"])
    return export


def perform(claim: Claim) -> dict[str, Any]:
    """Stream the rows through the writer into the store. Repeatable: the object appears whole or not at all."""
    export = Export.objects.select_related("version__schema", "project").get(pk=claim.job.payload["export_id"])
    version, chosen = export.version, EXPORT_FORMATS[export.format]
    total = version.summary["items"]
    rows = _beating(claim, total, _rows(version, chosen))
    key = file_key(export.project_id, "exports", f"{version.content_hash}/{export.public_id.hex}{chosen.extension}")
    try:
        context = _context(version)
        if context.with_answers and not chosen.with_answers:
            raise UnsupportedExport(
                f"{chosen.title} holds classes only, and “{version.question}” asks for more. Export it as JSON Lines"
                " or, if it asks for shapes, as COCO."
            )
        stored = object_store().put(key, chosen.write(rows, context))
    except UnsupportedExport as error:
        raise InvalidInput(str(error)) from error
    Export.objects.filter(pk=export.pk).update(
        object_key=key, file_name=download_name(f"{version.name}-v{version.number}", chosen),
        media_type=chosen.media_type, byte_size=stored.size, sha256=stored.sha256, n_rows=total,
    )  # fmt: skip
    return {"export": str(export.public_id), "bytes": stored.size, "sha256": stored.sha256}


def label_of(question: Question, key: str) -> ExportLabel:
    """A class as exports write it: in English, with its path from the root."""
    if key not in question.by_key:
        return ExportLabel(key, key, (key,))
    path = [*reversed([key, *question.ancestors(key)])]
    names = tuple(question.by_key[one].names["en"] for one in path)
    return ExportLabel(key, names[-1], names)


def download_name(stem: str, chosen: ExportFormat) -> str:
    """Name of the downloaded file; formats that share an extension differ by their key."""
    plain = chosen.key in ("csv", "jsonl", "parquet")
    return f"{stem}{chosen.extension}" if plain else f"{stem}-{chosen.key}{chosen.extension}"


def _context(version: DatasetVersion) -> ExportContext:
    question = schemas.question(version.schema, version.question)
    used = {one["key"] for one in version.summary["classes"]}
    # At a higher level than the leaves only the classes that occur are classes of the version.
    keys = (
        [key for key in question.by_key if key in used] if version.recipe["label_depth"] else question.selectable_keys
    )
    return ExportContext(
        name=str(version), classes=tuple(label_of(question, key) for key in keys),
        attributes=schema_of(version.project), with_answers=not question.is_choice,
    )  # fmt: skip


def _rows(version: DatasetVersion, chosen: ExportFormat) -> Iterator[ExportRow]:
    question = schemas.question(version.schema, version.question)
    stream = versions.rows(version)
    while batch := list(islice(stream, BATCH)):
        met = versions.first_occurrences([row.item_id for row in batch])
        for row in batch:
            occurrence = met.get(row.item_id)
            yield ExportRow(
                item_sha=row.sha256, media_type=row.media_type, file_name=occurrence.name if occurrence else "",
                split=row.split, group=row.group, open_bytes=_opener(row), weight=row.weight,
                labels=tuple(label_of(question, key) for key in row.label_keys), posterior=row.posterior,
                width=row.width, height=row.height, attributes=occurrence.attributes if occurrence else {},
                answer=row.answer,
            )  # fmt: skip


def _opener(row: VersionRow) -> Callable[[], BinaryIO]:
    if row.object_key:
        return partial(object_store().open, row.object_key)
    return partial(BytesIO, row.text.encode())


def _beating(claim: Claim, total: int, rows: Iterator[ExportRow]) -> Iterator[ExportRow]:
    for done, row in enumerate(rows):
        if done % BEAT_EVERY == 0:
            claim.beat(done, total, f"{done:,} items")
        yield row
