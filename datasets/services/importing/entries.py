"""One flat sequence of things to import out of a tree: files, members of archives, rows of a manifest."""

import hashlib
import io
import json
import posixpath
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from common.texts import writable
from datasets.formats.archive_walk import iterate_archive
from datasets.formats.archives import ArchiveMember, RejectedMember, UnreadableArchive
from datasets.formats.manifest_row import ManifestRow
from datasets.formats.manifests import manifest_format
from datasets.services.importing.manifest_index import ManifestIndex
from datasets.services.importing.trees import FileTree, TreeFile

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
MANIFEST_STEMS = ("manifest", "metadata")
MEMBER_IN_MEMORY = 16 * 1024 * 1024
MAX_NAME = 1024


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """Why something is not taken in: a stable code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the report to be.

    identity: by name and ordinal, equal in every walk of the same tree. open: gives the bytes; None for a record or a
    rejection. at_once: the bytes are gone when the next entry is asked for.
    """

    name: str
    identity: uuid.UUID
    size: int | None = None
    stamp: str = ""
    open: Callable[[], AbstractContextManager[BinaryIO]] | None = None
    at_once: bool = False
    row: ManifestRow | None = None
    rejection: Rejection | None = None


def identity_of(*parts: str) -> uuid.UUID:
    """The first 128 bits of SHA-256 over the parts joined by NUL."""
    return uuid.UUID(bytes=hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()[:16])


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def find_manifest(tree: FileTree) -> str | None:
    """The manifest that nobody named: manifest.* or metadata.* at the top, or the only file if it is one."""
    only: str | None = None
    count = 0
    for file in tree.files():
        count += 1
        only = file.name
        if "/" not in file.name and manifest_format(file.name):
            stem = posixpath.splitext(file.name)[0].lower()
            if stem in MANIFEST_STEMS:
                return file.name
    return only if count == 1 and only and manifest_format(only) else None


class Walk:
    """Walk a tree, with a manifest's rows put beside their files.

    only_listed: files that the manifest does not name are passed over in silence. pulse is called for every member of
    an archive: what is passed over may take long, too.
    """

    def __init__(
        self,
        tree: FileTree,
        manifest: ManifestIndex | None,
        *,
        only_listed: bool,
        pulse: Callable[[], None] = lambda: None,
    ) -> None:
        self.tree, self.manifest, self.only_listed, self.pulse = tree, manifest, only_listed, pulse
        self._scope = ""
        self._seen: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Entry]:
        for file in self.tree.files():
            self._enter("file")
            if self.manifest is not None and file.name == self.manifest.name:
                continue
            if is_archive(file.name):
                yield from self._archive(file)
            else:
                opener = partial(self.tree.open, file.name)
                yield from self._with_rows(file.name, size=file.size, stamp=file.stamp, open=opener)
        if self.manifest is not None:  # it may be empty, and then it is false
            yield from self._leftovers(self.manifest)

    def _archive(self, file: TreeFile) -> Iterator[Entry]:
        try:
            with self.tree.open(file.name) as opened:
                for member in iterate_archive(opened):
                    self.pulse()
                    yield from self._member(file, member)
        except UnreadableArchive as error:
            yield self._rejected(file.name, error.code, error.message)
        except OSError as error:
            yield self._rejected(file.name, "unreadable-file", f"The archive could not be read: {error.strerror}.")

    def _member(self, archive: TreeFile, member: ArchiveMember | RejectedMember) -> Iterator[Entry]:
        inside = member.name or f"member {member.index}"
        # A row of a manifest beside the archive may name the member with or without the archive's own name.
        name = f"{archive.name}/{inside}"
        if isinstance(member, RejectedMember):
            yield self._rejected(name, member.code, member.message)
            return
        content = member.file.read() if member.size <= MEMBER_IN_MEMORY else None
        held: BinaryIO = member.file if content is None else io.BytesIO(content)
        opener = partial(_held, held)
        yield from self._with_rows(name, size=member.size, stamp="", open=opener, at_once=content is None, also=inside)

    def _with_rows(
        self,
        name: str,
        *,
        size: int,
        stamp: str,
        open: Callable[[], AbstractContextManager[BinaryIO]],
        at_once: bool = False,
        also: str | None = None,
    ) -> Iterator[Entry]:
        if refusal := _unusable(name):
            yield self._rejected(name, refusal.code, refusal.message)
            return
        rows = self._rows_of(name, also)
        if not rows and self.manifest is not None and self.only_listed:
            return
        found: list[ManifestRow | None] = list(rows) or [None]
        for row in found:
            yield Entry(
                name=name, identity=self._next_identity(name), size=size, stamp=_stamp(stamp, row), open=open,
                at_once=at_once, row=row,
            )  # fmt: skip

    def _rows_of(self, name: str, also: str | None) -> list[ManifestRow]:
        if self.manifest is None:
            return []
        # Names come decomposed from a Mac; the manifest's are composed.
        found = self.manifest.take(unicodedata.normalize("NFC", name))
        return found or (self.manifest.take(unicodedata.normalize("NFC", also)) if also else [])

    def _leftovers(self, manifest: ManifestIndex) -> Iterator[Entry]:
        self._enter("line")
        for refused in manifest.rejected():
            yield self._rejected(f"{manifest.name}, line {refused.line}", refused.code, refused.message)
        self._enter("record")
        for row in manifest.records():
            name = writable(row.external_id or f"{manifest.name}, line {row.line}")[:MAX_NAME]
            yield Entry(name=name, identity=self._next_identity(name), row=row)
        self._enter("missing")
        for row in manifest.without_file():
            sentence = f"The manifest names it in line {row.line}, but there is no such file. Check the path or add it."
            yield self._rejected(row.file_name or "", "file-not-found", sentence)

    def _rejected(self, name: str, code: str, message: str) -> Entry:
        rejection = Rejection(code=code, message=message)
        name = writable(name)
        return Entry(name=name[:MAX_NAME], identity=self._next_identity(name), rejection=rejection)

    def _enter(self, scope: str) -> None:
        # Equal names come together (in one archive, in rows about one file), so the count starts anew with each file.
        self._scope = scope
        self._seen.clear()

    def _next_identity(self, name: str) -> uuid.UUID:
        self._seen[name] += 1
        n = self._seen[name]
        return identity_of(self._scope, name) if n == 1 else identity_of(self._scope, name, str(n))


def _unusable(name: str) -> Rejection | None:
    if len(name) > MAX_NAME:
        return Rejection(code="name-too-long", message=f"The name has more than {MAX_NAME:,} characters.")
    if writable(name) != name:
        return Rejection(code="bad-name", message="The name is not valid UTF-8. Rename the file.")
    return None


@contextmanager
def _held(file: BinaryIO) -> Iterator[BinaryIO]:
    yield file


def _stamp(stamp: str, row: ManifestRow | None) -> str:
    """Changed attributes of an unchanged file are news, too."""
    if not stamp or row is None:
        return stamp
    content = json.dumps([row.external_id, row.group, row.label, row.attributes], sort_keys=True, default=str)
    return f"{stamp}/{identity_of(content).hex[:12]}"
