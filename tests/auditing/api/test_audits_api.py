import uuid

import numpy as np
import pytest
from rest_framework.test import APIClient

from accounts.models import Role
from annotation.models import Queue, TaskPayload
from auditing.models import Audit, AuditItem, AuditSchedule
from auditing.services.audit_progress import take_in_answers
from tests.accounts.factories import make_member
from tests.auditing.factories import answer, make_loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop():
    found = make_loop()
    found.produce(80, wrong=0.3, rng=np.random.default_rng(0))
    return found


@pytest.fixture
def client(loop):
    return client_of(loop.lead)


def client_of(user):
    client = APIClient()
    client.force_login(user)
    return client


def path(loop, rest=""):
    return f"/api/v1/projects/{loop.project.slug}/audits{rest}"


BODY = {"endpoint": "live", "name": "Week 1", "budget": 30, "seed": 4}


def test_preview_draws_nothing_and_says_what_it_would_cost(loop, client):
    found = client.post(
        path(loop, "/preview"), {"endpoint": "live", "budget": 30, "redundancy": 2}, format="json"
    ).json()
    assert (found["population"], found["total"], found["labels"], found["hours"]) == (80, 30, 60, None)
    assert sum(one["sample"] for one in found["strata"]) == 30
    assert sum(one["size"] for one in found["strata"]) == 80
    assert 0 < found["expected_half_width"] < 0.3
    assert found["without_input"] == 0
    assert not Audit.objects.exists()


def test_an_audit_is_made_read_ended_and_its_errors_are_shown(loop, client):
    made = client.post(path(loop), BODY, format="json")
    assert made.status_code == 201, made.content
    shown = made.json()
    assert (shown["name"], shown["kind"], shown["state"], shown["asked"], shown["judged"]) == (
        "Week 1", "random", "running", 30, 0,
    )  # fmt: skip
    assert shown["design"]["seed"] == 4
    assert shown["result"] is None
    assert shown["class_names"]["disc"] == "Disc"
    audit = Audit.objects.get()
    assert shown["queue"]["id"] == str(audit.queue.public_id)
    answer(audit.queue, loop.truth)

    refreshed = client.post(path(loop, f"/{audit.public_id}/refresh")).json()
    assert (refreshed["judged"], refreshed["result"]["waiting"]) == (30, 0)
    assert set(refreshed["result"]["accuracy"]) == {"value", "low", "high", "level", "n", "method", "reason"}
    assert {one["key"] for one in refreshed["result"]["by_class"]} == {"disc", "square", "cross"}
    ended = client.post(path(loop, f"/{audit.public_id}/end"), {"state": "complete"}, format="json").json()
    assert ended["state"] == "complete"
    again = client.post(path(loop, f"/{audit.public_id}/end"), {"state": "complete"}, format="json")
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")

    errors = client.get(path(loop, f"/{audit.public_id}/errors")).json()
    assert len(errors) == refreshed["result"]["wrong"] > 0
    assert [one["score"] for one in errors] == sorted((one["score"] for one in errors), reverse=True)
    assert all(one["predicted"] != one["truth"] and 0 < one["inclusion_probability"] <= 1 for one in errors)


def test_a_list_leaves_the_long_parts_out(loop, client):
    audit = loop.judged(budget=20)
    (row,) = client.get(path(loop)).json()["results"]
    assert row["result"]["sentence"] == audit.result["sentence"]
    assert row["result"]["accuracy"] == audit.result["accuracy"]
    assert not {"by_class", "confusion", "strata", "classes"} & set(row["result"])
    assert Audit.objects.get().result["by_class"]


def test_a_double_press_makes_one_audit(loop, client):
    key = {"HTTP_IDEMPOTENCY_KEY": "press-1"}
    first = client.post(path(loop), BODY, format="json", **key)
    second = client.post(path(loop), BODY, format="json", **key)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert (Audit.objects.count(), Queue.objects.count(), AuditItem.objects.count()) == (1, 1, 30)
    other = client.post(path(loop), BODY | {"budget": 31}, format="json", **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-mismatch")
    taken = client.post(path(loop), BODY, format="json", HTTP_IDEMPOTENCY_KEY="press-2")
    assert (taken.status_code, taken.json()["code"]) == (409, "queue-name-taken")
    assert Audit.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"budget": 1}, 422, "budget"),
        ({"strata_by": "weather"}, 422, "strata_by"),
        ({"name": ""}, 422, "name"),
        ({"endpoint": "nowhere"}, 404, None),
        ({"start": "2026-03-02T00:00Z", "end": "2026-03-01T00:00Z"}, 422, "end"),
        ({"start": "2020-03-01T00:00Z", "end": "2020-03-02T00:00Z"}, 422, "start"),
        ({"kinds": ["martian"]}, 422, "kinds"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_field(loop, client, changes, status, field):
    refused = client.post(path(loop), BODY | changes, format="json")
    assert refused.status_code == status, refused.content
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["detail"]
    if field:
        assert field in refused.json()["errors"]
    assert not Audit.objects.exists()


def test_roles(loop, client):
    audit = loop.audit()
    researcher, reviewer, annotator = (
        client_of(make_member(loop.project, role)) for role in (Role.RESEARCHER, Role.REVIEWER, Role.ANNOTATOR)
    )
    stranger = client_of(make_loop().lead)
    for rest in ("", f"/{audit.public_id}", f"/{audit.public_id}/errors"):
        assert researcher.get(path(loop, rest)).status_code == 200
        assert annotator.get(path(loop, rest)).status_code == 403
        assert stranger.get(path(loop, rest)).status_code == 404
    for rest in ("", "/preview", f"/{audit.public_id}/end", f"/{audit.public_id}/refresh"):
        assert reviewer.post(path(loop, rest), BODY, format="json").status_code == 403
        assert stranger.post(path(loop, rest), BODY, format="json").status_code == 404
    assert client.get(path(loop, f"/{uuid.uuid4()}")).status_code == 404


def test_an_audit_of_another_project_is_not_found_through_mine(loop, client):
    other = make_loop()
    other.produce(20, wrong=0.1, rng=np.random.default_rng(0))
    foreign = other.audit()
    assert client.get(path(loop, f"/{foreign.public_id}")).status_code == 404
    assert (
        client.post(path(loop, f"/{foreign.public_id}/end"), {"state": "cancelled"}, format="json").status_code == 404
    )


def test_nothing_that_an_annotator_reads_tells_what_the_model_said(loop):
    """The whole of what the workbench gets: no prediction, no score, no stratum, no kind of audit."""
    audit = loop.audit(budget=10)
    annotator = client_of(make_member(loop.project, Role.ANNOTATOR))
    queue = f"/api/v1/projects/{loop.project.slug}/queues/{audit.queue.public_id}"
    leases = annotator.post(f"{queue}/next", {"want": 5, "holding": [], "tab": "t"}, format="json").json()
    assert len(leases["leases"]) == 5
    text = f"{leases} {annotator.get(f'{queue}/workbench').json()} {annotator.get('/api/v1/my-work').json()}".lower()
    for word in ("predicted", "score", "stratum", "provenance", "inclusion", str(audit.public_id), "targeted"):
        assert word not in text
    hashes = set(TaskPayload.objects.filter(queue=audit.queue).values_list("sha256", flat=True))
    assert any(sha in text for sha in hashes)


def schedules(loop, rest=""):
    return f"/api/v1/projects/{loop.project.slug}/audit-schedules{rest}"


def test_a_schedule_is_set_listed_and_ended(loop, client):
    made = client.post(schedules(loop), {"endpoint": "live", "cadence_days": 7, "budget": 20}, format="json")
    assert made.status_code == 201, made.content
    assert (made.json()["owner"]["name"], made.json()["overdue_days"]) == (loop.lead.name, 0.0)
    (row,) = client.get(schedules(loop)).json()["results"]
    assert row == made.json()
    assert client.delete(schedules(loop, f"/{row['id']}")).status_code == 204
    assert client.get(schedules(loop)).json()["results"] == []
    assert not AuditSchedule.objects.get().is_active
    assert client.delete(schedules(loop, f"/{row['id']}")).status_code == 404


def test_a_schedule_names_an_owner_who_leads(loop, client):
    reviewer, other = make_member(loop.project, Role.REVIEWER), make_member(loop.project, Role.OWNER)
    body = {"endpoint": "live", "cadence_days": 7, "budget": 20}
    refused = client.post(schedules(loop), body | {"owner": reviewer.email}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["owner"])
    stranger = client.post(schedules(loop), body | {"owner": "nobody@example.org"}, format="json")
    assert stranger.status_code == 404
    made = client.post(schedules(loop), body | {"owner": other.email.upper()}, format="json")
    assert made.json()["owner"]["id"] == str(other.public_id)


def test_numbers_move_with_the_answers(loop, client):
    audit = loop.audit(budget=30, strata_by="none")
    answer(audit.queue, loop.truth, only=lambda item: item % 2 == 0)
    take_in_answers(audit)
    shown = client.get(path(loop, f"/{audit.public_id}")).json()
    assert shown["judged"] == shown["result"]["judged"] == 30 - shown["result"]["waiting"]
