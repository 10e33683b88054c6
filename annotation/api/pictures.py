"""What the workbench shows of an item. The one place that decides what an annotator may know: no provenance here."""

from collections.abc import Mapping
from typing import Any

from accounts.api.media import signed_media_url
from accounts.models import Project, User
from annotation.api.contents import signed_content_url
from common.storage import derived_key
from datasets.imaging.pyramid import comes_as_tiles
from datasets.selectors.tiles import signed_tiles_url

THUMBNAIL_SIDE = 256
WRITTEN = ("text", "record")


def work_item(user: User, project_id: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """row: item_id, sha256, kind, media_type, object_key, width, height, name, as a task's payload keeps them."""
    urls: dict[str, str | None] = dict.fromkeys(("image_url", "thumbnail_url", "tiles_url", "content_url"))
    if row["kind"] == "image" and row["object_key"]:
        project = Project(pk=project_id)
        thumbnail = derived_key(project_id, f"thumbnail-{THUMBNAIL_SIDE}-v1", row["sha256"], ".webp")
        urls |= {
            "image_url": signed_media_url(user, project, row["object_key"], media_type=row["media_type"]),
            "thumbnail_url": signed_media_url(user, project, thumbnail, media_type="image/webp"),
        }
        if comes_as_tiles(row["width"], row["height"]):
            urls["tiles_url"] = signed_tiles_url(user.pk, project_id, row["item_id"])
    elif row["kind"] in WRITTEN:
        urls["content_url"] = signed_content_url(user.pk, project_id, row["item_id"])
    return {
        "id": row["item_id"],
        "sha256": row["sha256"],
        "kind": row["kind"],
        "width": row["width"],
        "height": row["height"],
        **urls,
        "name": row["name"],
    }
