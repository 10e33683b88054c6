import json
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import Job, User
from accounts.services.jobs import run_claimed
from annotation.models import Annotator, Queue, ReviewCase, Task, TaskPayload
from annotation.services.completion import dispute_audit_tasks
from annotation.services.consensus import perform_acceptance, perform_consensus
from annotation.services.selection import perform_fill
from tests.annotation.factories import (
    join,
    make_annotators,
    make_items,
    make_project,
    make_queue,
    make_schema,
    say,
)

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, method: str, path: str, body: Any = None, **extra: Any):
    call = getattr(client, method)
    return call(f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", **extra)


@pytest.fixture
def queue() -> Queue:
    return make_queue(n_items=3, redundancy=2)


@pytest.fixture
def lead(queue) -> Client:
    return client_of(join(queue.project, "lead"))


def test_a_lead_makes_a_queue_and_a_job_fills_it_once():
    project = make_project()
    items = make_items(project, 5)
    lead = client_of(join(project, "lead"))
    body = {
        "name": "First", "schema": str(make_schema(project).public_id), "question": "kind", "redundancy": 2,
        "selection": {"sample": 3, "seed": 1},
    }  # fmt: skip
    path, key = f"projects/{project.slug}/queues", {"HTTP_IDEMPOTENCY_KEY": "one"}
    made, again = send(lead, "post", path, body, **key), send(lead, "post", path, body, **key)
    assert (made.status_code, again.status_code) == (201, 201)
    assert made.json() == again.json()
    job = Job.objects.get(public_id=made.json()["job"])
    run_claimed(job.pk, perform_fill)
    job.refresh_from_db()
    assert (job.state, job.result) == ("succeeded", {"selected": 3, "added": 3, "known": 0})
    (shown,) = lead.get(f"/api/v1/{path}").json()["results"]
    assert (shown["n_tasks"], shown["n_slots"], shown["n_done"], shown["n_open_cases"]) == (3, 6, 0, 0)
    refill = send(lead, "post", f"{path}/{shown['id']}/tasks", {"item_ids": [item.pk for item in items]})
    assert refill.status_code == 202
    job = Job.objects.get(public_id=refill.json()["job"])
    run_claimed(job.pk, perform_fill)
    job.refresh_from_db()
    assert job.result == {"selected": 5, "added": 2, "known": 3}
    count = send(lead, "post", f"{path}/{shown['id']}/selection", {"labelled": False})
    assert count.json() == {"n": 5}


def test_certain_items_are_selected_by_hash_and_strangers_are_not():
    project, other = make_project(), make_project()
    mine, foreign = make_items(project, 4), make_items(other, 6)[5]
    queue = make_queue(project)
    lead = client_of(join(project, "lead"))
    count = f"projects/{project.slug}/queues/{queue.public_id}/selection"
    assert send(lead, "post", count, {"hashes": [mine[0].sha256, mine[2].sha256]}).json() == {"n": 2}
    assert send(lead, "post", count, {"hashes": [foreign.sha256]}).json() == {"n": 0}
    assert send(lead, "post", count, {"hashes": []}).status_code == 422
    by_width = [{"conditions": [{"name": "width", "missing": missing}]} for missing in (True, False)]
    assert sum(send(lead, "post", count, one).json()["n"] for one in by_width) == 4
    assert send(lead, "post", count, {"conditions": [{"name": "password", "values": [1]}]}).status_code == 422
    assert send(lead, "post", count, {"version": "none@v1"}).status_code == 404


def test_gold_is_added_seen_and_taken_out_by_http(queue, lead):
    item = make_items(queue.project, 1)[0]
    path = f"projects/{queue.project.slug}/queues/{queue.public_id}/gold"
    body = {"answers": [{"item": item.pk, "answer": {"kind": "class", "classes": ["dog"]}}]}
    assert send(lead, "post", path, body).json() == {"added": 1, "turned": 0, "known": 0}
    assert send(lead, "post", path, body).json() == {"added": 0, "turned": 0, "known": 1}
    assert send(lead, "post", path, {**body, "sample": 3}).status_code == 422
    task = TaskPayload.objects.get(item=item).task_id
    for who, answer in zip(make_annotators(queue.project, 3), ("dog", "cat", "dog"), strict=True):
        say(who, task, answer)
    (row,) = lead.get(f"/api/v1/{path}").json()["results"]
    assert (row["item"]["id"], row["answer"]["classes"], row["right"]["n"]) == (item.pk, ["dog"], 3)
    assert [(one["answer"]["classes"], one["n"], one["right"]) for one in row["given"]] == [
        (["dog"], 2, True), (["cat"], 1, False),
    ]  # fmt: skip
    people = lead.get(f"/api/v1/{path}/people").json()["results"]
    assert sorted(one["right"]["value"] for one in people) == [0.0, 1.0, 1.0]
    for role in ("reviewer", "researcher", "annotator"):
        other = client_of(join(queue.project, role))
        assert {other.get(f"/api/v1/{path}{end}").status_code for end in ("", "/people")} == {403}, "it is blind"
    assert lead.delete(f"/api/v1/{path}/{task}").status_code == 204
    assert lead.delete(f"/api/v1/{path}/{task}").status_code == 404
    assert lead.get(f"/api/v1/{path}").json()["results"] == []
    elsewhere = make_queue()
    assert lead.get(f"/api/v1/projects/{elsewhere.project.slug}/queues/{elsewhere.public_id}/gold").status_code == 404


def test_chosen_items_become_gold_by_http(queue, lead):
    path = f"projects/{queue.project.slug}/queues/{queue.public_id}/gold"
    refused = send(lead, "post", path, {"selection": {"item_ids": [make_items(queue.project, 1)[0].pk]}})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["selection"])


def test_the_sample_is_the_same_for_the_same_seed():
    project = make_project()
    make_items(project, 40)
    chosen = []
    for seed in (1, 1, 2):
        queue = make_queue(project)
        lead = client_of(join(project, "lead"))
        answer = send(
            lead, "post", f"projects/{project.slug}/queues/{queue.public_id}/tasks", {"sample": 5, "seed": seed}
        )
        run_claimed(Job.objects.get(public_id=answer.json()["job"]).pk, perform_fill)
        chosen.append(set(Task.objects.filter(queue=queue).values_list("payload__item_id", flat=True)))
    assert chosen[0] == chosen[1] != chosen[2]


def test_a_selection_that_cannot_be_read_is_refused_before_any_job(queue, lead):
    path = f"projects/{queue.project.slug}/queues/{queue.public_id}/tasks"
    answer = send(lead, "post", path, {"issues": ["ugly"]})
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_a_lead_changes_a_queue(queue, lead):
    path = f"projects/{queue.project.slug}/queues/{queue.public_id}"
    changed = send(lead, "patch", path, {"state": "paused", "instructions": "Look."})
    assert (changed.json()["state"], changed.json()["instructions_revision"]) == ("paused", 2)
    assert send(lead, "patch", path, {"redundancy": 5}).status_code == 422


def test_progress_consensus_agreement_and_acceptance_by_http(queue, lead):
    people = make_annotators(queue.project, 2)
    for one in people:
        for task_id in Task.objects.values_list("pk", flat=True):
            say(one, task_id, "cat")
    base = f"projects/{queue.project.slug}/queues/{queue.public_id}"
    stats = lead.get(f"/api/v1/{base}/stats").json()
    assert (stats["n_done"], stats["n_completed"], stats["per_day"][-1]["n"]) == (6, 3, 6)
    before = lead.get(f"/api/v1/{base}/agreement").json()
    assert before["figures"]["krippendorff_alpha"]["reason"].startswith("agreement is computed")
    assert lead.get(f"/api/v1/{base}/consensus").json()["preview"] == []
    started = send(lead, "post", f"{base}/consensus", {"method": "majority"})
    assert started.status_code == 202
    assert lead.get(f"/api/v1/{base}/consensus").json()["running_job"] == started.json()["job"]
    run_claimed(Job.objects.get(public_id=started.json()["job"]).pk, perform_consensus)
    after = lead.get(f"/api/v1/{base}/consensus").json()
    assert (after["method"], after["n_items"], after["preview"][2]["accepted"]) == ("majority", 3, 3)
    assert lead.get(f"/api/v1/{base}/agreement").json()["figures"]["krippendorff_alpha"]["value"] is None
    accepted = send(lead, "post", f"{base}/consensus/accept", {"threshold": 0.9})
    run_claimed(Job.objects.get(public_id=accepted.json()["job"]).pk, perform_acceptance)
    assert lead.get(f"/api/v1/{base}/consensus").json()["n_accepted"] == 3


def test_a_reviewer_settles_a_case_by_http():
    queue = make_queue(n_items=1, redundancy=2, purpose="audit")
    task = Task.objects.get()
    for one, answer in zip(make_annotators(queue.project, 2), ("cat", "dog"), strict=True):
        say(one, task.pk, answer)
    dispute_audit_tasks(queue_id=queue.pk, task_ids=[task.pk])
    reviewer = client_of(join(queue.project, "reviewer"))
    base = f"projects/{queue.project.slug}"
    (case,) = reviewer.get(f"/api/v1/{base}/review?state=open&queue={queue.public_id}").json()["results"]
    assert [one["answer"]["classes"] for one in case["answers"]] == [["cat"], ["dog"]]
    assert case["estimate"] is None
    body = {"answer": {"kind": "class", "classes": ["dog"]}, "note": "ears"}
    settled = send(reviewer, "post", f"{base}/review/{case['id']}/settle", body).json()
    assert (settled["state"], settled["answer"]["classes"], settled["note"]) == ("settled", ["dog"], "ears")
    again = send(reviewer, "post", f"{base}/review/{case['id']}/settle", body)
    assert (again.status_code, again.json()["settled_at"]) == (200, settled["settled_at"])
    other = {"answer": {"kind": "class", "classes": ["cat"]}}
    assert send(reviewer, "post", f"{base}/review/{case['id']}/settle", other).json()["code"] == "already-settled"
    assert reviewer.get(f"/api/v1/{base}/queues/{queue.public_id}/review?state=open").json()["results"] == []
    assert ReviewCase.objects.get().settled_at is not None


def test_people_are_listed_and_changed(queue, lead):
    one, _ = make_annotators(queue.project, 2)
    base = f"projects/{queue.project.slug}/people"
    listed = lead.get(f"/api/v1/{base}").json()["results"]
    assert len(listed) == 2
    assert set(listed[0]["reliability"]) == {"value", "low", "high", "level", "n", "method", "reason"}
    changed = send(lead, "patch", f"{base}/{one.public_id}", {"kind": "expert", "skills": ["Birds"], "state": "paused"})
    assert (changed.json()["kind"], changed.json()["skills"], changed.json()["state"]) == (
        "expert",
        ["birds"],
        "paused",
    )
    member = join(queue.project, "annotator")
    enrolled = send(lead, "post", base, {"user": str(member.public_id), "kind": "crowd", "is_simulated": True})
    assert (enrolled.status_code, enrolled.json()["is_simulated"]) == (201, True)
    assert send(lead, "post", base, {"user": str(uuid.uuid4())}).status_code == 422
    researcher = join(queue.project, "researcher")
    assert send(lead, "post", base, {"user": str(researcher.public_id)}).status_code == 422
    assert Annotator.objects.count() == 3


def test_the_workbench_document_is_sent_once(queue):
    user = make_annotators(queue.project, 1)[0].user
    client, path = client_of(user), f"/api/v1/projects/{queue.project.slug}/queues/{queue.public_id}/workbench"
    first = client.get(path)
    assert (first.status_code, first.json()["schema_version"], len(first.json()["classes"])) == (200, 1, 4)
    assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_ones_own_last_answers_come_back_for_a_look(queue):
    one, other = make_annotators(queue.project, 2)
    first, second, _ = Task.objects.order_by("pk").values_list("pk", flat=True)
    say(one, first, "cat", comment="hm")
    say(one, second, {"kind": "skip", "reason": "blurred"})
    say(other, first, "dog")
    path = f"/api/v1/projects/{queue.project.slug}/queues/{queue.public_id}/history"
    shown = client_of(one.user).get(path).json()["results"]
    assert [row["task"] for row in shown] == [second, first]
    assert shown[0]["answer"] == {"kind": "skip", "classes": [], "reason": "blurred"}
    assert (shown[1]["comment"], shown[1]["revision"], shown[1]["item"]["width"]) == ("hm", 1, 64)
    assert shown[1]["editable_until"] > shown[1]["submitted_at"]


def test_my_work_shows_queues_and_ones_own_quality(queue):
    one = make_annotators(queue.project, 1)[0]
    say(one, Task.objects.first().pk, "cat")
    shown = client_of(one.user).get("/api/v1/my-work").json()
    assert [(card["id"], card["remaining"]) for card in shown["queues"]] == [(str(queue.public_id), 2)]
    assert shown["continue_with"] == str(queue.public_id)
    assert shown["quality"][0]["reliability"]["reason"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", "queues", {"owner", "lead", "reviewer", "researcher"}),
        ("post", "queues", {"owner", "lead"}),
        ("get", "queues/{q}", {"owner", "lead", "reviewer", "researcher"}),
        ("patch", "queues/{q}", {"owner", "lead"}),
        ("post", "queues/{q}/tasks", {"owner", "lead"}),
        ("post", "queues/{q}/gold", {"owner", "lead"}),
        ("post", "queues/{q}/selection", {"owner", "lead", "reviewer"}),
        ("get", "queues/{q}/stats", {"owner", "lead", "reviewer", "researcher"}),
        ("get", "queues/{q}/consensus", {"owner", "lead", "reviewer", "researcher"}),
        ("post", "queues/{q}/consensus", {"owner", "lead"}),
        ("post", "queues/{q}/consensus/accept", {"owner", "lead"}),
        ("get", "queues/{q}/agreement", {"owner", "lead", "reviewer", "researcher"}),
        ("get", "queues/{q}/workbench", {"owner", "lead", "reviewer", "annotator"}),
        ("get", "queues/{q}/history", {"owner", "lead", "reviewer", "annotator"}),
        ("get", "queues/{q}/review", {"owner", "lead", "reviewer"}),
        ("get", "review", {"owner", "lead", "reviewer"}),
        ("get", "people", {"owner", "lead", "reviewer", "researcher"}),
        ("post", "people", {"owner", "lead"}),
        ("get", "my-work", {"owner", "lead", "reviewer", "annotator"}),
    ],
)
def test_roles(queue, method, path, allowed):
    path = f"projects/{queue.project.slug}/{path.format(q=queue.public_id)}"
    for role in ("owner", "lead", "reviewer", "annotator", "researcher"):
        client = client_of(join(queue.project, role))
        answer = client.get(f"/api/v1/{path}") if method == "get" else send(client, method, path)
        assert (answer.status_code != 403) == (role in allowed), (role, answer.content)
    stranger = client_of(join(make_project(), "owner"))
    answer = stranger.get(f"/api/v1/{path}") if method == "get" else send(stranger, method, path)
    assert answer.status_code == 404
    answer = Client().get(f"/api/v1/{path}") if method == "get" else send(Client(), method, path)
    assert answer.status_code == 401
