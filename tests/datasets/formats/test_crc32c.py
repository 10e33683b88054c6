import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.formats.crc32c import crc32c


def bit_by_bit(data):
    """The definition: division by the polynomial, one bit at a time."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


@pytest.mark.parametrize(
    ("data", "expected"),
    [  # RFC 3720, appendix B.4
        (b"\0" * 32, 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
        (b"123456789", 0xE3069283),
        (b"", 0),
    ],
)
def test_published_values(data, expected):
    assert crc32c(data) == expected


@given(st.integers(0, 2**64), st.integers(0, 5000))
def test_the_fast_way_equals_the_definition(seed, length):
    data = (seed.to_bytes(9, "big") * (length // 9 + 1))[:length]
    assert crc32c(data) == bit_by_bit(data)


@pytest.mark.parametrize("length", [511, 512, 513, 1023, 1024, 1025, 128 * 64, 128 * 64 + 1])
def test_lengths_around_the_lanes(length):
    data = bytes(i * i % 251 for i in range(length))
    assert crc32c(data) == bit_by_bit(data)
