"""Where the tiles of a picture lie, and whether they are there."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core import signing

from accounts.api.media import valid_until
from common.problems import NotFound
from common.storage import derived_key
from datasets.imaging.pyramid import Pyramid, TileAddress
from datasets.imaging.tiling import SUFFIX
from datasets.models import TilePyramid

SALT = "tiles"
KIND = "tiles-v1"
PATTERN = f"{{level}}/{{column}}_{{row}}{SUFFIX}"
_NAME = re.compile(rf"^(\d{{1,2}})/(\d{{1,6}})_(\d{{1,6}}){re.escape(SUFFIX)}$")


def tiles_prefix(project_id: int, sha256: str) -> str:
    """Beginning of the keys of a picture's tiles, with its slash."""
    return derived_key(project_id, KIND, sha256, "/")


def tile_key(project_id: int, sha256: str, tile: TileAddress) -> str:
    """Where one tile is stored."""
    name = PATTERN.format(level=tile.level, column=tile.column, row=tile.row)
    return f"{tiles_prefix(project_id, sha256)}{name}"


def tile_address(name: str) -> TileAddress | None:
    """The tile with this name below the prefix."""
    found = _NAME.match(name)
    return TileAddress(*map(int, found.groups())) if found else None


@dataclass(frozen=True)
class TileInfo:
    """state: pending, ready or failed, with a sentence in `problem`. Of `pyramid` only a ready one is stored."""

    sha256: str
    state: str
    problem: str
    pyramid: Pyramid


def tiles_of(project_id: int, item_id: int) -> TileInfo:
    """How it stands with the tiles of an item. Raises NotFound for one that comes whole, or of another project."""
    row = TilePyramid.objects.select_related("item").filter(project_id=project_id, item_id=item_id).first()
    if row is None or row.item.width is None or row.item.height is None:
        raise NotFound("This picture has no tiles: it is small enough to come whole.")
    pyramid = Pyramid(row.item.width, row.item.height)
    return TileInfo(sha256=row.item.sha256, state=row.state, problem=row.problem, pyramid=pyramid)


def signed_tiles_url(user_id: int, project_id: int, item_id: int) -> str:
    """Where this user, while in the project, is told about the tiles of an item; the same address for hours."""
    content = [user_id, project_id, item_id, valid_until(datetime.now(UTC))]
    return f"/api/v1/tiles/{signing.Signer(salt=SALT).sign_object(content)}"
