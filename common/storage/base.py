"""What an object store can do."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from common.problems import DomainError


@dataclass(frozen=True)
class StoredObject:
    """A stored object: its key, size in bytes and SHA-256."""

    key: str
    size: int
    sha256: str


class StorageFailed(DomainError):
    """The store cannot take or give bytes: the disk is full, the bucket does not answer."""

    status = 503
    code = "storage-failed"
    title = "The store of files does not work"


class ObjectStore(Protocol):
    """Bytes by key. Writes are whole or absent: a killed writer leaves nothing under the key."""

    def put(self, key: str, chunks: Iterable[bytes]) -> StoredObject: ...
    def put_file(self, key: str, path: Path) -> StoredObject: ...
    def open(self, key: str) -> BinaryIO: ...
    def exists(self, key: str) -> bool: ...
    def size(self, key: str) -> int: ...
    def local_path(self, key: str) -> AbstractContextManager[Path]: ...
    def delete(self, key: str) -> None: ...
    def iter_keys(self, prefix: str) -> Iterator[str]: ...
    def direct_url(self, key: str, *, seconds: int, media_type: str, download_as: str = "") -> str | None: ...
