import io

import numpy as np
import pytest
from PIL import Image

from datasets.imaging.rejection import RejectedImage
from datasets.imaging.thumbnail import thumbnails


def file_of(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return io.BytesIO(out.getvalue())


def opened(data):
    return Image.open(io.BytesIO(data))


def test_sizes_and_format():
    result = thumbnails(file_of(Image.new("RGB", (1000, 400), "red"), "JPEG"))
    assert {side: opened(data).size for side, data in result.items()} == {128: (128, 51), 256: (256, 102)}
    assert all(opened(data).format == "WEBP" for data in result.values())


def test_small_pictures_are_not_enlarged_and_thin_ones_keep_a_pixel():
    assert opened(thumbnails(file_of(Image.new("RGB", (20, 10)), "PNG"))[256]).size == (20, 10)
    assert opened(thumbnails(file_of(Image.new("RGB", (4000, 3)), "PNG"))[128]).size == (128, 1)


def test_orientation_is_applied_and_not_repeated():
    pixels = np.zeros((60, 90, 3), np.uint8)
    pixels[:, :45] = (250, 0, 0)  # stored: left half red
    exif = Image.Exif()
    exif[0x0112] = 6  # shown: turned clockwise, so the top half is red
    shown = opened(thumbnails(file_of(Image.fromarray(pixels), "JPEG", exif=exif, quality=95))[128])
    assert shown.size == (60, 90)
    assert shown.getexif().get(0x0112) is None
    assert shown.getpixel((30, 10))[0] > 200
    assert shown.getpixel((30, 80))[0] < 60


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_kept(mode):
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (100, 100, 200, 200))
    converted = image.convert(mode)
    options = {"transparency": converted.getpixel((0, 0))} if mode == "P" else {}
    shown = opened(thumbnails(file_of(converted, "PNG", **options))[128])
    assert shown.mode == "RGBA"
    assert shown.getpixel((2, 2))[3] == 0
    assert shown.getpixel((64, 64))[3] == 255


@pytest.mark.parametrize(("mode", "format"), [("CMYK", "JPEG"), ("1", "PNG"), ("I;16", "PNG"), ("F", "TIFF")])
def test_unusual_modes_become_viewable(mode, format):
    if mode == "I;16":
        image = Image.fromarray(np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16))
    elif mode == "F":
        image = Image.fromarray(np.linspace(-3, 5, 64 * 64, dtype=np.float32).reshape(64, 64))
    else:
        image = Image.fromarray(np.linspace(0, 255, 64 * 64).reshape(64, 64).astype(np.uint8)).convert(mode)
    grey = np.asarray(opened(thumbnails(file_of(image, format))[128]).convert("L"), float)
    assert grey[:8].mean() < 60
    assert grey[-8:].mean() > 195


def test_same_file_same_thumbnail():
    image = Image.effect_noise((500, 300), 80)
    assert thumbnails(file_of(image, "PNG")) == thumbnails(file_of(image, "PNG"))


def test_refusals():
    with pytest.raises(RejectedImage):
        thumbnails(io.BytesIO(b"nothing"))
    with pytest.raises(ValueError):
        thumbnails(file_of(Image.new("RGB", (9, 9)), "PNG"), sides=[0])
