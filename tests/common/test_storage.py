import hashlib

import pytest

from common.storage.folder import FolderStore
from common.storage.keys import belongs_to, checked, content_key, file_key
from common.storage.s3 import S3Store
from tests.support.s3_server import running_s3_server

BODY = [b"gold ", b"or ", b"not"]
SHA = hashlib.sha256(b"".join(BODY)).hexdigest()


@pytest.fixture(scope="module")
def s3():
    with running_s3_server() as server:
        store = S3Store(
            bucket="stones", endpoint_url=server.endpoint_url, access_key="test", secret_key="test", region="us-east-1"
        )
        store.client.create_bucket(Bucket="stones")
        yield store


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    return FolderStore(tmp_path) if request.param == "folder" else request.getfixturevalue("s3")


def test_what_is_put_is_read_back(store):
    key = content_key(1, SHA)
    stored = store.put(key, BODY)
    assert (stored.size, stored.sha256) == (11, SHA)
    with store.open(key) as handle:
        assert handle.read() == b"gold or not"
    with store.local_path(key) as path:
        assert path.read_bytes() == b"gold or not"
    assert store.exists(key)
    assert store.size(key) == 11
    assert list(store.iter_keys("p/1/")) == [key]
    store.delete(key)
    assert not store.exists(key)
    store.delete(key)


def test_a_writer_that_fails_leaves_nothing(store):
    def failing():
        yield b"half"
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        store.put("p/2/runs/model.onnx", failing())
    assert not store.exists("p/2/runs/model.onnx")
    assert list(store.iter_keys("p/2/")) == []


def test_a_missing_object_says_so(store):
    with pytest.raises(FileNotFoundError):
        store.open("p/3/nothing")
    with pytest.raises(FileNotFoundError), store.local_path("p/3/nothing"):
        pass


@pytest.mark.parametrize("bad", ["../etc/passwd", "p/1/../2/x", "/etc/passwd", "p/x/y", "p/1//x", "p/1/a b", ""])
def test_a_key_that_could_leave_its_folder_is_refused(bad):
    with pytest.raises(ValueError, match="key"):
        checked(bad)


def test_a_key_belongs_to_one_project():
    assert belongs_to(file_key(1, "exports", "a.zip"), 1)
    assert not belongs_to(file_key(12, "exports", "a.zip"), 1)
