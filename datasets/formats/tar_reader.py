"""Members of an untrusted tar file, plain or packed with gzip, bzip2 or xz, read as a stream."""

import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from gzip import GzipFile
from typing import BinaryIO, Protocol, Self, cast

from datasets.formats.archives import ArchiveLimits, ArchiveMember, Budget, Refused, RejectedMember, spooled_copy
from datasets.formats.member_names import UnsafeName, is_system_file, safe_member_name
from datasets.formats.zip_reader import too_many_members

# RecursionError: tarfile reads a chain of extension headers by recursion, and somebody may make it a thousand long.
_BROKEN = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RecursionError)
_XZ_MEMORY = 256 * 1024 * 1024


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def iterate_tar(file: BinaryIO, limits: ArchiveLimits) -> Iterator[ArchiveMember | RejectedMember]:
    """Every member but folders and system files, in order.

    Never raises for content: a stream that breaks off gives one last RejectedMember ("archive-damaged",
    "archive-bomb"). Memory stays bounded: members are spooled, headers are capped, tarfile's list is emptied.
    """
    stream = _GuardedStream(file, limits)
    budget = Budget(limits)
    index = -1
    try:
        with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r|", tarinfo=_Header) as archive:
            while (info := _next_header(archive, stream)) is not None:
                index += 1
                if index >= limits.max_members:
                    yield too_many_members(index, None, limits)
                    return
                if info.isdir() or is_system_file(info.name):
                    continue
                try:
                    member = _member(archive, info, index, budget)
                except Refused as refused:
                    yield RejectedMember(index, info.name, refused.code, refused.message)
                    if refused.fatal:
                        return
                    continue
                try:
                    yield member
                finally:
                    member.file.close()
    except Refused as refused:  # from the stream: a bomb
        yield RejectedMember(index + 1, "", refused.code, refused.message)
    except _BROKEN as error:
        message = f"The archive breaks off after {index + 1:,} members ({error}). Everything before it was read."
        yield RejectedMember(index + 1, "", "archive-damaged", message)


class _Header(tarfile.TarInfo):
    """Says that it cannot be read. tarfile by itself takes that for the end, and what lies behind is passed over."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(archive)
        except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:  # type: ignore[attr-defined]
            raise tarfile.ReadError(f"a header cannot be read: {error}") from error


def _next_header(archive: tarfile.TarFile, stream: "_GuardedStream") -> tarfile.TarInfo | None:
    # A long-name header may claim gigabytes, and tarfile reads it whole: allow what is left of the member plus a cap.
    members: list[tarfile.TarInfo] = archive.members  # type: ignore[attr-defined]  # public, but not in typeshed
    stream.allow(members[-1].size if members else 0)
    members.clear()
    try:
        return archive.next()
    finally:
        stream.allow(None)


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo, index: int, budget: Budget) -> ArchiveMember:
    try:
        path = safe_member_name(info.name)
    except UnsafeName as unsafe:
        raise Refused(unsafe.code, unsafe.message) from unsafe
    if not info.isreg():
        raise Refused("not-a-file", "The member is a link or a device, not a file.")
    budget.check_declared(info.size, None)
    content = archive.extractfile(info)
    if content is None:
        raise Refused("not-a-file", "The member has no content.")
    with content:
        file, size = spooled_copy(content, budget, None)
    if size < info.size:
        file.close()
        raise Refused("member-damaged", "The archive ends inside this file.", fatal=True)
    return ArchiveMember(index, path, size, file)


class _GuardedStream:
    """Unpacks, and refuses a stream that expands too much or a header that is too long."""

    def __init__(self, file: BinaryIO, limits: ArchiveLimits) -> None:
        self._raw = _CountingReader(file)
        self._limits = limits
        self._unpacked = 0
        self._allowance: int | None = None
        magic = file.read(6)
        file.seek(0)
        self._packed = True
        self._file: _Readable
        if magic.startswith(b"\x1f\x8b"):
            self._file = GzipFile(fileobj=self._raw)
        elif magic.startswith(b"BZh"):
            self._file = bz2.BZ2File(self._raw)
        elif magic.startswith(b"\xfd7zXZ\x00"):
            self._file = _XzReader(self._raw)
        else:
            self._file = self._raw
            self._packed = False

    def allow(self, count: int | None) -> None:
        self._allowance = None if count is None else count + self._limits.max_header_bytes

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._unpacked += len(data)
        if self._allowance is not None:
            self._allowance -= len(data)
            if self._allowance < 0:
                raise Refused("archive-bomb", "A header in the archive is far too long.")
        limits = self._limits
        if self._packed and self._unpacked > limits.grace_bytes + limits.max_ratio * self._raw.count:
            raise Refused("archive-bomb", f"The archive expands to more than {limits.max_ratio:,.0f} times its size.")
        return data


class _CountingReader(io.RawIOBase):
    """Counts packed bytes as they are read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self.count += len(data)
        return data


class _XzReader:
    """xz with a memory limit, which lzma.LZMAFile does not offer: a header may ask for gigabytes of dictionary."""

    def __init__(self, file: _CountingReader) -> None:
        self._file = file
        self._decoder = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)

    def read(self, size: int, /) -> bytes:
        while not self._decoder.eof:
            packed = self._file.read(64 * 1024) if self._decoder.needs_input else b""
            if self._decoder.needs_input and not packed:
                raise EOFError("the xz stream is cut")
            if data := self._decoder.decompress(packed, size):
                return data
        return b""
