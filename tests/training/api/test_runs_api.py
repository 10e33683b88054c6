import pytest
from rest_framework.test import APIClient

from tests.training import factories
from training.models import EpochPoint, Run

pytestmark = pytest.mark.django_db


def client_of(user):
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def owner():
    return factories.project()


@pytest.fixture
def version(owner):
    return factories.frozen_version(owner)


@pytest.fixture
def lead(owner):
    return client_of(factories.lead(owner))


def base(owner):
    return f"/api/v1/projects/{owner.slug}"


def test_recipes_describe_their_settings_for_a_form(owner, lead):
    found = lead.get(f"{base(owner)}/recipes").json()
    assert found["next"] is None
    cnn = next(one for one in found["results"] if one["key"] == "small_cnn")
    epochs = next(one for one in cnn["settings"] if one["name"] == "epochs")
    assert (epochs["type"], epochs["minimum"], cnn["exports"]) == ("integer", 1, ["onnx", "litert_int8"])


def test_start_a_run_see_it_and_cancel_it(owner, version, lead):
    body = {"version": str(version), "recipe": "small_cnn", "settings": {"epochs": 1}, "seed": 4}
    answer = lead.post(f"{base(owner)}/runs", body, format="json", HTTP_IDEMPOTENCY_KEY="one")
    assert answer.status_code == 202, answer.json()
    run = answer.json()
    assert (run["state"], run["version"], run["seed"], run["job"]["state"]) == ("queued", str(version), 4, "queued")
    assert run["settings"]["epochs"] == 1
    assert run["settings"]["dropout"] == 0.3
    assert run["head"]["activation"] == "softmax"
    assert "3 classes" in run["head_reason"]
    again = lead.post(f"{base(owner)}/runs", body, format="json", HTTP_IDEMPOTENCY_KEY="one")
    assert again.json()["id"] == run["id"]
    listed = lead.get(f"{base(owner)}/runs").json()["results"]
    assert [one["recipe"] for one in listed] == ["small_cnn", "baseline_logistic", "baseline_majority"]
    assert lead.get(f"{base(owner)}/runs?state=succeeded").json()["results"] == []
    cancelled = lead.post(f"{base(owner)}/runs/{run['id']}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (202, "cancelled")
    twice = lead.post(f"{base(owner)}/runs/{run['id']}/cancel")
    assert (twice.status_code, twice.json()["code"]) == (409, "conflict")


def test_a_finished_run_shows_what_is_known(owner, version, lead):
    run = factories.finished_run(version)
    found = lead.get(f"{base(owner)}/runs/{run.public_id}").json()
    assert found["metrics"]["rows"] == 18
    assert found["score"] == found["metrics"]["scores"]["accuracy"]
    assert (found["looks"]["looks"], found["comparison"], found["rows"]) == (1, None, {"train": 36, "validation": 18})
    assert found["exports"][0]["format"] == "onnx"
    again = lead.post(f"{base(owner)}/runs/{run.public_id}/rerun")
    assert (again.status_code, again.json()["rerun_of"]) == (202, str(run.public_id))
    ledger = lead.get(f"{base(owner)}/looks?version={version}").json()
    assert (ledger["validation"][0]["looks"], ledger["test"]) == (1, [])


def test_curves(owner, version, lead):
    run = factories.runs.start_run(project=owner, version=version, recipe="baseline_majority", by=None)
    EpochPoint.objects.create(run=run, fold=0, epoch=1, phase="train", train_loss=1.5, train_metric=0.2)
    Run.objects.update(
        overfitting={"state": "too_early", "best_epoch": None, "from_epoch": None, "sentence": "Too few."}
    )
    found = lead.get(f"{base(owner)}/runs/{run.public_id}/curves").json()
    assert found["points"] == [
        {"fold": 0, "epoch": 1, "phase": "train", "train_loss": 1.5, "validation_loss": None, "train_metric": 0.2,
         "validation_metric": None, "learning_rate": None}
    ]  # fmt: skip
    assert found["overfitting"]["state"] == "too_early"


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({"recipe": "small_cnn"}, 422, "version"),
        ({"recipe": "small_cnn", "version": "nothing@v9"}, 404, "nothing@v9"),
        ({"recipe": "small_cnn", "version": "V", "settings": {"epochs": "many"}}, 422, "epochs must be a whole number"),
        ({"recipe": "small_cnn", "version": "V", "seed": -1}, 422, "seed"),
    ],
)
def test_bad_requests_get_a_problem(owner, version, lead, body, status, word):
    if body.get("version") == "V":
        body = body | {"version": str(version)}
    answer = lead.post(f"{base(owner)}/runs", body, format="json")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert word in str(answer.json())


def test_the_baselines_can_be_started_alone(owner, version, lead):
    answer = lead.post(f"{base(owner)}/runs/baselines", {"version": str(version)}, format="json")
    assert (answer.status_code, len(answer.json()["results"])) == (202, 2)
    assert lead.post(f"{base(owner)}/runs/baselines", {"version": str(version)}, format="json").json()["results"] == []


def test_who_may(owner, version):
    body = {"version": str(version), "recipe": "baseline_majority"}
    outcomes = {
        role: client_of(factories.in_role(owner, role)).post(f"{base(owner)}/runs", body, format="json").status_code
        for role in ("owner", "lead", "researcher", "reviewer", "annotator")
    }
    assert outcomes == {"owner": 202, "lead": 202, "researcher": 202, "reviewer": 403, "annotator": 403}
    assert client_of(factories.in_role(owner, "annotator")).get(f"{base(owner)}/runs").status_code == 403
    assert client_of(factories.in_role(owner, "reviewer")).get(f"{base(owner)}/runs").status_code == 200
    stranger = client_of(factories.lead(factories.project()))
    assert stranger.get(f"{base(owner)}/runs").status_code == 404
    assert APIClient().get(f"{base(owner)}/runs").status_code == 401


def test_a_run_of_another_project_is_not_found(owner, version, lead):
    other = factories.project()
    run = factories.runs.start_run(
        project=other, version=factories.frozen_version(other), recipe="baseline_majority", by=None
    )
    assert lead.get(f"{base(owner)}/runs/{run.public_id}").status_code == 404
