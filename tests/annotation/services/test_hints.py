"""A tiny real pair in the operator's folder: asked through the API, encoded by the task, decoded in the process."""

import contextlib
import hashlib
import io
import json
from datetime import timedelta

import numpy as np
import onnx
import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.api.media import signed_media_url
from accounts.models import Membership
from accounts.services.tokens import create_token
from annotation.models import PictureEmbedding
from annotation.selectors.assist_models import installed_models
from annotation.services import hints
from annotation.tasks import on_picture_wanted, prune_embeddings
from common.models import OutboxEvent
from common.storage import content_key, derived_key, object_store
from datasets.geometry.rle import counts_from_string
from tests.annotation.api.test_hot import browser
from tests.annotation.assisting.pair import CARD, write_pair
from tests.annotation.factories import join, make_project

pytestmark = pytest.mark.django_db
RED = (slice(60, 180), slice(40, 120))  # rows, columns
BOX = [30, 50, 100, 140]


@pytest.fixture
def models(settings, tmp_path):
    settings.ASSIST_MODELS = tmp_path / "models"
    settings.OBJECT_STORE = {**settings.OBJECT_STORE, "kind": "folder", "folder": tmp_path / "data"}
    hints._network.cache_clear()
    write_pair(settings.ASSIST_MODELS / "red")
    return settings.ASSIST_MODELS


@pytest.fixture
def project():
    return make_project()


@pytest.fixture
def annotator(project):
    return join(project, "annotator")


def stored_picture(project, exif=None):
    """Red on green, 200 pixels wide and 240 high as it is shown; its key."""
    pixels = np.full((240, 200, 3), (40, 160, 60), dtype=np.uint8)
    pixels[RED] = (220, 30, 30)
    image = Image.fromarray(pixels)
    out = io.BytesIO()
    if exif:
        told = Image.Exif()
        told[0x0112] = 6
        image.transpose(Image.Transpose.ROTATE_90).save(out, "PNG", exif=told)
    else:
        image.save(out, "PNG")
    key = content_key(project.pk, hashlib.sha256(out.getvalue()).hexdigest())
    object_store().put(key, [out.getvalue()])
    return key


def ask(user, project, key, client=None, **change):
    image = signed_media_url(user, project, key, media_type="image/png")
    model = next((one.id for one in installed_models()), "none")
    body = {"model": model, "image": image, "box": BOX, "points": [], **change}
    return (client or browser(user)).post("/api/v1/assist/masks", body, "application/json")


def deliver():
    """What the courier and the worker do."""
    wanted = OutboxEvent.objects.filter(name="PictureWanted", delivered_at=None)
    for event in wanted:
        on_picture_wanted(event.pk)
    return wanted.update(delivered_at=timezone.now())


def drawn(mask):
    bits = np.zeros((240, 200), dtype=bool)
    height, width = mask["size"]
    counts = counts_from_string(mask["counts"])
    flat = np.repeat(np.arange(len(counts)) % 2 == 1, counts)
    bits[mask["y"] : mask["y"] + height, mask["x"] : mask["x"] + width] = flat.reshape((width, height)).T
    return bits


@pytest.mark.parametrize("turned", [False, True])
def test_the_first_hint_sends_for_the_encoder_and_the_next_is_answered(models, project, annotator, turned):
    key = stored_picture(project, exif=turned)
    first = ask(annotator, project, key)
    assert (first.status_code, first.json()) == (202, {"state": "encoding", "mask": None})
    assert first.headers["Retry-After"] == "1"
    assert ask(annotator, project, key).status_code == 202
    assert deliver() == 1
    second = ask(annotator, project, key)
    assert second.status_code == 200
    got, wanted = drawn(second.json()["mask"]), np.zeros((240, 200), dtype=bool)
    wanted[RED] = True
    assert (got & wanted).sum() / (got | wanted).sum() > 0.8


def test_a_place_outside_is_handed_on_and_nothing_found_is_said(models, project, annotator):
    key = stored_picture(project)
    ask(annotator, project, key)
    deliver()
    answer = ask(annotator, project, key, points=[{"x": 80, "y": 100, "inside": False}])
    assert answer.json() == {"state": "ready", "mask": None}


def test_only_who_was_given_the_picture_may_ask_about_it(models, project, annotator):
    key = stored_picture(project)
    other = join(project, "annotator")
    assert ask(annotator, project, key, client=browser(other)).status_code == 404
    Membership.objects.filter(user=annotator, project=project).delete()
    assert ask(annotator, project, key).status_code == 404
    assert ask(other, make_project(), key).status_code == 404
    assert not PictureEmbedding.objects.exists()


@pytest.mark.parametrize(("scope", "status"), [("label", 202), ("read", 202), ("predict", 403)])
def test_a_program_that_labels_may_ask_too(models, project, annotator, scope, status):
    header = f"Bearer {create_token(user=annotator, name='t', scopes=[scope])[1]}"
    client = Client(headers={"authorization": header})
    assert ask(annotator, project, stored_picture(project), client=client).status_code == status
    assert client.get("/api/v1/assist/models").status_code == (403 if status == 403 else 200)


def test_a_thumbnail_or_an_unknown_model_is_not_there(models, project, annotator):
    thumbnail = derived_key(project.pk, "thumbnail-256-v1", "a" * 64, ".webp")
    assert ask(annotator, project, thumbnail).status_code == 404
    assert ask(annotator, project, stored_picture(project), model="red-other").status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"box": [1, 2, 3]}, {"box": [0, 0, 1e9, 5]}, {"box": ["nan", 0, 9, 9]}, {"points": [{"x": 1}]}, {"image": 3.5}],
)
def test_a_hint_that_is_none_is_refused(models, project, annotator, change):
    assert ask(annotator, project, stored_picture(project), **change).status_code in {404, 422}


def test_what_cannot_be_decoded_is_told_with_a_sentence(models, project, annotator):
    key = content_key(project.pk, "b" * 64)
    object_store().put(key, [b"no picture at all"])
    ask(annotator, project, key)
    deliver()
    answer = ask(annotator, project, key)
    assert (answer.status_code, answer.json()["code"]) == (409, "picture-not-encoded")
    assert answer.json()["detail"]


def test_a_worker_that_dies_is_followed_by_another_but_not_for_ever(models, project, annotator):
    key = stored_picture(project)
    ask(annotator, project, key)
    row = PictureEmbedding.objects.get()
    for attempt in range(1, hints.MAX_ATTEMPTS + 1):
        assert hints.begin_encoding(row.pk)
        assert ask(annotator, project, key).status_code == 202
        assert OutboxEvent.objects.filter(name="PictureWanted").count() == attempt
        PictureEmbedding.objects.update(asked_at=timezone.now() - timedelta(minutes=3))
        expected = 202 if attempt < hints.MAX_ATTEMPTS else 409
        assert ask(annotator, project, key).status_code == expected
    assert not hints.begin_encoding(row.pk)


def test_a_second_delivery_changes_nothing(models, project, annotator):
    ask(annotator, project, stored_picture(project))
    event = OutboxEvent.objects.get(name="PictureWanted")
    on_picture_wanted(event.pk)
    on_picture_wanted(event.pk)
    assert PictureEmbedding.objects.get().attempts == 1


def test_other_weights_are_another_model_and_see_the_picture_anew(models, project, annotator):
    key = stored_picture(project)
    ask(annotator, project, key)
    deliver()
    (models / "red" / "card.json").write_text(json.dumps({**CARD, "licence": "MIT"}))
    assert ask(annotator, project, key).status_code == 202
    assert PictureEmbedding.objects.count() == 2


def test_while_another_is_decoded_who_waits_too_long_is_told(models, project, annotator, monkeypatch):
    key = stored_picture(project)
    ask(annotator, project, key)
    deliver()
    monkeypatch.setattr(hints, "BUSY_SECONDS", 0.01)
    with hints._one_at_a_time():
        answer = ask(annotator, project, key)
    assert (answer.status_code, answer.json()["code"]) == (503, "assistant-busy")
    assert ask(annotator, project, key).status_code == 200


def test_a_crowd_is_told_at_once_and_holds_no_threads(models, project, annotator, monkeypatch):
    key = stored_picture(project)
    ask(annotator, project, key)
    deliver()
    monkeypatch.setattr(hints, "BUSY_SECONDS", 60)
    with contextlib.ExitStack() as others:
        others.enter_context(hints._one_at_a_time())
        for _ in range(hints.MOST_AT_ONCE - 1):  # those that wait for the first
            others.enter_context(hints._held(hints._here, 0))
        answer = ask(annotator, project, key)
    assert (answer.status_code, answer.json()["code"]) == (503, "assistant-busy")
    assert ask(annotator, project, key).status_code == 200


def test_what_failed_is_tried_again_after_a_while(models, project, annotator):
    key = content_key(project.pk, "b" * 64)
    object_store().put(key, [b"no picture at all"])
    ask(annotator, project, key)
    deliver()
    assert ask(annotator, project, key).status_code == 409
    assert OutboxEvent.objects.filter(name="PictureWanted").count() == 1
    PictureEmbedding.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    assert [ask(annotator, project, key).status_code for _ in range(2)] == [202, 202]
    assert OutboxEvent.objects.filter(name="PictureWanted").count() == 2
    deliver()
    assert ask(annotator, project, key).status_code == 409


def test_numbers_that_were_damaged_in_the_store_are_made_again(models, project, annotator):
    key = stored_picture(project)
    ask(annotator, project, key)
    deliver()
    object_store().put(hints._key(PictureEmbedding.objects.get()), [b"half a file"])
    assert [ask(annotator, project, key).status_code for _ in range(2)] == [202, 202]
    deliver()
    assert ask(annotator, project, key).status_code == 200


def test_an_input_of_any_name_is_kept(models, project, annotator):
    decoder = onnx.load(models / "red" / "decoder.onnx")
    for name in [*decoder.graph.node[0].input, decoder.graph.input[0].name]:
        assert name == "features"
    decoder.graph.node[0].input[0] = decoder.graph.input[0].name = "file"
    onnx.save(decoder, models / "red" / "decoder.onnx")
    card = {**CARD, "encoder": {"image": "picture", "embeddings": {"thin": "file"}}}
    (models / "red" / "card.json").write_text(json.dumps(card))
    key = stored_picture(project)
    ask(annotator, project, key)
    deliver()
    assert ask(annotator, project, key).json()["mask"]


def test_weights_in_a_file_of_their_own_are_part_of_the_model(models):
    (models / "red" / "encoder.onnx.data").write_bytes(b"1")
    (before,) = installed_models()
    (models / "red" / "encoder.onnx.data").write_bytes(b"22")
    (after,) = installed_models()
    assert before.id != after.id


def test_what_nobody_uses_is_forgotten_with_its_file(models, project, annotator):
    key = stored_picture(project)
    ask(annotator, project, key)
    deliver()
    stored = hints._key(PictureEmbedding.objects.get())
    prune_embeddings()
    assert object_store().exists(stored)
    PictureEmbedding.objects.update(used_at=timezone.now() - timedelta(days=15))
    prune_embeddings()
    assert not object_store().exists(stored)
    assert not PictureEmbedding.objects.exists()


def test_an_emptied_store_is_filled_again(models, project, annotator):
    key = stored_picture(project)
    ask(annotator, project, key)
    deliver()
    object_store().delete(hints._key(PictureEmbedding.objects.get()))
    assert [ask(annotator, project, key).status_code for _ in range(2)] == [202, 202]
    deliver()
    assert ask(annotator, project, key).status_code == 200


def test_the_list_says_what_cannot_be_used_and_why(models, annotator):
    (models / "half").mkdir()
    (models / "half" / "card.json").write_text("{}")
    write_pair(models / "bad", {**CARD, "licence": ""})
    write_pair(models / "with space")
    (models / "a-file").write_text("nothing")
    listed = browser(annotator).get("/api/v1/assist/models").json()["results"]
    said = {one["id"].rpartition("-")[0] or one["id"]: one for one in listed}
    assert set(said) == {"red", "half", "bad", "with space"}
    assert (said["red"]["name"], said["red"]["licence"], said["red"]["problem"]) == ("Red things", "CC0-1.0", "")
    assert "encoder.onnx" in said["half"]["problem"]
    assert "licence" in said["bad"]["problem"]
    assert "letters" in said["with space"]["problem"]
    assert str(models) not in json.dumps(listed)


def test_without_a_folder_there_is_no_model(settings, tmp_path, annotator):
    settings.ASSIST_MODELS = tmp_path / "nowhere"
    assert browser(annotator).get("/api/v1/assist/models").json() == {"results": []}
