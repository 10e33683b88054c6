"""Public ids: UUIDs of version 7 (RFC 9562), minted here so that they sort by time in every database."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_ms = 0
_counter = 0


def uuid7() -> uuid.UUID:
    """A UUIDv7: 48 bits of milliseconds, a 12-bit counter that keeps one process in order, 62 random bits."""
    global _last_ms, _counter
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_ms:
            _last_ms, _counter = now, int.from_bytes(os.urandom(2)) & 0x3FF
        else:
            _counter += 1
            if _counter > 0xFFF:  # more than 4,096 in a millisecond: borrow the next one
                _last_ms, _counter = _last_ms + 1, 0
        milliseconds, counter = _last_ms, _counter
    tail = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | tail)


def uuid7_milliseconds(value: uuid.UUID) -> int:
    """Milliseconds since 1970 (UTC) inside a UUIDv7. Raises ValueError for other versions."""
    if value.version != 7:
        raise ValueError(f"{value} is not a UUID of version 7.")
    return value.int >> 80
