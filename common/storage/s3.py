"""Objects in an S3-compatible bucket."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from django.utils.http import content_disposition_header

from common.storage.base import StoredObject
from common.storage.keys import checked, checked_prefix

CHUNK = 1 << 20
IN_MEMORY = 8 << 20


class S3Store:
    """A bucket. Uploads appear whole: S3 shows an object only after its last byte."""

    def __init__(
        self, *, bucket: str, endpoint_url: str | None, access_key: str | None, secret_key: str | None, region: str
    ) -> None:
        self.bucket = bucket
        self.client = boto3.client(
            "s3",
            endpoint_url=endpoint_url,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            region_name=region,
            config=Config(retries={"max_attempts": 4, "mode": "standard"}, connect_timeout=5, read_timeout=60),
        )

    def put(self, key: str, chunks: Iterable[bytes]) -> StoredObject:
        digest, size = hashlib.sha256(), 0
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as scratch:
            for chunk in chunks:
                scratch.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            scratch.seek(0)
            self.client.upload_fileobj(scratch, self.bucket, checked(key))
        return StoredObject(key, size, digest.hexdigest())

    def put_file(self, key: str, path: Path) -> StoredObject:
        with path.open("rb") as handle:
            return self.put(key, iter(lambda: handle.read(CHUNK), b""))

    def open(self, key: str) -> BinaryIO:
        """A seekable copy: small objects in memory, large ones in a temporary file."""
        scratch = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (handed to the caller)
        try:
            self.client.download_fileobj(self.bucket, checked(key), scratch)
        except ClientError as error:
            scratch.close()
            raise _told(error, key) from error
        scratch.seek(0)
        return cast(BinaryIO, scratch)

    def _head(self, key: str) -> dict[str, Any]:
        try:
            return cast(dict[str, Any], self.client.head_object(Bucket=self.bucket, Key=checked(key)))
        except ClientError as error:
            raise _told(error, key) from error

    def exists(self, key: str) -> bool:
        try:
            self._head(key)
        except FileNotFoundError:
            return False
        return True

    def size(self, key: str) -> int:
        return int(self._head(key)["ContentLength"])

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile(prefix="touchstone-") as scratch:
            try:
                self.client.download_fileobj(self.bucket, checked(key), scratch)
            except ClientError as error:
                raise _told(error, key) from error
            scratch.flush()
            yield Path(scratch.name)

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=checked(key))

    def iter_keys(self, prefix: str) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=checked_prefix(prefix))
        for page in pages:
            for entry in page.get("Contents", []):
                yield entry["Key"]

    def direct_url(self, key: str, *, seconds: int, media_type: str, download_as: str = "") -> str | None:
        """A presigned address, so that the bytes do not pass through the web process."""
        params = {"Bucket": self.bucket, "Key": checked(key), "ResponseContentType": media_type}
        if download_as:
            params["ResponseContentDisposition"] = content_disposition_header(True, download_as)
        return self.client.generate_presigned_url("get_object", Params=params, ExpiresIn=max(seconds, 60))


def _told(error: ClientError, key: str) -> Exception:
    if error.response.get("Error", {}).get("Code") in {"404", "NoSuchKey", "NotFound"}:
        return FileNotFoundError(key)
    return error
