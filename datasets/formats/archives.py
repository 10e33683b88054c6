"""Walk through the members of an untrusted zip or tar in bounded memory; whatever is dangerous is named and skipped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

SPOOL_BYTES = 4 * 1024 * 1024
_PIECE = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class ArchiveLimits:
    """What an archive may cost.

    max_members: members looked at. max_member_bytes, max_total_bytes: expanded size. max_ratio: expanded / packed size
    of a member (zip) or of the whole stream (compressed tar); checked beyond grace_bytes, because short flat files pack
    well. max_header_bytes: tar headers between two members; max_directory_bytes: a zip's central directory.
    """

    max_members: int = 1_000_000
    max_member_bytes: int = 256 * 1024 * 1024
    max_total_bytes: int = 200 * 1024**3
    max_ratio: float = 200.0
    grace_bytes: int = 4 * 1024 * 1024
    max_header_bytes: int = 4 * 1024 * 1024
    max_directory_bytes: int = 512 * 1024 * 1024


@dataclass(frozen=True)
class ArchiveMember:
    """A regular file. index: position in the archive from 0; name: safe relative path; size: bytes.

    file: its whole content, seekable, at position 0; valid until the next member is asked for.
    """

    index: int
    name: str
    size: int
    file: BinaryIO


@dataclass(frozen=True)
class RejectedMember:
    """A member that was not taken. name: as the archive has it (do not use as a path); code: stable; message: why."""

    index: int
    name: str
    code: str
    message: str


class UnreadableArchive(Exception):
    """The file as a whole is no archive that can be walked. code: stable; message: a sentence for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Refused(Exception):
    """Inside this package: the current member is refused; `fatal` ends the walk."""

    def __init__(self, code: str, message: str, *, fatal: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fatal = fatal


class Budget:
    """Counts expanded bytes over the whole archive and refuses what exceeds the limits."""

    def __init__(self, limits: ArchiveLimits) -> None:
        self.limits = limits
        self.total = 0

    def check_declared(self, size: int, packed: int | None) -> None:
        """Refuse from the header alone. size, packed: bytes as declared."""
        self._check_member(size, packed)
        self._check_total(self.total + size)

    def spend(self, count: int, so_far: int, packed: int | None) -> None:
        """Count bytes as they come, whatever the header said. so_far: of this member, these included."""
        self.total += count
        self._check_member(so_far, packed)
        self._check_total(self.total)

    def _check_member(self, size: int, packed: int | None) -> None:
        limit = self.limits.max_member_bytes
        if size > limit:
            message = f"The file expands to {size / 2**20:,.1f} MiB or more; the limit is {limit / 2**20:,.1f} MiB."
            raise Refused("member-too-large", message)
        if packed is not None and size > self.limits.grace_bytes and size > self.limits.max_ratio * max(packed, 1):
            raise Refused("archive-bomb", f"The file expands to {size / max(packed, 1):,.0f} times its packed size.")

    def _check_total(self, total: int) -> None:
        if total > self.limits.max_total_bytes:
            raise Refused("archive-too-large", "The archive expands beyond the limit for one archive.", fatal=True)


def spooled_copy(source: IO[bytes], budget: Budget, packed: int | None) -> tuple[BinaryIO, int]:
    """Copy a member to a temporary file (memory up to 4 MiB, then disk), counting. Returns file and size in bytes."""
    # The caller closes it when the next member is asked for.
    target = cast(BinaryIO, SpooledTemporaryFile(max_size=SPOOL_BYTES))  # noqa: SIM115
    size = 0
    try:
        while piece := source.read(_PIECE):
            size += len(piece)
            budget.spend(len(piece), size, packed)
            target.write(piece)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target, size


@contextmanager
def opened_archive(source: str | os.PathLike[str] | BinaryIO) -> Iterator[BinaryIO]:
    """The archive as a seekable binary file at position 0."""
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            yield file
    else:
        source.seek(0)
        yield source
