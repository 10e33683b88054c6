import io
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageFilter
from scipy.ndimage import convolve

from datasets.imaging.issues import IssueCode, image_issues
from datasets.imaging.statistics import (
    STATISTIC_NAMES,
    image_statistics,
    laplacian_variance,
    statistics_of_pixels,
)


def file_of(image, format="PNG", **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return io.BytesIO(out.getvalue())


def scene(size=(800, 600), seed=1):
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(30, 225, (60, 80, 3), dtype=np.uint8)).resize(size, Image.Resampling.NEAREST)


def test_keys_are_the_declared_ones():
    assert tuple(sorted(image_statistics(file_of(scene())))) == tuple(sorted(STATISTIC_NAMES))


def test_worked_values_on_a_two_colour_picture():
    pixels = np.zeros((100, 100, 3), np.uint8)
    pixels[:, 50:] = (255, 0, 0)
    s = statistics_of_pixels(pixels)
    assert s["brightness_mean"] == pytest.approx(0.299 / 2, abs=1e-6)
    assert s["contrast"] == pytest.approx(0.299 / 2, abs=1e-6)
    assert s["saturation_mean"] == pytest.approx(0.5)
    assert (s["red_mean"], s["green_mean"], s["blue_mean"]) == (pytest.approx(0.5), 0.0, 0.0)
    assert s["dark_share"] == pytest.approx(0.5)
    assert s["entropy"] == pytest.approx(1.0)
    # rg = {0, 255}: sd 127.5, mean 127.5; yb = {0, 127.5}: sd 63.75, mean 63.75
    assert s["colourfulness"] == pytest.approx(1.3 * math.hypot(127.5, 63.75), rel=1e-5)
    assert s["border_mean"] == pytest.approx(0.299 / 2, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(arrays(np.uint8, (17, 23, 3)))
def test_laws(pixels):
    s = statistics_of_pixels(pixels)
    assert all(math.isfinite(value) for value in s.values())
    assert 0 <= s["brightness_mean"] <= 1
    assert 0 <= s["entropy"] <= 8
    mirrored = statistics_of_pixels(pixels[:, ::-1].copy())
    assert all(s[key] == pytest.approx(mirrored[key], rel=1e-4, abs=1e-4) for key in s)


@given(arrays(np.float32, (9, 7), elements=st.floats(0, 255, width=32)))
def test_laplacian_equals_scipys_convolution(luma):
    kernel = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    expected = convolve(luma.astype(float), kernel)[1:-1, 1:-1].var()
    assert laplacian_variance(luma) == pytest.approx(expected, rel=1e-3, abs=1e-2)


def test_orientation_swaps_the_ratio_and_reduction_keeps_the_original_size():
    exif = Image.Exif()
    exif[0x0112] = 8
    s = image_statistics(file_of(scene((2000, 1000)), "JPEG", exif=exif))
    assert s["aspect_ratio"] == pytest.approx(0.5)
    assert s["megapixels"] == pytest.approx(2.0)


def test_the_border_is_seen_apart_from_the_inside():
    image = scene()
    image.paste((0, 0, 0), (0, 0, 800, 14))
    image.paste((0, 0, 0), (0, 586, 800, 600))
    image.paste((0, 0, 0), (0, 0, 14, 600))
    image.paste((0, 0, 0), (786, 0, 800, 600))
    s = image_statistics(file_of(image))
    assert s["border_mean"] < 0.05
    assert s["brightness_mean"] > 0.3


def issues_of(image):
    return {issue.code for issue in image_issues(image_statistics(file_of(image)))}


def test_issues_are_named_and_a_good_picture_has_none():
    assert issues_of(scene()) == set()
    assert issues_of(scene().point(lambda v: v * 0.15)) == {IssueCode.DARK}
    assert issues_of(scene().point(lambda v: 245 + v // 30)) == {IssueCode.BRIGHT}
    assert issues_of(Image.new("RGB", (600, 500), (120, 120, 120))) == {IssueCode.FLAT}
    assert issues_of(scene().filter(ImageFilter.GaussianBlur(12))) == {IssueCode.BLURRY}
    assert issues_of(scene((1200, 300))) == {IssueCode.ODD_RATIO}
    assert issues_of(scene((300, 1200))) == {IssueCode.ODD_RATIO}
    assert issues_of(scene((24, 20))) == {IssueCode.TINY}
