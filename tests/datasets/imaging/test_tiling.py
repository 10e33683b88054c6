import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from datasets.imaging.inspection import inspect
from datasets.imaging.mapped_decoding import decoded_on_disk
from datasets.imaging.opening import ImageLimits
from datasets.imaging.pyramid import Pyramid, TileAddress, comes_as_tiles
from datasets.imaging.rejection import RejectedImage, RejectionCode
from datasets.imaging.tiling import cut

SIDE = 16


def drawing(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Smooth and of pale colours, so that what a lossy file changes stays small; different in every corner."""
    rng = np.random.default_rng(width * 1000 + height)
    light = rng.integers(40, 216, (3, 4, 1)) + rng.integers(-40, 40, (3, 4, len(mode)))
    coarse = Image.fromarray(light.astype(np.uint8).squeeze(), mode)
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def stored(image: Image.Image, format: str = "PNG", **options: object) -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out


def pixels(data: bytes | None) -> np.ndarray:
    assert data is not None
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA")).astype(int)


def put_together(tiles: dict[TileAddress, bytes | None], pyramid: Pyramid, level: int) -> np.ndarray:
    width, height = pyramid.size(level)
    whole = np.full((height, width, 4), -1)
    columns, rows = pyramid.grid(level)
    for column in range(columns):
        for row in range(rows):
            left, top, right, bottom = pyramid.box(TileAddress(level, column, row))
            whole[top:bottom, left:right] = pixels(tiles[TileAddress(level, column, row)])
    assert whole.min() >= 0
    return whole


def tiles_of(source: io.BytesIO, **options: object) -> dict[TileAddress, bytes | None]:
    return {tile.address: tile.data for tile in cut(source, tile_side=SIDE, **options)}


@pytest.mark.parametrize(("width", "height"), [(64, 48), (65, 33), (100, 17), (1, 70), (16, 16), (17, 16), (127, 129)])
def test_every_level_is_the_picture_halved_whatever_its_size(width, height):
    picture, pyramid = drawing(width, height), Pyramid(width, height, SIDE)
    tiles = tiles_of(stored(picture))
    assert len(tiles) == pyramid.count()
    assert pyramid.size(pyramid.highest) == (width, height)
    assert max(pyramid.size(pyramid.lowest)) <= SIDE
    expected = picture
    for level in range(pyramid.highest, pyramid.lowest - 1, -1):
        assert expected.size == pyramid.size(level)
        found = put_together(tiles, pyramid, level)
        assert np.abs(found - np.asarray(expected.convert("RGBA")).astype(int)).mean() < 7, level
        expected = expected.reduce(2)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_tiles_are_upright_whatever_the_camera_was_held_like(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = stored(drawing(75, 37), "JPEG", quality=95, exif=exif)
    expected = ImageOps.exif_transpose(Image.open(file))
    pyramid = Pyramid(*expected.size, SIDE)
    facts = inspect(file)
    assert (facts.width, facts.height) == expected.size
    found = put_together(tiles_of(file), pyramid, pyramid.highest)
    assert np.abs(found[..., :3] - np.asarray(expected).astype(int)).mean() < 4


@pytest.mark.parametrize("mode", ["L", "RGBA", "LA", "P", "1", "CMYK", "I;16", "I", "F"])
def test_every_kind_of_pixels_becomes_colours(mode):
    grey = drawing(40, 40, "L")
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    elif mode in ("I", "F"):
        stretched = np.asarray(grey).astype(float)
        picture = Image.fromarray((stretched * 100).astype(np.int32 if mode == "I" else np.float32))
    else:
        picture = (drawing(40, 40, "RGBA") if "A" in mode else grey).convert(mode)
    file = stored(picture, "TIFF" if mode in ("I", "F", "CMYK") else "PNG")
    found = put_together(tiles_of(file), Pyramid(40, 40, SIDE), 6)
    if mode in ("I", "F"):
        low, high = stretched.min(), stretched.max()
        expected = np.repeat(((stretched - low) * 255 / (high - low))[..., None], 3, axis=2)
        assert np.abs(found[..., :3] - expected).mean() < 4
    elif mode == "I;16":
        assert np.abs(found[..., 0] - np.asarray(grey).astype(int)).mean() < 4
    else:
        expected = np.asarray(picture.convert("RGBA")).astype(int)
        assert np.abs(found[..., 3] - expected[..., 3]).mean() < 2
        opaque = expected[..., 3] > 128
        assert np.abs(found - expected)[opaque].mean() < (12 if mode == "1" else 5)


def test_what_a_dead_worker_made_is_not_made_again_and_the_rest_is_the_same():
    file = stored(drawing(90, 70))
    whole = tiles_of(file)
    begun = set(list(whole)[: len(whole) // 2])
    rest = tiles_of(file, known=begun)
    assert list(rest) == list(whole)
    assert {address for address, data in rest.items() if data is None} == begun
    assert all(rest[address] == whole[address] for address in whole if address not in begun)


def test_a_part_of_the_picture_comes_before_the_level_that_shows_it_smaller():
    order = [tile.address for tile in cut(stored(drawing(90, 70)), tile_side=SIDE)]
    pyramid = Pyramid(90, 70, SIDE)
    assert order[-1] == TileAddress(pyramid.lowest, 0, 0)
    for address in order:
        if address.level < pyramid.highest:
            assert all(order.index(finer) < order.index(address) for finer in pyramid.below(address))


def test_a_cut_file_a_bomb_and_a_thread_of_pixels_are_refused():
    whole = stored(drawing(200, 200), "JPEG").getvalue()
    with pytest.raises(RejectedImage) as cut_off:
        list(cut(io.BytesIO(whole[: len(whole) // 2])))
    assert cut_off.value.code == RejectionCode.TRUNCATED_IMAGE
    with pytest.raises(RejectedImage) as bomb:
        list(cut(stored(drawing(200, 200)), limits=ImageLimits(max_pixels=39_999)))
    assert bomb.value.code == RejectionCode.TOO_MANY_PIXELS
    thread = stored(Image.new("1", (60_000_000, 1)))
    with pytest.raises(RejectedImage) as many:
        next(iter(cut(thread)))
    assert "tiles" in many.value.message


def test_fifty_megapixels_are_the_border():
    assert not comes_as_tiles(10_000, 5_000)
    assert comes_as_tiles(10_000, 5_001)
    assert not comes_as_tiles(None, None)


def test_the_pixels_are_those_that_pillow_decodes_into_memory():
    file = stored(drawing(333, 222), "JPEG")
    with decoded_on_disk(file) as image:
        assert np.array_equal(np.asarray(image), np.asarray(Image.open(io.BytesIO(file.getvalue()))))


BOUNDED = """
import resource, sys
from datasets.imaging.tiling import cut
resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[2]), int(sys.argv[2])))
print(sum(tile.data is not None for tile in cut(sys.argv[1], scratch=sys.argv[3])))
"""


@pytest.mark.slow
def test_sixty_megapixels_are_cut_in_less_memory_than_they_have_pixels(tmp_path: Path):
    """A picture of 252 MB once decoded, by a process that may hold 160 MB of data in all, its libraries included."""
    file = tmp_path / "large.jpg"
    drawing(9_000, 7_000).save(file, quality=80)
    command = [sys.executable, "-c", BOUNDED, str(file), str(160 * 2**20), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == Pyramid(9_000, 7_000).count()
