"""Pictures as real files for a process that knows no object store."""

import os
import shutil
from pathlib import Path

from django.conf import settings

from common.ids import uuid7
from common.storage import ObjectStore, object_store
from common.storage.folder import FolderStore


def training_folder() -> Path:
    """Scratch space of this machine: run folders, the picture cache, the encoder.

    Everything in it can be made again.
    """
    folder = Path(settings.DATA_DIR) / "training"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Materializer:
    """Gives a lasting local path for a stored object.

    The object itself in a folder store, a cached copy of a bucket's.
    """

    def __init__(self, store: ObjectStore | None = None) -> None:
        self._store = store or object_store()
        self._cache = training_folder() / "pictures"

    def path(self, key: str) -> Path:
        """Raises FileNotFoundError when the object is gone."""
        if isinstance(self._store, FolderStore):
            with self._store.local_path(key) as path:
                return path.absolute()
        name = Path(key).name
        target = self._cache / name[:2] / name
        if not target.is_file():
            self._copy(key, target)
        return target

    def _copy(self, key: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_name(f".{uuid7().hex}")
        with self._store.local_path(key) as path:
            shutil.copyfile(path, scratch)
        os.replace(scratch, target)
