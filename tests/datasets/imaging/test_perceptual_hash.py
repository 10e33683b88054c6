import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from datasets.imaging.perceptual_hash import difference_hash, hamming_distance, perceptual_hash

int64 = st.integers(-(2**63), 2**63 - 1)


def scene(seed, size=(640, 480)):
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 255, (12, 16, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)


def jpeg(image, quality=90, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, **options)
    return io.BytesIO(out.getvalue())


def test_worked_example_bit_order_and_sign():
    brighter_to_the_right = np.tile(np.arange(0, 252, 28, dtype=np.uint8), (8, 1))  # 9 columns, rising
    assert difference_hash(Image.fromarray(brighter_to_the_right)) == -1  # 64 ones as int64
    assert difference_hash(Image.fromarray(brighter_to_the_right[:, ::-1].copy())) == 0
    one = np.full((8, 9), 100, np.uint8)
    one[0, 1] = 200  # brighter than its left neighbour: the first bit, which is the sign
    assert difference_hash(Image.fromarray(one)) == -(2**63)
    one = np.full((8, 9), 100, np.uint8)
    one[7, 8] = 200  # the last bit
    assert difference_hash(Image.fromarray(one)) == 1


@given(a=int64, b=int64, c=int64)
def test_distance_laws(a, b, c):
    assert hamming_distance(a, a) == 0
    assert 0 <= hamming_distance(a, b) == hamming_distance(b, a) <= 64
    assert hamming_distance(a, c) <= hamming_distance(a, b) + hamming_distance(b, c)
    assert hamming_distance(a, b) == bin(int(np.uint64(a % 2**64)) ^ int(np.uint64(b % 2**64))).count("1")


@pytest.mark.parametrize("seed", range(8))
def test_the_same_scene_stays_near_and_others_are_far(seed):
    original = perceptual_hash(jpeg(scene(seed), 95))
    for other in (
        jpeg(scene(seed), 40),
        jpeg(scene(seed).resize((200, 150), Image.Resampling.LANCZOS)),
        jpeg(scene(seed).convert("L")),
    ):
        assert hamming_distance(original, perceptual_hash(other)) <= 8
    assert hamming_distance(original, perceptual_hash(jpeg(scene(seed + 100)))) > 12


def test_orientation_is_applied_before_hashing():
    turned = scene(3).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # show turned by 90 degrees clockwise
    assert hamming_distance(perceptual_hash(jpeg(turned, exif=exif)), perceptual_hash(jpeg(scene(3)))) <= 2
    assert hamming_distance(perceptual_hash(jpeg(turned)), perceptual_hash(jpeg(scene(3)))) > 12


def test_colours_behind_transparency_do_not_count():
    out = []
    for hidden in (0, 255):
        pixels = np.full((64, 64, 4), hidden, np.uint8)
        pixels[:, :, 3] = 0
        pixels[16:40, 10:30] = (20, 90, 40, 255)
        out.append(difference_hash(Image.fromarray(pixels)))
    assert out[0] == out[1]
