import json

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.services.tokens import create_token
from common.models import OutboxEvent
from datasets.models import Item, Occurrence
from tests.training import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return factories.project()


@pytest.fixture
def endpoint(owner):
    return factories.released(owner)


def file(key="disc", seed=7):
    return SimpleUploadedFile(f"{key}.png", factories.draw(key, np.random.default_rng(seed)), "image/png")


def with_token(user, project, scopes):
    _, text = create_token(user=user, name="a program", scopes=scopes, project=project)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def test_many_pictures_in_one_form_with_attributes(owner, endpoint):
    client = APIClient()
    client.force_login(factories.lead(owner))
    attributes = json.dumps([{"line": 1}, {}, {"line": 3}])
    body = {
        "images": [file("disc"), SimpleUploadedFile("x.png", b"no picture"), file("cross")],
        "attributes": attributes,
    }
    answer = client.post(f"/api/v1/projects/{owner.slug}/endpoints/live/predict", body, format="multipart")
    assert answer.status_code == 200, answer.json()
    found = answer.json()
    assert found["model"]["line"] == "shapes"
    good, bad, other = found["predictions"]
    assert good["predicted_names"][0] in ("Disc", "Square", "Cross")
    assert (good["problem"], bad["predicted"], bad["problem"]["code"]) == (None, None, "unreadable-picture")
    assert good["name"] == "disc.png"
    assert good["probabilities"][0]["probability"] == pytest.approx(good["score"], abs=1e-6)
    assert good["request_id"][14] == "7"
    rows = OutboxEvent.objects.get(name="PredictionsMade").payload["predictions"]
    assert [row["attributes"] for row in rows] == [{"line": 1}, {"line": 3}]
    assert Occurrence.objects.get(external_id=other["request_id"]).attributes == {"line": 3}


def test_known_items_by_hash(owner, endpoint):
    client = with_token(factories.lead(owner), owner, ["predict"])
    shas = list(Item.objects.filter(project=owner).values_list("sha256", flat=True)[:3])
    answer = client.post("/api/v1/endpoints/live/predict", {"items": shas}, format="json")
    assert [one["sha256"] for one in answer.json()["predictions"]] == shas
    missing = client.post("/api/v1/endpoints/live/predict", {"items": ["0" * 64]}, format="json")
    assert (missing.status_code, "no item 000" in missing.json()["detail"]) == (422, True)


def test_a_token_needs_the_scope_and_a_project(owner, endpoint):
    lead = factories.lead(owner)
    path = "/api/v1/endpoints/live/predict"
    assert with_token(lead, owner, ["predict"]).post(path, {"images": file()}, format="multipart").status_code == 200
    assert with_token(lead, owner, ["write"]).post(path, {"images": file()}, format="multipart").status_code == 200
    refused = with_token(lead, owner, ["read"]).post(path, {"images": file()}, format="multipart")
    assert (refused.status_code, "predict" in refused.json()["detail"]) == (403, True)
    unbound = with_token(lead, None, ["predict"]).post(path, {"images": file()}, format="multipart")
    assert (unbound.status_code, "bound to a project" in unbound.json()["detail"]) == (403, True)
    elsewhere = factories.project()
    other = with_token(factories.lead(elsewhere), elsewhere, ["predict"]).post(
        path, {"images": file()}, format="multipart"
    )
    assert other.status_code == 404
    assert APIClient().post(path, {"images": file()}, format="multipart").status_code == 401
    annotator = APIClient()
    annotator.force_login(factories.in_role(owner, "annotator"))
    assert (
        annotator.post(f"/api/v1/projects/{owner.slug}{path[7:]}", {"images": file()}, format="multipart").status_code
        == 403
    )
    # A predict token may do nothing else.
    assert (
        with_token(lead, owner, ["predict"]).post(f"/api/v1/projects/{owner.slug}/runs", {}, format="json").status_code
        == 403
    )


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "holds no picture"),
        ({"images": SimpleUploadedFile("empty.png", b"")}, "cannot be read"),
        ({"images": SimpleUploadedFile("a.txt", b"words")}, "not a picture"),
        ({"images": "file", "attributes": "[1, 2]"}, "attributes is JSON"),
        ({"images": "file", "attributes": "{"}, "attributes is JSON"),
    ],
)
def test_what_cannot_be_answered(owner, endpoint, body, word):
    client = APIClient()
    client.force_login(factories.lead(owner))
    if body.get("images") == "file":
        body = body | {"images": file()}
    answer = client.post(f"/api/v1/projects/{owner.slug}/endpoints/live/predict", body, format="multipart")
    assert answer.status_code == 422
    assert word in answer.json()["detail"]
    assert not OutboxEvent.objects.filter(name="PredictionsMade").exists()


def test_an_endpoint_without_a_model_says_so(owner):
    client = APIClient()
    client.force_login(factories.lead(owner))
    client.post(f"/api/v1/projects/{owner.slug}/endpoints", {"name": "idle"}, format="json")
    answer = client.post(
        f"/api/v1/projects/{owner.slug}/endpoints/idle/predict", {"images": file()}, format="multipart"
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "endpoint-empty")
    assert (
        client.post(
            f"/api/v1/projects/{owner.slug}/endpoints/none/predict", {"images": file()}, format="multipart"
        ).status_code
        == 404
    )
