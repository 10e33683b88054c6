"""Members of an untrusted zip file."""

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from datasets.formats.archives import (
    ArchiveLimits,
    ArchiveMember,
    Budget,
    Refused,
    RejectedMember,
    UnreadableArchive,
    spooled_copy,
)
from datasets.formats.member_names import UnsafeName, is_system_file, legacy_zip_name, safe_member_name

_END, _END64_LOCATOR, _END64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_ENCRYPTED, _UTF8 = 0x1, 0x800
# ValueError: among others a name in a local header that is no UTF-8 although its flag says so.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, NotImplementedError, RuntimeError,
    ValueError,
)  # fmt: skip


def iterate_zip(file: BinaryIO, limits: ArchiveLimits) -> Iterator[ArchiveMember | RejectedMember]:
    """Every member but folders and system files, in the order of the central directory.

    Raises UnreadableArchive if the directory is missing, broken or beyond the limits. Never raises for one member.
    Source: PKWARE APPNOTE 6.3.10; overlapping members: D. Fifield, "A better zip bomb", 2019.
    """
    _check_directory_size(file, limits)
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise UnreadableArchive("archive-damaged", "The zip file is damaged or incomplete.") from error
    with archive:
        budget = Budget(limits)
        infos = archive.infolist()
        overlapping = _overlapping(infos)
        for index, info in enumerate(infos):
            name = info.filename if info.flag_bits & _UTF8 else legacy_zip_name(info.filename)
            if index >= limits.max_members:
                yield too_many_members(index, len(infos), limits)
                return
            if name.endswith("/") or is_system_file(name):  # is_dir() stumbles over an empty name
                continue
            try:
                member = _member(archive, info, name, index, budget, info.header_offset in overlapping)
            except Refused as refused:
                yield RejectedMember(index, name, refused.code, refused.message)
                if refused.fatal:
                    return
                continue
            try:
                yield member
            finally:
                member.file.close()


def too_many_members(index: int, total: int | None, limits: ArchiveLimits) -> RejectedMember:
    """The row that ends a walk at the member limit."""
    count = f"{total:,}" if total is not None else "more"
    message = f"The archive has {count} members; only the first {limits.max_members:,} were looked at."
    return RejectedMember(index, "", "too-many-members", message)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, index: int, budget: Budget, overlaps: bool
) -> ArchiveMember:
    try:
        path = safe_member_name(name)
    except UnsafeName as unsafe:
        raise Refused(unsafe.code, unsafe.message) from unsafe
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise Refused("not-a-file", "The member is a link or a device, not a file.")
    if info.flag_bits & _ENCRYPTED:
        raise Refused("encrypted", "The file is encrypted. Unpack the archive and pack it without a password.")
    if overlaps:
        raise Refused("archive-bomb", "The file shares its packed bytes with another member.")
    budget.check_declared(info.file_size, info.compress_size)
    try:
        with archive.open(info) as packed:
            file, size = spooled_copy(packed, budget, info.compress_size)
    except _BROKEN as error:
        raise Refused("member-damaged", f"The file cannot be unpacked: {error}.") from error
    return ArchiveMember(index, path, size, file)


def _overlapping(infos: list[zipfile.ZipInfo]) -> frozenset[int]:
    """Offsets of members whose packed bytes begin before the previous member's end."""
    found, end = set(), 0
    for info in sorted(infos, key=lambda i: (i.header_offset, i.compress_size)):
        if info.header_offset < end:
            found.add(info.header_offset)
        end = max(end, info.header_offset + 30 + info.compress_size)
    return frozenset(found)


def _check_directory_size(file: BinaryIO, limits: ArchiveLimits) -> None:
    """Zipfile reads the whole central directory into memory, so its size is checked first."""
    size = file.seek(0, 2)
    tail_start = max(0, size - 65_557)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise UnreadableArchive("archive-damaged", "The zip file ends too early. Copy or download it again.")
    directory = struct.unpack_from("<L", tail, at + 12)[0]
    if directory == 0xFFFFFFFF and at >= 20 and tail[at - 20 : at - 16] == _END64_LOCATOR:
        file.seek(struct.unpack_from("<Q", tail, at - 12)[0])
        record = file.read(56)
        if len(record) == 56 and record.startswith(_END64):
            directory = struct.unpack_from("<Q", record, 40)[0]
    file.seek(0)
    if directory > limits.max_directory_bytes:
        raise UnreadableArchive("too-many-members", "The zip file lists too many members. Split it into several.")
