from datetime import timedelta

import pytest
from django.utils import timezone

from common.problems import InvalidInput
from common.storage import object_store
from datasets.models import Upload
from datasets.services.uploads import (
    FORGOTTEN_AFTER,
    Announced,
    UploadOffsetMismatch,
    announce_uploads,
    append_chunk,
    sweep_forgotten,
)
from tests.datasets import factories

pytestmark = pytest.mark.django_db


def test_a_chunk_sent_twice_counts_once_and_a_gap_tells_where_to_go_on() -> None:
    (upload,) = announce_uploads(project=factories.project(), files=[Announced("a.png", 10)], by=None)
    append_chunk(upload=upload, offset=0, data=b"12345")
    assert append_chunk(upload=upload, offset=0, data=b"12345").received == 5
    with pytest.raises(UploadOffsetMismatch) as caught:
        append_chunk(upload=upload, offset=7, data=b"x")
    assert caught.value.context == {"offset": 5}
    with pytest.raises(InvalidInput, match="goes beyond"):
        append_chunk(upload=upload, offset=5, data=b"123456")
    done = append_chunk(upload=upload, offset=5, data=b"67890")
    assert (done.state, done.chunks.count()) == ("complete", 2)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\x.png", "", "a\x00b"])
def test_a_name_that_leaves_its_folder_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        announce_uploads(project=factories.project(), files=[Announced("fine.png", 1), Announced(name, 1)], by=None)


def test_a_file_beyond_the_limit_is_refused_before_a_byte_is_sent(settings: object) -> None:
    with pytest.raises(InvalidInput, match="one upload may have"):
        announce_uploads(project=factories.project(), files=[Announced("a.zip", 10**15)], by=None)


def test_an_empty_file_is_complete_at_once() -> None:
    (upload,) = announce_uploads(project=factories.project(), files=[Announced("a.png", 0)], by=None)
    assert upload.state == "complete"


def test_what_nobody_continued_for_a_week_is_dropped_with_its_bytes() -> None:
    project = factories.project()
    old, new = announce_uploads(project=project, files=[Announced("a.png", 10), Announced("b.png", 10)], by=None)
    for one in (old, new):
        append_chunk(upload=one, offset=0, data=b"12345")
    Upload.objects.filter(pk=old.pk).update(touched_at=timezone.now() - FORGOTTEN_AFTER - timedelta(hours=1))
    assert sweep_forgotten() == 1
    assert list(Upload.objects.filter(project=project)) == [new]
    (left,) = object_store().iter_keys(f"p/{project.pk}/uploads/")
    assert new.public_id.hex in left
