import hashlib

import pytest

from common.storage import content_key
from common.storage.folder import FolderStore
from common.storage.s3 import S3Store
from tests.support.s3_server import running_s3_server
from training.services.pictures import Materializer, training_folder

BODY = b"the bytes of a picture"
SHA = hashlib.sha256(BODY).hexdigest()


def test_a_folder_store_gives_the_object_itself(tmp_path):
    store = FolderStore(tmp_path)
    store.put(content_key(1, SHA), [BODY])
    path = Materializer(store).path(content_key(1, SHA))
    assert path.is_relative_to(tmp_path)
    assert path.read_bytes() == BODY
    with pytest.raises(FileNotFoundError):
        Materializer(store).path(content_key(1, "0" * 64))


def test_a_bucket_is_copied_once_and_the_copy_outlives_the_call():
    with running_s3_server() as server:
        store = S3Store(
            bucket="stones", endpoint_url=server.endpoint_url, access_key="test", secret_key="test", region="us-east-1"
        )
        store.client.create_bucket(Bucket="stones")
        store.put(content_key(1, SHA), [BODY])
        path = Materializer(store).path(content_key(1, SHA))
        assert path.is_relative_to(training_folder())
        store.delete(content_key(1, SHA))
        assert Materializer(store).path(content_key(1, SHA)) == path
        assert path.read_bytes() == BODY
        with pytest.raises(FileNotFoundError):
            Materializer(store).path(content_key(1, "0" * 64))
