"""tf.train.Example on the wire, written without TensorFlow."""

import struct
from collections.abc import Mapping, Sequence

Feature = bytes | Sequence[bytes] | Sequence[int] | Sequence[float]

_BYTES_LIST, _FLOAT_LIST, _INT64_LIST = 1, 2, 3


def encode_example(features: Mapping[str, Feature]) -> bytes:
    """Serialized tf.train.Example with the features in order of their names.

    A feature is bytes (a list of one), or a list of bytes, of ints (int64) or of floats (stored as float32).
    An empty list is a feature of no kind, which readers take for a missing one: an empty list of one kind would be
    refused where another is expected. Raises TypeError for a list of mixed kinds, struct.error for an int beyond
    int64. Source: tensorflow/core/example/{example,feature}.proto; protocol buffers encoding.
    """
    entries = b"".join(
        _field(1, _field(1, name.encode()) + _field(2, _feature(features[name]))) for name in sorted(features)
    )
    return _field(1, entries)


def _feature(values: Feature) -> bytes:
    if isinstance(values, bytes):
        values = [values]
    if not values:
        return b""
    if all(isinstance(value, bytes) for value in values):
        return _field(_BYTES_LIST, b"".join(_field(1, value) for value in values if isinstance(value, bytes)))
    if all(isinstance(value, int) for value in values):
        packed = b"".join(_varint(struct.unpack("<Q", struct.pack("<q", value))[0]) for value in values)
        return _field(_INT64_LIST, _field(1, packed))
    if all(isinstance(value, float) for value in values):
        return _field(_FLOAT_LIST, _field(1, struct.pack(f"<{len(values)}f", *values)))
    raise TypeError("a feature holds bytes, ints or floats, not a mixture")


def _field(number: int, payload: bytes) -> bytes:
    """A length-delimited field."""
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
