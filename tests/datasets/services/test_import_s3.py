from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from common.problems import InvalidInput
from datasets.models import Item
from datasets.services.imports import ImportRequest, request_import
from tests.datasets import factories
from tests.datasets.runs import finish
from tests.support.s3_server import running_s3_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(settings: Any) -> Iterator[Any]:
    with running_s3_server() as server:
        settings.OBJECT_STORE = {
            **settings.OBJECT_STORE, "kind": "folder", "bucket": "store", "endpoint_url": server.endpoint_url,
            "access_key": server.access_key, "secret_key": server.secret_key, "region": server.region,
        }  # fmt: skip
        settings.IMPORT_S3_BUCKETS = ("pictures", "store")
        client = boto3.client(
            "s3", endpoint_url=server.endpoint_url, aws_access_key_id=server.access_key,
            aws_secret_access_key=server.secret_key, region_name=server.region,
        )  # fmt: skip
        client.create_bucket(Bucket="pictures")
        yield client


def test_a_prefix_is_imported_and_a_second_time_only_what_is_new(bucket: Any) -> None:
    project = factories.project()
    source = factories.source(project, kind="s3")
    for seed in range(3):
        bucket.put_object(Bucket="pictures", Key=f"belt/day1/{seed}.png", Body=factories.picture(seed))
    bucket.put_object(Bucket="pictures", Key="other/9.png", Body=factories.picture(9))
    request = ImportRequest(bucket="pictures", prefix="belt/")
    first = request_import(project=project, source=source, request=request, by=None)
    assert finish(first.job).result["imported"] == 3
    bucket.put_object(Bucket="pictures", Key="belt/day2/3.png", Body=factories.picture(3))
    bucket.put_object(Bucket="pictures", Key="belt/day1/1.png", Body=factories.picture(4))
    second = request_import(project=project, source=source, request=request, by=None)
    assert finish(second.job).result == {
        "import": str(second.public_id), "imported": 2, "duplicates": 0, "known": 2, "rejected": 0,
    }  # fmt: skip
    assert Item.objects.filter(project=project).count() == 5
    assert set(second.files.filter(outcome="imported").values_list("name", flat=True)) == {"day1/1.png", "day2/3.png"}


@pytest.mark.parametrize("name", ["secrets", "store"])
def test_only_listed_buckets_may_be_read_and_never_the_store_itself(bucket: Any, name: str) -> None:
    project = factories.project()
    with pytest.raises(InvalidInput, match="are not allowed"):
        request_import(project=project, source=factories.source(project), request=ImportRequest(bucket=name), by=None)


def test_a_missing_bucket_fails_with_a_sentence(bucket: Any, settings: Any) -> None:
    settings.IMPORT_S3_BUCKETS = ("gone",)
    project = factories.project()
    run = request_import(
        project=project, source=factories.source(project), request=ImportRequest(bucket="gone"), by=None
    )
    job = finish(run.job)
    assert (job.state, "cannot be listed" in job.error["detail"]) == ("failed", True)


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("belt", {"1.png", "day1/2.png", "/odd.png"}),
        ("belt/day", {"day1/2.png"}),
        ("belt/day1", {"2.png"}),
        ("be", {"belt/1.png", "belt/day1/2.png", "belt//odd.png", "beltway/3.png"}),
        ("", {"belt/1.png", "belt/day1/2.png", "belt//odd.png", "beltway/3.png"}),
    ],
)
def test_a_prefix_may_end_anywhere_and_every_file_is_found_again(bucket: Any, prefix: str, names: set[str]) -> None:
    for seed, key in enumerate(["belt/1.png", "belt/day1/2.png", "belt//odd.png", "beltway/3.png"]):
        bucket.put_object(Bucket="pictures", Key=key, Body=factories.picture(seed))
    project = factories.project()
    request = ImportRequest(bucket="pictures", prefix=prefix)
    run = request_import(project=project, source=factories.source(project), request=request, by=None)
    assert finish(run.job).state == "succeeded"
    assert set(run.files.filter(outcome="imported").values_list("name", flat=True)) == names
    assert not run.files.filter(outcome="rejected").exists()
