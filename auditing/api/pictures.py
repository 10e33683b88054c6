"""Signed addresses of pictures for the pages of this app."""

from typing import Any

from accounts.api.media import signed_media_url
from accounts.models import Project, User
from datasets.selectors.media import media_keys


def thumbnail_url(user: User, project: Project, item: Any) -> str | None:
    """The 128 px thumbnail, or the picture itself while there is none; None for an item without bytes."""
    keys = media_keys(item)
    key = keys.get("128") or keys.get("full")
    if key is None:
        return None
    media_type = "image/webp" if key.endswith(".webp") else item.media_type
    return signed_media_url(user, project, key, media_type=media_type)


def image_url(user: User, project: Project, item: Any) -> str | None:
    """The whole picture."""
    key = media_keys(item).get("full")
    return None if key is None else signed_media_url(user, project, key, media_type=item.media_type)
