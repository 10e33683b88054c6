import hashlib
import io
import struct
import zlib
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from datasets.imaging.inspection import inspect
from datasets.imaging.opening import ImageLimits
from datasets.imaging.rejection import RejectedImage, RejectionCode


def photo(width=320, height=200, seed=0):
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (9, 13, 3), dtype=np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def encoded(image, format="JPEG", **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def png_header_only(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def rejection(data, **kwargs):
    with pytest.raises(RejectedImage) as caught:
        inspect(io.BytesIO(data), **kwargs)
    assert caught.value.message.endswith(".")
    return caught.value.code


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("BMP", "image/bmp"),
        ("TIFF", "image/tiff"),
        ("AVIF", "image/avif"),
    ],
)
def test_every_supported_format_is_described(format, media_type):
    data = encoded(photo(), format)
    facts = inspect(io.BytesIO(data))
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert (facts.byte_size, facts.media_type, facts.width, facts.height) == (len(data), media_type, 320, 200)
    assert facts.captured_at_local is None
    assert facts.latitude is None
    assert facts.shown_by_browsers is (format != "TIFF")


def test_a_path_works_like_a_file(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(encoded(photo(), "PNG"))
    assert inspect(path) == inspect(str(path)) == inspect(io.BytesIO(path.read_bytes()))


def test_exif_time_place_and_orientation_are_read():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F], exif[0x0110] = "Acme\0", "Acme Snap 3"
    exif.get_ifd(0x8769).update({0x9003: "2021:05:04 13:02:01", 0x9011: "+09:00"})
    degrees = (IFDRational(37), IFDRational(33), IFDRational(36, 1))
    exif.get_ifd(0x8825).update({1: "N", 2: degrees, 3: "W", 4: (IFDRational(127), IFDRational(0), IFDRational(0))})
    facts = inspect(io.BytesIO(encoded(photo(320, 200), exif=exif)))
    assert (facts.width, facts.height, facts.orientation) == (200, 320, 6)
    assert facts.captured_at_local == datetime(2021, 5, 4, 13, 2, 1)  # noqa: DTZ001 - local by definition
    assert facts.captured_utc_offset == timedelta(hours=9)
    assert facts.latitude == pytest.approx(37.56)
    assert facts.longitude == -127.0
    assert facts.camera == "Acme Snap 3"


def test_a_time_without_offset_keeps_a_null_offset_and_nonsense_is_dropped():
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0x9003: "2021:05:04 13:02:01"})
    exif.get_ifd(0x8825).update({1: "N", 2: (IFDRational(0, 0),) * 3, 3: "E", 4: (IFDRational(1),) * 3})
    facts = inspect(io.BytesIO(encoded(photo(), exif=exif)))
    assert facts.captured_at_local is not None
    assert facts.captured_utc_offset is None
    assert facts.latitude is None
    assert facts.longitude is None
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0x9003: "0000:00:00 00:00:00"})
    assert inspect(io.BytesIO(encoded(photo(), exif=exif))).captured_at_local is None


def test_zero_coordinates_of_a_receiver_without_fix_are_no_place():
    exif = Image.Exif()
    zero = (IFDRational(0), IFDRational(0), IFDRational(0))
    exif.get_ifd(0x8825).update({1: "N", 2: zero, 3: "E", 4: zero})
    assert inspect(io.BytesIO(encoded(photo(), exif=exif))).latitude is None


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.97])
def test_a_cut_file_is_noticed(format, share):
    data = encoded(photo(900, 700), format)
    assert rejection(data[: int(len(data) * share)]) in (RejectionCode.TRUNCATED_IMAGE, RejectionCode.DAMAGED_IMAGE)


def test_a_cut_progressive_jpeg_is_called_truncated():
    data = encoded(photo(900, 700), progressive=True)
    assert rejection(data[: len(data) // 2]) == RejectionCode.TRUNCATED_IMAGE
    assert inspect(io.BytesIO(data)).width == 900


def test_a_pixel_bomb_is_refused_from_its_header():
    assert rejection(png_header_only(50_000, 50_000)) == RejectionCode.TOO_MANY_PIXELS


def test_the_pixel_limit_is_ours_not_pillows():
    data = png_header_only(20_000, 14_000)  # 280 megapixels: above Pillow's limit of 179, below ours
    assert rejection(data) != RejectionCode.TOO_MANY_PIXELS  # its pixels are missing, which is another matter
    small = encoded(photo(100, 100), "PNG")
    assert rejection(small, limits=ImageLimits(max_pixels=9_999)) == RejectionCode.TOO_MANY_PIXELS
    assert inspect(io.BytesIO(small), limits=ImageLimits(max_pixels=10_000)).width == 100


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", RejectionCode.EMPTY_FILE),
        (b"just some text, called photo.jpg", RejectionCode.NOT_AN_IMAGE),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', RejectionCode.SVG_REFUSED),
        (b'\xef\xbb\xbf  <?xml version="1.0"?>\n<!-- x --><svg></svg>', RejectionCode.SVG_REFUSED),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, RejectionCode.UNSUPPORTED_FORMAT),
        (b"%PDF-1.4 ...", RejectionCode.UNSUPPORTED_FORMAT),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, RejectionCode.DAMAGED_IMAGE),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(data, code):
    if code == RejectionCode.DAMAGED_IMAGE:
        assert rejection(data) in (RejectionCode.DAMAGED_IMAGE, RejectionCode.TRUNCATED_IMAGE)
    else:
        assert rejection(data) == code


def test_a_file_above_the_byte_limit_is_refused():
    assert rejection(b"x" * 101, limits=ImageLimits(max_bytes=100)) == RejectionCode.FILE_TOO_LARGE


def test_an_animation_gives_its_first_frame():
    frames = [Image.new("RGB", (20, 10), color) for color in ("red", "green", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    facts = inspect(io.BytesIO(data))
    assert facts.animated
    assert (facts.width, facts.height) == (20, 10)


@settings(max_examples=150, deadline=None)
@given(
    format=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"]),
    cuts=st.lists(st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=8)), max_size=4),
    length=st.integers(0, 4000),
)
def test_hostile_bytes_give_facts_or_a_rejection_and_nothing_else(format, cuts, length):
    data = bytearray(encoded(photo(64, 48), format))
    for at, garbage in cuts:
        at %= len(data)
        data[at : at + len(garbage)] = garbage
    try:
        facts = inspect(io.BytesIO(bytes(data[: max(length, 30)])), limits=ImageLimits(max_pixels=1_000_000))
    except RejectedImage:
        return
    assert facts.width * facts.height <= 1_000_000
