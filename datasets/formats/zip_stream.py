"""Write a zip archive to a stream that cannot seek, in constant memory and with bytes that depend on content only."""

import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

_PIECE = 256 * 1024
_SPOOL = 8 * 1024 * 1024
_UTF8, _STORED, _DEFLATED = 0x0800, 0, 8
_DOS_DATE = (1 << 5) | 1  # 1980-01-01, the epoch of zip
_MAX16, _MAX32 = 0xFFFF, 0xFFFFFFFF


class ZipStream:
    """A zip archive in the making: yield from `add` for every member, then from `finish`.

    Each member is first spooled (8 MiB of memory, then disk), so that its size and checksum stand in its own header and
    the archive can also be read front to back. The directory is spooled too: memory does not grow with the members.
    Names must be unique; this is not checked. Sizes beyond 4 GiB use zip64. Source: PKWARE APPNOTE 6.3.10.
    """

    def __init__(self, *, zip64_from: int = _MAX32) -> None:
        self._zip64_from = zip64_from
        self._offset = 0
        self._count = 0
        self._directory = SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 - closed by finish

    def add(self, name: str, content: BinaryIO | Iterable[bytes], *, compress: bool = False) -> Iterator[bytes]:
        """One member. content: a binary file (closed afterwards) or pieces of bytes. name: relative path with "/".

        A name that ends with "/" is an empty folder.
        """
        encoded = name.encode()
        with SpooledTemporaryFile(max_size=_SPOOL) as spool:
            crc, size, packed = _spool(content, spool, compress)
            big = max(size, packed, self._offset) >= self._zip64_from
            method = _DEFLATED if compress else _STORED
            common = struct.pack("<HHHHL", _UTF8, method, 0, _DOS_DATE, crc)
            version = 45 if big else 20
            sizes = struct.pack("<LL", *((_MAX32, _MAX32) if big else (packed, size)))
            extra = struct.pack("<HHQQ", 1, 16, size, packed) if big else b""
            header = b"PK\x03\x04" + struct.pack("<H", version) + common + sizes
            header += struct.pack("<HH", len(encoded), len(extra)) + encoded + extra
            where = self._offset
            extra = struct.pack("<HHQQQ", 1, 24, size, packed, where) if big else b""
            entry = b"PK\x01\x02" + struct.pack("<HH", 0x0300 | version, version) + common + sizes
            entry += struct.pack("<HHHHHLL", len(encoded), len(extra), 0, 0, 0, _mode(name), _MAX32 if big else where)
            self._directory.write(entry + encoded + extra)
            self._count += 1
            self._offset += len(header) + packed
            yield header
            while piece := spool.read(_PIECE):
                yield piece

    def finish(self) -> Iterator[bytes]:
        """The directory and the end of the archive."""
        start, size, count = self._offset, self._directory.tell(), self._count
        with self._directory:
            self._directory.seek(0)
            while piece := self._directory.read(_PIECE):
                yield piece
        if max(start, size) >= self._zip64_from or count >= _MAX16:
            record = struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, count, count, size, start)
            yield b"PK\x06\x06" + record
            yield b"PK\x06\x07" + struct.pack("<LQL", 0, start + size, 1)
            count, size, start = _MAX16, _MAX32, _MAX32
        yield b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, size, start, 0)


def _mode(name: str) -> int:
    """External attributes: Unix mode above, the DOS folder bit below. A folder without x could not be entered."""
    return 0o040755 << 16 | 0x10 if name.endswith("/") else 0o100644 << 16


def _spool(
    content: BinaryIO | Iterable[bytes], spool: "SpooledTemporaryFile[bytes]", compress: bool
) -> tuple[int, int, int]:
    """Write the content, packed if asked; returns (crc32, size, packed size) and rewinds the spool."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15) if compress else None
    crc = size = 0
    for piece in _pieces(content):
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        spool.write(packer.compress(piece) if packer else piece)
    if packer:
        spool.write(packer.flush())
    packed = spool.tell()
    spool.seek(0)
    return crc, size, packed


def _pieces(content: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    read = getattr(content, "read", None)
    if read is None:
        yield from content
        return
    with closing(cast(BinaryIO, content)):
        while piece := read(_PIECE):
            yield piece
