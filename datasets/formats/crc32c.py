"""CRC-32C (Castagnoli), vectorised: many lanes of the data at once, then combined."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]

_POLYNOMIAL = 0x82F63B78  # reflected
_LANE = 32  # bytes a lane; a power of two
_SHORT = 512  # below this the plain loop is faster


def crc32c(data: bytes) -> int:
    """CRC-32C of the data, 0 to 2^32 - 1. About 70 MB/s for 20 kB, 170 for 200 kB, without compiled code of our own.

    The CRC is linear over GF(2): zero bytes in front of data do not change a CRC that starts at 0, so the data are
    padded in front to 2^k lanes of 32 bytes, all lanes advance together, and neighbours are combined k times with
    crc(A B) = shift(crc(A), |B|) xor crc(B). Source: RFC 3720 appendix B.4; M. Adler's crc32_combine.
    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    if len(data) < _SHORT:
        return _plain(data)
    lanes = 1 << max(0, -(-len(data) // _LANE) - 1).bit_length()
    padded = np.zeros(lanes * _LANE, dtype=np.uint8)
    padded[padded.size - len(data) :] = np.frombuffer(data, dtype=np.uint8)
    columns = np.ascontiguousarray(padded.reshape(lanes, _LANE).T)
    table = _table()
    state = np.zeros(lanes, dtype=np.uint32)
    for column in columns:
        state = table[(state ^ column) & 0xFF] ^ (state >> 8)
    level = _LANE.bit_length() - 1
    while state.size > 1:
        state = _shift(state[0::2], level) ^ state[1::2]
        level += 1
    start = np.array([0xFFFFFFFF], dtype=np.uint32)
    for bit in range(len(data).bit_length()):
        if len(data) >> bit & 1:
            start = _shift(start, bit)
    return int(state[0] ^ start[0]) ^ 0xFFFFFFFF


def masked_crc32c(data: bytes) -> int:
    """The CRC rotated and offset, as TFRecord stores it: a CRC of data that hold CRCs is weak."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def _plain(data: bytes) -> int:
    table = _table_list()
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


@lru_cache(maxsize=1)
def _table_list() -> list[int]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
        table.append(byte)
    return table


@lru_cache(maxsize=1)
def _table() -> Words:
    return np.array(_table_list(), dtype=np.uint32)


def _shift(crcs: Words, level: int) -> Words:
    """What the CRCs become after 2^level zero bytes."""
    tables = _shift_tables(level)
    shifted: Words = tables[0][crcs & 0xFF]
    for k in range(1, 4):
        shifted = shifted ^ tables[k][(crcs >> (8 * k)) & 0xFF]
    return shifted


@lru_cache(maxsize=64)
def _shift_tables(level: int) -> Words:
    """Shape (4, 256): image of each value of each of the four bytes under 2^level zero bytes."""
    values = np.arange(256, dtype=np.uint32)
    inputs = np.stack([values << np.uint32(8 * k) for k in range(4)])
    if level == 0:
        first: Words = _table()[inputs & 0xFF] ^ (inputs >> 8)
        return first
    return _shift(_shift(inputs.ravel(), level - 1), level - 1).reshape(4, 256)
