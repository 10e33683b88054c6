"""Objects in a folder: temporary name, fsync, rename."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from common.ids import uuid7
from common.storage.base import StoredObject
from common.storage.keys import checked, checked_prefix

CHUNK = 1 << 20


class FolderStore:
    """One machine's store."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, key: str) -> Path:
        return self.root / checked(key)

    def put(self, key: str, chunks: Iterable[bytes]) -> StoredObject:
        """Write the chunks under `key`. A reader sees the old object or the new one, never a part."""
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_name(f".{target.name[:80]}.{uuid7().hex}")
        digest, size = hashlib.sha256(), 0
        try:
            with scratch.open("wb") as handle:
                for chunk in chunks:
                    handle.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                handle.flush()
                os.fsync(handle.fileno())
            scratch.replace(target)
        except BaseException:
            scratch.unlink(missing_ok=True)
            raise
        _fsync_folder(target.parent)
        return StoredObject(key, size, digest.hexdigest())

    def put_file(self, key: str, path: Path) -> StoredObject:
        with path.open("rb") as handle:
            return self.put(key, iter(lambda: handle.read(CHUNK), b""))

    def open(self, key: str) -> BinaryIO:
        return self._path(key).open("rb")

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def size(self, key: str) -> int:
        return self._path(key).stat().st_size

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        """A real file to read, for as long as the context lasts. Never write to it."""
        path = self._path(key)
        if not path.is_file():
            raise FileNotFoundError(key)
        yield path

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def iter_keys(self, prefix: str) -> Iterator[str]:
        """Keys below a folder-like prefix, in no particular order."""
        for folder, _, names in os.walk(self.root / checked_prefix(prefix)):
            for name in names:
                if not name.startswith("."):
                    yield str(Path(folder, name).relative_to(self.root))

    def direct_url(self, key: str, *, seconds: int, media_type: str, download_as: str = "") -> str | None:
        """A folder has no address of its own: the web process serves it."""
        return None


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
