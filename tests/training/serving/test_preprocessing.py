import io

import numpy as np
import pytest
from PIL import Image

from training.serving.preprocessing import BrokenImage, Preprocessing, prepare, prepare_one, prepare_valid


def png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def test_transparency_is_laid_on_white():
    picture = Image.new("RGBA", (4, 4), (200, 0, 0, 0))
    picture.putpixel((1, 0), (0, 0, 0, 255))
    picture.putpixel((2, 0), (0, 0, 0, 128))
    pixels = prepare_one(png(picture), Preprocessing(height=4, width=4))
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[0, 1].tolist() == [0, 0, 0]
    assert pixels[0, 2].tolist() == [127, 127, 127]
    black = Preprocessing(height=4, width=4, background=(0, 0, 0))
    assert prepare_one(png(picture), black)[0, 0].tolist() == [0, 0, 0]


def test_a_palette_with_transparency_and_a_grey_of_16_bits():
    palette = Image.new("P", (2, 2), 0)
    palette.putpalette([10, 20, 30] * 256)
    palette.info["transparency"] = 0
    stream = io.BytesIO()
    palette.save(stream, "PNG", transparency=0)
    assert prepare_one(stream.getvalue(), Preprocessing(height=2, width=2)).min() == 255
    deep = Image.fromarray(np.array([[0, 65535], [32896, 257]], dtype=np.uint16))
    pixels = prepare_one(png(deep), Preprocessing(height=2, width=2))
    assert pixels[..., 0].tolist() == [[0, 255], [128, 1]]


def test_the_exif_orientation_is_applied():
    picture = Image.new("RGB", (4, 2), (0, 0, 0))
    picture.putpixel((0, 0), (255, 255, 255))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn 90 degrees clockwise to show it
    stream = io.BytesIO()
    picture.save(stream, "PNG", exif=exif)
    pixels = prepare_one(stream.getvalue(), Preprocessing(height=4, width=2))
    assert pixels.shape == (4, 2, 3)
    assert pixels[0, 1, 0] == 255


def test_resize_modes_on_a_wide_picture():
    wide = Image.fromarray(np.tile(np.arange(0, 200, 2, dtype=np.uint8)[None, :, None], (50, 1, 3)))
    padded = prepare_one(wide, Preprocessing(height=40, width=40, mode="pad"))
    assert (padded[:10] == 255).all()
    assert (padded[30:] == 255).all()
    assert padded[20].max() < 255
    stretched = prepare_one(wide, Preprocessing(height=40, width=40, mode="stretch"))
    assert stretched.max() < 255
    cropped = prepare_one(wide, Preprocessing(height=40, width=40, mode="crop", shorter_side=40))
    assert int(cropped[0, 0, 0]) > int(stretched[0, 0, 0])  # the left quarter is cut off
    assert abs(int(cropped[0, 20, 0]) - 100) <= 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"just text", "not a picture"),
        (png(Image.new("RGB", (64, 64), (9, 9, 9)))[:60], "damaged or cut off"),
    ],
)
def test_broken_pictures_are_named(content, words):
    spec = Preprocessing(height=8, width=8)
    good = png(Image.new("RGB", (8, 8)))
    with pytest.raises(BrokenImage, match=words) as caught:
        prepare([good, content], spec)
    assert caught.value.index == 1
    assert str(caught.value).startswith("Image 2: ")
    kept = prepare_valid([good, content, good], spec)
    assert kept.kept.tolist() == [0, 2]
    assert [error.index for error in kept.broken] == [1]


def test_a_pixel_bomb_is_refused_before_it_is_decoded():
    bomb = png(Image.new("1", (20_000, 20_000)))
    assert len(bomb) < 1_000_000
    with pytest.raises(BrokenImage, match="more than 100 million|too many pixels"):
        prepare_one(bomb, Preprocessing(height=8, width=8))


def test_the_json_says_all_and_survives():
    spec = Preprocessing(
        height=224, width=224, mode="crop", shorter_side=256, resampling="bilinear", background=(1, 2, 3)
    )
    assert Preprocessing.from_json(spec.as_json()) == spec
    assert any("256" in step for step in spec.as_json()["steps"])
    with pytest.raises(ValueError, match="version"):
        Preprocessing.from_json(spec.as_json() | {"version": 2})
    with pytest.raises(ValueError, match="shorter_side"):
        Preprocessing(height=8, width=8, mode="crop")
