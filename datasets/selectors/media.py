from common.storage import derived_key
from datasets.models import Item


def thumbnail_key(project_id: int, sha256: str, side: int) -> str:
    """Where the thumbnail with this longest side lives."""
    return derived_key(project_id, f"thumbnail-{side}-v1", sha256, ".webp")


def media_keys(item: Item) -> dict[str, str]:
    """Object keys of what can be shown of an item: its bytes as "full", thumbnails by side. Empty for a text."""
    if not item.object_key:
        return {}
    keys = {"full": item.object_key}
    for side in item.thumbnail_sides:
        keys[str(side)] = thumbnail_key(item.project_id, item.sha256, side)
    return keys
