import pytest
from rest_framework.test import APIClient

from tests.training import factories
from training.models import ModelVersion
from training.services.registry import register_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return factories.project()


@pytest.fixture
def lead(owner):
    client = APIClient()
    client.force_login(factories.lead(owner))
    return client


def test_register_a_model_and_read_what_it_means(owner, lead):
    factories.signed_brief(owner, target_value=0.05, latency_ms=60_000, cases_per_day=1000, positive_share=0.2)
    base = f"/api/v1/projects/{owner.slug}"
    version = factories.frozen_version(owner)
    run = factories.finished_run(version)
    made = lead.post(f"{base}/models", {"run": str(run.public_id), "line": "shapes"}, format="json")
    assert made.status_code == 201, made.json()
    model = made.json()
    assert (model["name"], model["stage"], model["class_of_concern"]) == ("shapes v1", "candidate", "cross")
    assert model["headline"]["split"] == "validation"
    assert model["evaluations"][0]["metrics"]["rows"] == 18
    # The brief is the cookie factory's: no connection, a machine on site.
    assert (model["where_to_run"]["place"], model["card"]["name"]) == ("device", "shapes v1")
    one = f"{base}/models/{model['id']}"

    told = lead.get(f"{one}/expectations").json()
    assert told["kind"] == "concern"
    assert told["sentence"].startswith("With these settings it misses")
    assert (told["said"][0]["code"], told["said"][0]["params"]["concern"]) == ("expect.concern", "Cross")
    assert len(told["notes_said"]) == len(told["notes"])
    tried = lead.get(f"{one}/expectations?threshold=0").json()
    assert tried["missed"]["value"] == 0
    assert lead.get(f"{one}/expectations?threshold=7").status_code == 422
    picker = lead.get(f"{one}/thresholds").json()
    assert len(picker["thresholds"]) == len(picker["cost_per_case"]) <= 500
    assert picker["concern"] == {"key": "cross", "name": "Cross"}
    assert lead.put(f"{one}/thresholds", {"threshold": 0.3}, format="json").json()["threshold"] == 0.3

    wrong = lead.get(f"{one}/failures?limit=2").json()
    assert wrong["total"] >= len(wrong["results"]) > 0
    assert wrong["results"][0]["image_url"].startswith("/media/")
    assert lead.get(wrong["results"][0]["image_url"]).status_code == 200
    if wrong["total"] > 2:
        rest = lead.get(f"{one}/failures?limit=500&cursor={wrong['next']}").json()
        assert len(rest["results"]) == wrong["total"] - 2

    exports = lead.get(f"{one}/exports").json()["results"]
    assert exports[0]["agreement"] == 1.0
    download = lead.get(exports[0]["download_url"])
    assert (download.status_code, len(b"".join(download.streaming_content))) == (200, exports[0]["bytes"])


def test_release_look_and_roll_back(owner, lead):
    factories.signed_brief(owner, target_value=0.05, latency_ms=60_000)
    base = f"/api/v1/projects/{owner.slug}"
    version = factories.frozen_version(owner)
    model = register_model(run=factories.finished_run(version), line="shapes", by=None)
    one = f"{base}/models/{model.public_id}"
    endpoint = lead.post(f"{base}/endpoints", {"name": "live"}, format="json")
    assert (endpoint.status_code, endpoint.json()["model"]) == (201, None)
    early = lead.post(f"{one}/release", {"endpoint": "live"}, format="json")
    assert (early.status_code, early.json()["code"]) == (409, "gate-not-passed")
    gate = lead.post(f"{one}/gate", {"endpoint": "live"}, format="json")
    assert (gate.status_code, gate.json()["passed"]) == (202, None)
    factories.finish(ModelVersion.objects.get().gate_runs.get().job)
    answered = lead.get(f"{one}/gate").json()["results"][0]
    assert answered["passed"] is True, answered
    assert {result["check"] for result in answered["results"]} >= {"runs", "meets_target", "fast_enough"}

    released = lead.post(f"{one}/release", {"endpoint": "live"}, format="json", HTTP_IDEMPOTENCY_KEY="r1")
    assert (released.status_code, released.json()["kind"]) == (201, "release"), released.json()
    repeated = lead.post(f"{one}/release", {"endpoint": "live"}, format="json", HTTP_IDEMPOTENCY_KEY="r1")
    assert repeated.json() == released.json()
    assert lead.get(one).json()["stage"] == "champion"
    looks = lead.get(f"{base}/looks").json()["test"]
    assert [(row["number"], row["model_name"]) for row in looks] == [(1, "shapes v1")]
    second = lead.post(f"{one}/test-look", {}, format="json")
    assert (second.status_code, second.json()["code"]) == (409, "test-split-sealed")

    next_model = register_model(run=factories.finished_run(version, "baseline_majority"), line="shapes", by=None)
    two = f"{base}/models/{next_model.public_id}"
    body = {"endpoint": "live", "despite_gate": True, "reason": "Only to go back."}
    assert lead.post(f"{two}/release", body, format="json").status_code == 201
    back = lead.post(f"{two}/rollback", {"endpoint": "live", "reason": "It is worse."}, format="json")
    assert (back.status_code, back.json()["model"]["id"]) == (201, str(model.public_id))
    page = lead.get(f"{base}/endpoints/live").json()
    assert [row["kind"] for row in page["releases"]] == ["rollback", "release", "release"]
    assert lead.patch(f"{base}/endpoints/live", {"top_k": 2}, format="json").json()["top_k"] == 2
    listed = lead.get(f"{base}/models?stage=champion").json()["results"]
    assert [row["name"] for row in listed] == ["shapes v1"]
    assert listed[0]["endpoints"] == ["live"]


def test_files_of_sensitive_data_leave_when_somebody_has_signed(owner, lead):
    factories.signed_brief(owner, sensitivity="personal")
    model = register_model(run=factories.finished_run(factories.frozen_version(owner)), line="shapes", by=None)
    one = f"/api/v1/projects/{owner.slug}/models/{model.public_id}"
    page = lead.get(f"{one}/exports").json()
    assert (page["results"][0]["download_url"], page["signature"], page["missing"]) == (None, None, [])
    assert "the brief calls the data personal" in page["blocked"]
    detail = lead.get(one).json()
    assert (detail["exports"][0]["download_url"], detail["where_to_run"]["blocked"]) == (None, page["blocked"])
    empty = lead.post(f"{one}/export-signature", {"name": "", "reason": ""}, format="json")
    assert (empty.status_code, set(empty.json()["errors"])) == (422, {"name", "reason"})
    reason = "Only on the machines of the plant."
    signed = lead.post(f"{one}/export-signature", {"name": "Ada Lead", "reason": reason}, format="json")
    assert (signed.status_code, signed.json()["name"]) == (201, "Ada Lead"), signed.json()
    page = lead.get(f"{one}/exports").json()
    assert (page["blocked"], page["signature"]["reason"]) == ("", reason)
    assert lead.get(page["results"][0]["download_url"]).status_code == 200
    card = {section["title"]: section["lines"] for section in lead.get(one).json()["card"]["sections"]}
    assert any("Ada Lead answers for its files" in line for line in card["Where to run it"])
    refused = lead.post(f"{one}/exports", {"format": "litert_int8"}, format="json")
    assert (refused.status_code, "cannot be exported" in refused.json()["detail"]) == (422, True)
    there = lead.post(f"{one}/exports", {"format": "onnx"}, format="json")
    assert (there.status_code, there.json()) == (202, {"format": "onnx", "job": None})


def test_only_leads_release_and_lists_do_not_ask_once_a_row(owner, django_assert_max_num_queries):
    version = factories.frozen_version(owner)
    for recipe in ("baseline_majority", "baseline_logistic"):
        register_model(run=factories.finished_run(version, recipe), line="shapes", by=None)
    for role, status in (("researcher", 403), ("reviewer", 403), ("annotator", 403)):
        client = APIClient()
        client.force_login(factories.in_role(owner, role))
        model = ModelVersion.objects.first()
        base = f"/api/v1/projects/{owner.slug}"
        assert (
            client.post(f"{base}/models/{model.public_id}/release", {"endpoint": "x"}, format="json").status_code
            == status
        )
    client.force_login(factories.in_role(owner, "researcher"))
    with django_assert_max_num_queries(12):
        assert len(client.get(f"{base}/models").json()["results"]) == 2
    with django_assert_max_num_queries(8):
        assert len(client.get(f"{base}/runs").json()["results"]) == 2
