"""Start an import, and do it: resumable, because every finished entry has its report row."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import JobState, Project, User
from accounts.services.audit_trail import record
from accounts.services.jobs import Claim, JobLost, Pulse, create_job
from common.outbox import publish
from common.problems import InvalidInput
from common.storage import object_store
from common.texts import writable
from datasets.events import ItemsImported
from datasets.formats.manifest_row import ManifestRow
from datasets.models import Import, ImportFile, LabelSchema, Occurrence, Source, Upload
from datasets.selectors import schemas
from datasets.selectors.attributes import schema_of
from datasets.services import uploads as upload_services
from datasets.services.attributes import learn_attributes
from datasets.services.derivation import request_derivation
from datasets.services.importing.entries import Entry, Walk, find_manifest, identity_of, is_archive
from datasets.services.importing.given_labels import LabelReader
from datasets.services.importing.manifest_index import ManifestIndex
from datasets.services.importing.preparation import Prepared, Preparer
from datasets.services.importing.registration import register_batch
from datasets.services.importing.trees import BucketTree, FileTree, FolderTree, ListenedTree, UploadsTree
from datasets.services.tiling import request_tiling

JOB_KIND = "datasets.import"
BATCH = 64
BATCH_BYTES = 64 * 1024 * 1024
ENCODINGS = ("utf-8", "cp949")
THREADS = 2  # Pillow lets go of the interpreter lock: 160 pictures a second instead of 128 on one core


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """What to import. Exactly one of path, uploads (public ids) and bucket.

    manifest: name inside the tree, else manifest.* or metadata.* at its top is used. only_listed: leave out files that
    the manifest does not name. label_schema, question: where the manifest's label column goes; without them it is
    ignored and said so. encoding: of a CSV manifest, one of ENCODINGS.
    """

    path: str = ""
    uploads: Sequence[str] = ()
    bucket: str = ""
    prefix: str = ""
    manifest: str = ""
    only_listed: bool = False
    label_schema: LabelSchema | None = None
    question: str = ""
    encoding: str = "utf-8"


@transaction.atomic
def request_import(
    *, project: Project, source: Source, request: ImportRequest, by: User | None, trusted_path: bool = False
) -> Import:
    """The import and its job. trusted_path: from a shell on the server, where the allowed roots do not apply.

    Raises InvalidInput for a path outside of the roots, unfinished uploads, uploads that another import has, or a
    bucket that is not allowed.
    """
    if request.encoding not in ENCODINGS:
        sentence = f"A manifest is read as {' or '.join(ENCODINGS)}, not as {request.encoding}."
        raise InvalidInput(sentence, errors={"manifest_encoding": [sentence]})
    kind, parameters = _parameters(project, request, trusted_path)
    if request.label_schema is not None:
        schemas.question(request.label_schema, request.question)
        parameters |= {"label_schema": request.label_schema.pk, "question": request.question}
    parameters |= {"manifest": request.manifest, "only_listed": request.only_listed, "encoding": request.encoding}
    run = Import.objects.create(project=project, source=source, kind=kind, parameters=parameters, created_by=by)
    run.job = create_job(project=project, kind=JOB_KIND, payload={"import_id": run.pk}, by=by)
    run.save(update_fields=["job"])
    Upload.objects.filter(pk__in=parameters.get("uploads", ())).update(taken_by=run)
    record(
        project=project, actor=by, action="import.started", subject=source.name,
        data={"import": str(run.public_id), "kind": kind},
    )  # fmt: skip
    return run


def _parameters(project: Project, request: ImportRequest, trusted_path: bool) -> tuple[str, dict[str, Any]]:
    if sum(map(bool, (request.path, request.uploads, request.bucket))) != 1:
        raise InvalidInput("Say what to import: a path on the server, finished uploads, or a bucket. Just one of them.")
    if request.path:
        path = Path(request.path).expanduser() if trusted_path else _allowed(request.path)
        if not path.exists():
            raise InvalidInput(f"There is no file or folder {path} on the server.", errors={"path": ["Not found."]})
        return Import.Kind.FOLDER, {"path": str(path.resolve())}
    if request.uploads:
        return Import.Kind.UPLOADS, {"uploads": [one.pk for one in _finished(project, request.uploads)]}
    allowed: Sequence[str] = settings.IMPORT_S3_BUCKETS
    # The store's own bucket holds every tenant's bytes.
    if request.bucket not in allowed or request.bucket == settings.OBJECT_STORE["bucket"]:
        names = ", ".join(allowed) or "none yet"
        raise InvalidInput(
            f"Imports from the bucket {request.bucket} are not allowed. Allowed buckets (IMPORT_S3_BUCKETS): {names}.",
            errors={"bucket": ["Not allowed."]},
        )
    return Import.Kind.S3, {"bucket": request.bucket, "prefix": request.prefix}


def _allowed(text: str) -> Path:
    roots = [root.resolve() for root in settings.IMPORT_ROOTS]
    path = Path(text).resolve()
    if not any(path.is_relative_to(root) for root in roots):
        shown = ", ".join(map(str, roots)) or "none yet; the operator sets IMPORT_ROOTS"
        raise InvalidInput(
            f"Imports are allowed from these folders of the server only: {shown}.", errors={"path": ["Not allowed."]}
        )
    return path


def _finished(project: Project, public_ids: Sequence[str]) -> list[Upload]:
    # Locked: of two imports that are started at once only one gets an upload, since the first to end drops its bytes.
    rows = Upload.objects.select_for_update(of=("self",)).select_related("taken_by__job")
    found = list(rows.filter(project=project, public_id__in=public_ids).order_by("pk"))
    if len(found) != len(set(map(str, public_ids))):
        raise InvalidInput("An upload is not known in this project. Send its file again.")
    for one in found:
        if one.state == Upload.State.RECEIVING:
            raise InvalidInput(f"{one.name} has {one.received:,} of {one.size:,} bytes. Send the rest first.")
        if one.state == Upload.State.IMPORTED:
            raise InvalidInput(f"{one.name} was imported before. Send it again if it shall be imported again.")
        job = one.taken_by and one.taken_by.job
        if job and job.state in (JobState.QUEUED, JobState.RUNNING):
            raise InvalidInput(f"{one.name} is being imported already. Look at the imports below.")
    return found


def perform(claim: Claim) -> dict[str, Any]:
    """Do an import, or what is left of it. The result holds its counters."""
    run = Import.objects.select_related("project", "source").get(pk=claim.job.payload["import_id"])
    if run.finished_at is None:
        try:
            with _walk(run, Pulse(claim)) as walk:
                worker = _Worker(claim, run, walk)
                worker.work()
            _finish(run)
        except JobLost:
            raise
        except Exception:
            _announce(run)  # what is registered stays, so those above hear of it
            raise
    _drop_uploads(run)  # killed between the two, the next attempt comes here at once
    run.refresh_from_db()
    return {
        "import": str(run.public_id), "imported": run.imported, "duplicates": run.duplicates, "known": run.known,
        "rejected": run.rejected,
    }  # fmt: skip


def tree_of(run: Import) -> FileTree:
    """The files that an import is about."""
    p = run.parameters
    if run.kind == Import.Kind.FOLDER:
        return FolderTree(Path(p["path"]))
    if run.kind == Import.Kind.UPLOADS:
        return UploadsTree(list(Upload.objects.filter(project=run.project, pk__in=p["uploads"])))
    return BucketTree(bucket=p["bucket"], prefix=p["prefix"])


@contextmanager
def _walk(run: Import, pulse: Pulse) -> Iterator[Walk]:
    tree = ListenedTree(tree_of(run), pulse)
    name = run.parameters["manifest"] or find_manifest(tree)
    if not name:
        yield Walk(tree, None, only_listed=False, pulse=pulse)
        return
    with ManifestIndex(name) as manifest:
        try:
            with tree.open(name) as file:
                manifest.read(file, encoding=run.parameters.get("encoding", "utf-8"), pulse=pulse)
        except FileNotFoundError:
            raise InvalidInput(f"There is no manifest {name} among the files.") from None
        yield Walk(tree, manifest, only_listed=run.parameters["only_listed"], pulse=pulse)


@dataclass
class _Worker:
    claim: Claim
    run: Import
    walk: Walk
    waiting: list[Entry] = field(default_factory=list)
    ready: list[Prepared] = field(default_factory=list)
    known: list[Prepared] = field(default_factory=list)
    bytes_waiting: int = 0
    done: int = 0

    def work(self) -> None:
        self.pulse = Pulse(self.claim)
        self.total = self._count()
        inferred = self.walk.manifest.attributes if self.walk.manifest else ()
        project = self.run.project
        schema = learn_attributes(project=project, specs=inferred) if inferred else schema_of(project)
        self.preparer = Preparer(project_id=project.pk, store=object_store(), schema=schema)
        self.labels = LabelReader.of(self.run)
        self.claim.beat(0, self.total, "Reading")
        with ThreadPoolExecutor(THREADS, thread_name_prefix="import") as self.pool:
            for entry in self.walk:
                self.take(entry)
            self.flush()

    def _count(self) -> int:
        """Entries to come; 0 when archives make it unknown."""
        files = names = 0
        for file in self.walk.tree.files():
            if is_archive(file.name):
                return 0
            files, names = files + 1, names + 1
        manifest = self.walk.manifest
        total = files if manifest is None else len(manifest) if self.walk.only_listed else max(files - 1, len(manifest))
        Import.objects.filter(pk=self.run.pk).update(found=total)
        return total

    def take(self, entry: Entry) -> None:
        if entry.at_once:
            if not self._finished_before([entry]):
                self.ready.append(self.preparer.prepare(entry))
                self.pulse()
        else:
            self.waiting.append(entry)
        self.bytes_waiting += entry.size or 0
        if len(self.waiting) + len(self.ready) >= BATCH or self.bytes_waiting >= BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        finished = self._finished_before(self.waiting)
        fresh = [entry for entry in self.waiting if entry.identity not in finished]
        unchanged = self._unchanged(fresh)
        known = [Prepared(entry=entry) for entry in fresh if entry.identity in unchanged]
        todo = [entry for entry in fresh if entry.identity not in unchanged]
        prepared = self.ready
        for one in self.pool.map(self.preparer.prepare, todo):
            prepared.append(one)
            self.pulse()  # sixty large pictures take longer than a silent worker is waited for
        if prepared or known:
            with transaction.atomic():
                self.claim.hold()
                registered = register_batch(run=self.run, prepared=prepared, known=known)
                self.labels.accept(registered)
        self.done += len(prepared) + len(known) + len(finished)
        self.waiting, self.ready, self.bytes_waiting = [], [], 0
        self.claim.beat(self.done, max(self.total, self.done) if self.total else 0, f"{self.done:,} files")

    def _finished_before(self, entries: list[Entry]) -> set[Any]:
        rows = ImportFile.objects.filter(run=self.run, identity__in=[entry.identity for entry in entries])
        return set(rows.values_list("identity", flat=True))

    def _unchanged(self, entries: list[Entry]) -> set[Any]:
        """Entries that an earlier import of this source brought with the same stamp."""
        stamped = {_occurrence_identity(entry): entry for entry in entries if entry.stamp and entry.open}
        if not stamped:
            return set()
        rows = Occurrence.objects.filter(source=self.run.source, identity__in=stamped)
        pairs = set(rows.values_list("identity", "stamp"))
        return {entry.identity for identity, entry in stamped.items() if (identity, entry.stamp) in pairs}


def _occurrence_identity(entry: Entry) -> Any:
    row: ManifestRow | None = entry.row
    return identity_of(entry.name, writable(row.external_id or "")[:300] if row else "")


@transaction.atomic
def _finish(run: Import) -> None:
    Import.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    _announce(run)


def _drop_uploads(run: Import) -> None:
    if run.kind == Import.Kind.UPLOADS:
        left = Upload.objects.filter(project=run.project, pk__in=run.parameters["uploads"], state=Upload.State.COMPLETE)
        upload_services.drop_chunks(uploads=list(left))


@transaction.atomic
def _announce(run: Import) -> None:
    run.refresh_from_db()
    if run.first_item_id is None or run.last_item_id is None:
        return
    publish(
        ItemsImported(
            project_id=run.project_id, import_id=run.pk, first_item_id=run.first_item_id, last_item_id=run.last_item_id
        )
    )
    request_derivation(project=run.project, by=run.created_by)
    request_tiling(project=run.project, by=run.created_by)
