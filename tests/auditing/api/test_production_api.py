import numpy as np
import pytest
from rest_framework.test import APIClient

from accounts.models import Role
from accounts.services.tokens import create_token
from auditing.models import HardSample, Prediction, RetrainSuggestion
from auditing.services import mining
from datasets.models import Report
from datasets.services import representation
from tests.accounts.factories import make_member
from tests.annotation.factories import make_items
from tests.auditing.factories import labeling_queue, make_loop, make_version, perform
from training.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop():
    found = make_loop(train=30)
    found.produce(80, wrong=0.4, rng=np.random.default_rng(0))
    return found


@pytest.fixture
def client(loop):
    return client_of(loop.lead)


def client_of(user):
    client = APIClient()
    client.force_login(user)
    return client


def path(loop, rest):
    return f"/api/v1/projects/{loop.project.slug}/{rest}"


def late(**fields):
    return {"external_id": "a", "predicted": "disc", "score": 0.9, "predicted_at": "2026-03-01T10:00:00Z"} | fields


def batch(loop, *predictions):
    return {"endpoint": "live", "model": str(loop.model.public_id), "predictions": list(predictions)}


# -- the log ---------------------------------------------------------------------------------------------------------


def test_the_log_is_read_in_pages_latest_first(loop, client):
    first = client.get(path(loop, "predictions?limit=50")).json()
    rest = client.get(path(loop, f"predictions?limit=50&cursor={first['next']}")).json()
    rows = first["results"] + rest["results"]
    assert (len(rows), rest["next"]) == (80, None)
    assert [one["predicted_at"] for one in rows] == sorted((one["predicted_at"] for one in rows), reverse=True)
    assert len({one["request_id"] for one in rows}) == 80
    one = rows[0]
    assert (one["endpoint"], one["model"]["id"]) == ("live", str(loop.model.public_id))
    assert one["thumbnail_url"].startswith("/")
    assert one["probabilities"] == {one["predicted"]: one["score"]}


def test_the_log_is_filtered(loop, client):
    rows = client.get(path(loop, "predictions?predicted=disc&endpoint=live&limit=500")).json()["results"]
    assert len(rows) == Prediction.objects.filter(predicted="disc").count()
    assert client.get(path(loop, "predictions?endpoint=nowhere")).status_code == 404


def test_a_late_batch_says_what_was_new(loop, client):
    (item,) = make_items(loop.project, 1)
    body = batch(loop, late(sha256=item.sha256), late(external_id="b", sha256="0" * 64))
    assert client.post(path(loop, "predictions"), body, format="json").json() == {
        "taken": 2, "known": 0, "without_input": 1,
    }  # fmt: skip
    assert client.post(path(loop, "predictions"), body, format="json").json() == {
        "taken": 0, "known": 2, "without_input": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"predicted_at": "2190-01-01T00:00:00Z"}, "predictions[0].predicted_at"),
        ({"predicted": "tomato"}, "predictions[0].predicted"),
        ({"score": "nan"}, "predictions"),
        ({"score": 1.5}, "predictions"),
        ({"sha256": "xyz"}, "predictions"),
    ],
)
def test_an_impossible_late_answer_is_a_sentence(loop, client, fields, field):
    refused = client.post(path(loop, "predictions"), batch(loop, late(**fields)), format="json")
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert any(name.startswith(field) for name in refused.json()["errors"]), refused.json()


def test_a_token_for_predictions_writes_the_log_and_does_not_read_it(loop):
    """It lies on phones: whoever takes it out must not see what everybody else asked about."""
    _, text = create_token(user=loop.lead, name="phones", scopes=["predict"], project=loop.project)
    phone = APIClient(HTTP_AUTHORIZATION=f"Bearer {text}")
    sent = phone.post(path(loop, "predictions"), batch(loop, late()), format="json")
    assert (sent.status_code, sent.json()["taken"]) == (200, 1)
    assert phone.get(path(loop, "predictions")).status_code == 403
    assert phone.get(path(loop, "production?endpoint=live")).status_code == 403
    row = Prediction.objects.get(item=None)
    outcome = {"request_id": str(row.request_id), "outcome": "cross"}
    assert phone.post(path(loop, "predictions/outcome"), outcome, format="json").status_code == 204
    assert Prediction.objects.get(item=None).outcome == "cross"


def test_an_outcome_of_another_project_is_not_found(loop, client):
    other = make_loop()
    other.produce(1, wrong=0, rng=np.random.default_rng(0))
    foreign = Prediction.objects.get(project=other.project)
    body = {"request_id": str(foreign.request_id), "outcome": "cross"}
    assert client.post(path(loop, "predictions/outcome"), body, format="json").status_code == 404
    assert Prediction.objects.get(project=other.project).outcome is None


# -- production ------------------------------------------------------------------------------------------------------


def test_the_page_of_an_endpoint(loop, client):
    loop.judged(budget=40)
    (name,) = client.get(path(loop, "production/endpoints")).json()
    assert name["name"] == "live"
    found = client.get(path(loop, "production?endpoint=live&days=60")).json()
    assert (found["total"], found["days"], found["expected"]["split"]) == (80, 60, "test")
    assert found["verdict"]["light"] == "bad"
    assert found["audited"][0]["accuracy"]["high"] < 0.95
    assert found["class_names"] == {"disc": "Disc", "square": "Square", "cross": "Cross"}
    assert found["suggestions"][0]["evidence"]["drop"]["value"] > 0.02


@pytest.mark.parametrize("days", ["0", "501", "x", "-3"])
def test_days_out_of_range_are_named(loop, client, days):
    refused = client.get(path(loop, f"production?endpoint=live&days={days}"))
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["days"])


def test_production_is_compared_with_the_training_data_by_a_job(loop, client):
    job = client.post(path(loop, "production/check"), {"endpoint": "live"}, format="json")
    assert (job.status_code, job.json()["state"]) == (202, "queued")
    report = Report.objects.get()
    assert report.subject["reference"]["version"] == str(loop.version)
    assert perform(report.job, representation.perform).state == "succeeded"


def test_two_windows_are_compared_and_overlapping_ones_refused(loop, client):
    def body(first, second, third, fourth):
        times = {"earlier_start": first, "earlier_end": second, "later_start": third, "later_end": fourth}
        return {"endpoint": "live"} | {name: loop.window(days).start.isoformat() for name, days in times.items()}

    assert client.post(path(loop, "windows/compare"), body(30, 15, 15, 1), format="json").status_code == 202
    refused = client.post(path(loop, "windows/compare"), body(30, 10, 15, 1), format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["later_start"])


# -- suggestions -----------------------------------------------------------------------------------------------------


def test_a_suggestion_is_accepted_with_one_button(loop, client):
    loop.judged(budget=60)
    (row,) = client.get(path(loop, "suggestions")).json()["results"]
    assert row["plan"] == {"step": "nothing", "version": str(loop.version), "new_labels": 0, "added": []}
    refused = client.post(path(loop, f"suggestions/{row['id']}/accept"))
    assert refused.status_code == 409
    assert "nothing new to learn" in refused.json()["detail"]
    newer = make_version(loop.project)
    (row,) = client.get(path(loop, "production?endpoint=live")).json()["suggestions"]
    assert (row["plan"]["step"], row["plan"]["version"]) == ("train", str(newer))
    accepted = client.post(path(loop, f"suggestions/{row['id']}/accept"))
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert accepted.json()["plan"] is None
    assert accepted.json()["run"] == str(Run.objects.get(state="queued").public_id)
    assert client.post(path(loop, f"suggestions/{row['id']}/accept")).status_code == 409


def test_a_suggestion_is_dismissed_with_a_reason_by_somebody_who_leads(loop, client):
    loop.judged(budget=60)
    address = path(loop, f"suggestions/{RetrainSuggestion.objects.get().public_id}/dismiss")
    assert client.post(address, {"reason": " "}, format="json").status_code == 422
    reviewer = client_of(make_member(loop.project, Role.REVIEWER))
    assert reviewer.post(address, {"reason": "No."}, format="json").status_code == 403
    stranger = client_of(make_loop().lead)
    assert stranger.post(address, {"reason": "No."}, format="json").status_code == 404
    done = client.post(address, {"reason": "A holiday."}, format="json").json()
    assert (done["state"], done["evidence"]["dismissed_because"]) == ("dismissed", "A holiday.")
    assert done["decided_by"]["name"] == loop.lead.name


# -- hard samples ----------------------------------------------------------------------------------------------------


def mine(loop, client, **fields):
    made = client.post(path(loop, "hard-samples"), {"endpoint": "live"} | fields, format="json")
    assert made.status_code == 202, made.content
    return made.json()


def test_hard_samples_are_mined_looked_at_and_sent_both_ways(loop, client):
    made = mine(loop, client)
    assert (made["summary"], made["job"]["state"]) == (None, "queued")
    address = path(loop, f"hard-samples/{made['id']}")
    assert client.post(f"{address}/to-audit").status_code == 422  # nothing yet
    perform(mining.HardSampleBatch.objects.get().job, mining.perform)
    shown = client.get(address).json()
    assert shown["summary"]["chosen"] == HardSample.objects.count()
    rows = client.get(f"{address}/samples?limit=500").json()["results"]
    assert [one["reason"] for one in rows][:10] == ["random"] * 10
    assert {one["fate"] for one in rows} == {"waiting"}
    audit = client.post(f"{address}/to-audit").json()
    assert (audit["kind"], audit["asked"]) == ("targeted", len(rows))
    assert client.post(f"{address}/to-audit").json()["id"] == audit["id"]
    queue = {"queue": str(labeling_queue(loop).public_id)}
    assert client.post(f"{address}/to-queue", queue, format="json").json() == {"tasks": len(rows)}
    assert client.post(f"{address}/to-queue", queue, format="json").json() == {"tasks": 0}
    targeted = client.get(path(loop, f"audits/{audit['id']}")).json()
    assert (targeted["design"], targeted["result"]) == (None, None)


def test_a_double_press_mines_once(loop, client):
    key = {"HTTP_IDEMPOTENCY_KEY": "mine-1"}
    body = {"endpoint": "live", "end": loop.window().end.isoformat()}
    first, second = (client.post(path(loop, "hard-samples"), body, format="json", **key).json() for _ in range(2))
    assert first == second
    assert mining.HardSampleBatch.objects.count() == 1


def test_without_a_random_floor_nothing_is_mined(loop, client):
    refused = client.post(path(loop, "hard-samples"), {"endpoint": "live", "n_random": 0}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["n_random"])


def test_a_batch_of_another_project_is_not_found(loop, client):
    other = make_loop()
    other.produce(20, wrong=0.1, rng=np.random.default_rng(0))
    foreign = other.mine()
    for rest in ("", "/samples"):
        assert client.get(path(loop, f"hard-samples/{foreign.public_id}{rest}")).status_code == 404
    assert client.post(path(loop, f"hard-samples/{foreign.public_id}/to-audit")).status_code == 404
    fine = loop.mine()
    queue = {"queue": str(labeling_queue(other).public_id)}
    refused = client.post(path(loop, f"hard-samples/{fine.public_id}/to-queue"), queue, format="json")
    assert refused.status_code == 404


# -- home and palette ------------------------------------------------------------------------------------------------


def test_home_shows_each_role_what_is_theirs(loop, client):
    found = client.get(path(loop, "home")).json()
    assert [one["key"] for one in found["stations"]][0] == "define"
    assert len(found["stations"]) == 8
    assert found["next_steps"][0]["code"] == "audit"
    assert found["versions"][0]["ref"] == str(loop.version)
    researcher = client_of(make_member(loop.project, Role.RESEARCHER)).get(path(loop, "home")).json()
    assert (researcher["stations"], researcher["next_steps"], len(researcher["versions"])) == ([], [], 1)
    annotator = client_of(make_member(loop.project, Role.ANNOTATOR)).get(path(loop, "home")).json()
    assert annotator == {"role": "annotator", "stations": [], "next_steps": [], "versions": []}


def test_the_palette_finds_by_a_few_letters(loop, client):
    hits = client.get(path(loop, "search?q=shapes")).json()
    assert {hit["kind"] for hit in hits} >= {"version", "model"}
    assert client.get(path(loop, "search")).json() == []
