"""Where files come from: a folder, finished uploads, or a prefix in a bucket, all seen as names with bytes."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from common.problems import InvalidInput
from common.storage import StorageFailed, object_store
from datasets.formats.member_names import is_system_file
from datasets.models import Upload, UploadChunk

IN_MEMORY = 8 * 1024 * 1024
PIECE = 1 << 20


@dataclass(frozen=True)
class TreeFile:
    """A file. stamp: changes when the bytes do, or empty when nothing tells."""

    name: str
    size: int
    stamp: str


class FileTree(Protocol):
    """Files in an order that is the same every time."""

    def files(self) -> Iterator[TreeFile]: ...
    def open(self, name: str) -> AbstractContextManager[BinaryIO]: ...


@dataclass(frozen=True)
class ListenedTree:
    """A tree whose listing calls `pulse` for every file: a bucket of a million objects takes minutes to list."""

    tree: FileTree
    pulse: Callable[[], None]

    def files(self) -> Iterator[TreeFile]:
        for file in self.tree.files():
            self.pulse()
            yield file

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        return self.tree.open(name)


class FolderTree:
    """A folder, or one file. Links that lead out of it are not followed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = path if path.is_dir() else path.parent

    def files(self) -> Iterator[TreeFile]:
        if not self.path.exists():
            raise InvalidInput(f"There is no file or folder {self.path} on the server any more.")
        if self.path.is_dir():
            yield from self._below(self.path)
        else:
            yield self._file(self.path.name, self.path.stat())

    def _below(self, folder: Path) -> Iterator[TreeFile]:
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:  # opening it tells the reason, in a line of its own
            yield TreeFile(str(folder.relative_to(self.root)), 0, "")
            return
        for entry in entries:
            name = str(Path(entry.path).relative_to(self.root))
            if is_system_file(name) or entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._below(Path(entry.path))
            elif self._inside(entry) and entry.is_file():
                yield self._entry(name, entry)

    def _inside(self, entry: "os.DirEntry[str]") -> bool:
        return not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(self.root.resolve())

    def _entry(self, name: str, entry: "os.DirEntry[str]") -> TreeFile:
        try:
            return self._file(name, entry.stat())
        except OSError:  # gone since it was listed
            return TreeFile(name, 0, "")

    def _file(self, name: str, stat: os.stat_result) -> TreeFile:
        return TreeFile(name, stat.st_size, f"{stat.st_size}-{stat.st_mtime_ns}")

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        path = self.root / name
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise FileNotFoundError(name)
        return path.open("rb")


class UploadsTree:
    """Finished uploads, by the names that the browser gave (which may contain folders)."""

    def __init__(self, uploads: list[Upload]) -> None:
        self.uploads: dict[str, Upload] = {}
        # Asked for here: open() runs in threads, which have no business with the database.
        self.chunks: dict[int, list[str]] = {}
        parts = UploadChunk.objects.filter(upload__in=uploads).order_by("start")
        for upload_id, key in parts.values_list("upload_id", "object_key"):
            self.chunks.setdefault(upload_id, []).append(key)
        for upload in sorted(uploads, key=lambda one: (one.name, one.pk)):
            name, n = upload.name, 1
            while name in self.uploads:  # two folders picked one after the other may hold equal names
                n += 1
                name = f"{upload.name} ({n})"
            self.uploads[name] = upload

    def files(self) -> Iterator[TreeFile]:
        for name, upload in self.uploads.items():
            yield TreeFile(name, upload.size, "")

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        if name not in self.uploads:
            raise FileNotFoundError(name)
        store = object_store()
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as whole:
            for key in self.chunks.get(self.uploads[name].pk, []):
                with store.open(key) as part:
                    while piece := part.read(PIECE):
                        whole.write(piece)
            whole.seek(0)
            yield cast(BinaryIO, whole)


class BucketTree:
    """Objects under a prefix of an S3-compatible bucket; the ETag is the stamp.

    A prefix that is a folder (with or without the slash at its end) is left out of the names; of one that ends inside a
    name, such as `photos/2024-`, only the folders before it are. So a name and its folder give the key back.
    """

    def __init__(self, *, bucket: str, prefix: str) -> None:
        self.bucket, self.prefix = bucket, prefix
        chosen: dict[str, Any] = settings.OBJECT_STORE
        self.client = boto3.client(
            "s3",
            endpoint_url=chosen["endpoint_url"],
            aws_access_key_id=chosen["access_key"],
            aws_secret_access_key=chosen["secret_key"],
            region_name=chosen["region"],
            config=Config(retries={"max_attempts": 4, "mode": "standard"}, connect_timeout=5, read_timeout=60),
        )

    @cached_property
    def _place(self) -> tuple[str, str]:
        """The prefix to list by, and the beginning of keys that is no part of names."""
        if not self.prefix or self.prefix.endswith("/"):
            return self.prefix, self.prefix
        folder = f"{self.prefix}/"
        if self.client.list_objects_v2(Bucket=self.bucket, Prefix=folder, MaxKeys=1).get("Contents"):
            return folder, folder
        return self.prefix, self.prefix[: self.prefix.rfind("/") + 1]

    def files(self) -> Iterator[TreeFile]:
        try:
            prefix, folder = self._place
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            for page in pages:
                for entry in page.get("Contents", []):
                    name = entry["Key"].removeprefix(folder)
                    if name and not name.endswith("/") and not is_system_file(name):
                        yield TreeFile(name, entry["Size"], entry["ETag"].strip('"'))
        except (ClientError, BotoCoreError) as error:
            raise InvalidInput(f"The bucket {self.bucket} cannot be listed: {error}") from error

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        _, folder = self._place
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as whole:
            try:
                self.client.download_fileobj(self.bucket, f"{folder}{name}", whole)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in {"404", "NoSuchKey", "NotFound"}:
                    raise FileNotFoundError(name) from error
                raise OSError(str(error)) from error
            except BotoCoreError as error:
                raise StorageFailed(
                    f"The bucket {self.bucket} does not answer: {error}. Import it again later: what is there is not"
                    " read again."
                ) from error
            whole.seek(0)
            yield cast(BinaryIO, whole)
