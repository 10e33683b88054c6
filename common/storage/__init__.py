"""Where bytes live: a folder or a bucket, by one setting."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

from common.storage.base import ObjectStore, StorageFailed, StoredObject
from common.storage.folder import FolderStore
from common.storage.keys import content_key, derived_key, file_key
from common.storage.s3 import S3Store

__all__ = ["ObjectStore", "StorageFailed", "StoredObject", "content_key", "derived_key", "file_key", "object_store"]


@lru_cache(maxsize=1)
def object_store() -> ObjectStore:
    """The installation's store."""
    chosen: dict[str, Any] = settings.OBJECT_STORE
    if chosen["kind"] == "folder":
        return FolderStore(Path(chosen["folder"]))
    return S3Store(
        bucket=chosen["bucket"],
        endpoint_url=chosen["endpoint_url"],
        access_key=chosen["access_key"],
        secret_key=chosen["secret_key"],
        region=chosen["region"],
    )


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "OBJECT_STORE":
        object_store.cache_clear()


setting_changed.connect(_forget)
