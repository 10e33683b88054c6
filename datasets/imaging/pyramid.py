"""Where the tiles of a large picture lie: the numbering of Deep Zoom, without overlap."""

from collections.abc import Iterator
from dataclasses import dataclass

TILE_SIDE = 512
# A browser holds four bytes a pixel: 200 MB for one picture of this size. A larger one comes as tiles.
WHOLE_UP_TO_PIXELS = 50_000_000
MAX_TILES = 100_000


def comes_as_tiles(width: int | None, height: int | None) -> bool:
    """Whether a picture of this size is too large to be sent whole. Unknown sizes are not."""
    return width is not None and height is not None and width * height > WHOLE_UP_TO_PIXELS


@dataclass(frozen=True, order=True)
class TileAddress:
    """A tile: level (see `Pyramid`), column from the left, row from the top."""

    level: int
    column: int
    row: int


@dataclass(frozen=True)
class Pyramid:
    """Levels of a picture of width x height pixels (upright), each half as large as the next.

    Level n of Deep Zoom is ceil(size / 2 ** (highest - n)); `highest` is the picture itself, level 0 one pixel. Only
    the levels from `lowest` on are kept: the largest that fits into one tile.

    >>> Pyramid(8000, 7000).highest, Pyramid(8000, 7000).lowest, Pyramid(8000, 7000).size(9)
    (13, 9, (500, 438))
    """

    width: int
    height: int
    tile_side: int = TILE_SIDE

    @property
    def highest(self) -> int:
        return (max(self.width, self.height) - 1).bit_length()

    @property
    def lowest(self) -> int:
        level = self.highest
        while max(self.size(level)) > self.tile_side:
            level -= 1
        return level

    def size(self, level: int) -> tuple[int, int]:
        """Width and height of a level in its own pixels."""
        shrink = self.highest - level
        return -(-self.width >> shrink), -(-self.height >> shrink)

    def grid(self, level: int) -> tuple[int, int]:
        """Columns and rows of a level."""
        width, height = self.size(level)
        return -(-width // self.tile_side), -(-height // self.tile_side)

    def box(self, tile: TileAddress) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of a tile in the pixels of its level; tiles at the far edges are smaller."""
        width, height = self.size(tile.level)
        left, top = tile.column * self.tile_side, tile.row * self.tile_side
        return left, top, min(left + self.tile_side, width), min(top + self.tile_side, height)

    def below(self, tile: TileAddress) -> Iterator[TileAddress]:
        """The up to four tiles of the next level that show the same part of the picture."""
        columns, rows = self.grid(tile.level + 1)
        for row in range(2 * tile.row, min(2 * tile.row + 2, rows)):
            for column in range(2 * tile.column, min(2 * tile.column + 2, columns)):
                yield TileAddress(tile.level + 1, column, row)

    def count(self) -> int:
        """Tiles of all levels."""
        grids = (self.grid(level) for level in range(self.lowest, self.highest + 1))
        return sum(columns * rows for columns, rows in grids)
