import pytest
from django.core import signing

from accounts.models import User
from annotation.api.pictures import work_item

ROW = {
    "item_id": 1, "sha256": "a" * 64, "kind": "image", "media_type": "image/png", "object_key": "p/7/objects/aa/aa/x",
    "width": 3, "height": 2, "name": "a.png", "provenance": {"predicted": "dog"},
}  # fmt: skip


def test_the_address_of_a_picture_stays_so_that_a_browser_keeps_it(monkeypatch):
    first = work_item(User(pk=5), 7, ROW)
    monkeypatch.setattr(signing.time, "time", lambda: 2_000_000_000.0)
    assert work_item(User(pk=5), 7, ROW) == first
    assert work_item(User(pk=6), 7, ROW)["image_url"] != first["image_url"]


def test_provenance_stays_behind():
    assert "predicted" not in str(work_item(User(pk=5), 7, ROW))


@pytest.mark.parametrize("change", [{"kind": "text", "object_key": ""}, {"object_key": ""}])
def test_what_is_no_picture_has_no_address_of_one(change):
    shown = work_item(User(pk=5), 7, {**ROW, **change})
    assert (shown["image_url"], shown["thumbnail_url"]) == (None, None)


def test_a_text_and_a_record_have_an_address_of_their_words():
    written = {**ROW, "object_key": "", "kind": "record"}
    assert work_item(User(pk=5), 7, ROW)["content_url"] is None
    assert work_item(User(pk=5), 7, written)["content_url"].startswith("/api/v1/contents/")
