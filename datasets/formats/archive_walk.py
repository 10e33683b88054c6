"""The entry point for archives: find out what it is and walk through it."""

import os
from collections.abc import Iterator
from typing import BinaryIO

from datasets.formats.archives import (
    ArchiveLimits,
    ArchiveMember,
    RejectedMember,
    UnreadableArchive,
    opened_archive,
)
from datasets.formats.tar_reader import iterate_tar
from datasets.formats.zip_reader import iterate_zip

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")


def iterate_archive(
    source: str | os.PathLike[str] | BinaryIO, *, limits: ArchiveLimits | None = None
) -> Iterator[ArchiveMember | RejectedMember]:
    """Members of a zip or tar (.tar, .tar.gz, .tar.bz2, .tar.xz), recognised by content, in archive order.

    source: path or seekable binary file. A member that is unsafe, encrypted, damaged, a link or device, a bomb or
    beyond the limits is yielded as RejectedMember and the walk goes on; only limits on the whole archive end it, with
    a last RejectedMember. Folders and operating-system files are left out. Memory: 4 MiB a member, the rest on disk.
    Raises UnreadableArchive before the first member if the file is no archive. The order is deterministic, so `index`
    can serve as a resume position.
    """
    limits = limits or ArchiveLimits()
    with opened_archive(source) as file:
        head = file.read(512)
        file.seek(0)
        if head.startswith(_ZIP):
            yield from iterate_zip(file, limits)
        elif head.startswith(_PACKED) or head[257:262] == b"ustar" or _is_old_tar(head):
            yield from iterate_tar(file, limits)
        elif not head:
            raise UnreadableArchive("empty-file", "The file is empty.")
        else:
            raise UnreadableArchive("not-an-archive", "The content is neither a zip nor a tar file.")


def _is_old_tar(head: bytes) -> bool:
    """Tar from before POSIX has no magic, but its header checksum tells."""
    if len(head) < 512:
        return False
    try:
        stated = int(head[148:156].rstrip(b"\0 ") or b"x", 8)
    except ValueError:
        return False
    return stated == sum(head[:148]) + 8 * 32 + sum(head[156:])
