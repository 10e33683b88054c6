"""Files on their way from a browser, in chunks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import JobState, Project, User
from common.problems import Conflict, InvalidInput
from common.storage import file_key, object_store
from datasets.formats.member_names import UnsafeName, safe_member_name
from datasets.models import Upload, UploadChunk

MAX_CHUNK = 8 * 1024 * 1024
MAX_FILES = 1000
FORGOTTEN_AFTER = timedelta(days=7)


class UploadOffsetMismatch(Conflict):
    code = "upload-offset-mismatch"
    title = "The chunk does not continue the file"


@dataclass(frozen=True)
class Announced:
    """A file that a browser wants to send. size: bytes."""

    name: str
    size: int


@transaction.atomic
def announce_uploads(*, project: Project, files: Sequence[Announced], by: User | None) -> list[Upload]:
    """Rows for files to come, in order. Raises InvalidInput naming the first file that cannot be taken."""
    if not 1 <= len(files) <= MAX_FILES:
        raise InvalidInput(f"Announce 1 to {MAX_FILES:,} files at a time.")
    limit = settings.UPLOAD_LIMIT_MIB * 1024 * 1024
    uploads = []
    for i, file in enumerate(files):
        try:
            name = safe_member_name(file.name)
        except UnsafeName as error:
            raise InvalidInput(
                f"{file.name[:80]!r}: {error.message}", errors={f"files[{i}].name": [error.message]}
            ) from None
        if not 0 <= file.size <= limit:
            sentence = (
                f"{name} has {file.size / 2**20:,.0f} MiB; one upload may have {settings.UPLOAD_LIMIT_MIB:,} MiB."
            )
            raise InvalidInput(sentence, errors={f"files[{i}].size": [sentence]})
        state = Upload.State.COMPLETE if file.size == 0 else Upload.State.RECEIVING
        uploads.append(Upload(project=project, name=name, size=file.size, state=state, created_by=by))
    return Upload.objects.bulk_create(uploads)


@transaction.atomic
def append_chunk(*, upload: Upload, offset: int, data: bytes) -> Upload:
    """Add bytes at `offset`. A chunk that is already there is accepted and changes nothing.

    Raises UploadOffsetMismatch, with the offset to continue from, and InvalidInput for a chunk beyond its limits.
    """
    if not 1 <= len(data) <= MAX_CHUNK:
        raise InvalidInput(f"A chunk has 1 to {MAX_CHUNK:,} bytes, not {len(data):,}.")
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if offset + len(data) <= upload.received:
        return upload
    if offset != upload.received:
        raise UploadOffsetMismatch(
            f"{upload.name} continues at byte {upload.received:,}, not at {offset:,}.", offset=upload.received
        )
    if offset + len(data) > upload.size:
        raise InvalidInput(f"{upload.name} was announced with {upload.size:,} bytes; this chunk goes beyond them.")
    key = file_key(upload.project_id, "uploads", f"{upload.public_id.hex}/{offset}")
    object_store().put(key, [data])
    UploadChunk.objects.create(upload=upload, start=offset, size=len(data), object_key=key)
    upload.received += len(data)
    upload.state = Upload.State.COMPLETE if upload.received == upload.size else Upload.State.RECEIVING
    upload.save(update_fields=["received", "state", "touched_at"])
    return upload


def drop_chunks(*, uploads: Sequence[Upload]) -> None:
    """Forget the parts of imported uploads: the items' own bytes are stored by now."""
    store = object_store()
    for chunk in UploadChunk.objects.filter(upload__in=uploads):
        store.delete(chunk.object_key)
        chunk.delete()
    Upload.objects.filter(pk__in=[one.pk for one in uploads]).update(state=Upload.State.IMPORTED)


def sweep_forgotten() -> int:
    """Drop uploads that nobody touched for a week and no import is about to take. Returns how many."""
    old = Upload.objects.filter(touched_at__lt=timezone.now() - FORGOTTEN_AFTER).exclude(state=Upload.State.IMPORTED)
    old = old.exclude(taken_by__job__state__in=[JobState.QUEUED, JobState.RUNNING])
    store = object_store()
    dropped = 0
    for upload in old.order_by("pk")[:1000]:
        for chunk in upload.chunks.all():
            store.delete(chunk.object_key)
        upload.delete()
        dropped += 1
    return dropped
