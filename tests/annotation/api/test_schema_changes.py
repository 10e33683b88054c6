import pytest

from accounts.models import Job
from accounts.services.jobs import run_claimed
from annotation.services.schema_changes import perform_change
from datasets.services.labels import Acceptance, accept_labels
from tests.annotation.factories import join, make_items, make_queue

pytestmark = pytest.mark.django_db

MERGE = {"op": "merge", "question": "kind", "classes": ["dog"], "into": "cat"}

SPLIT = {
    "op": "split", "question": "kind", "class": "dog",
    "into": [{"key": "puppy", "names": {"en": "Puppy"}}, {"key": "hound", "names": {"en": "Hound"}}],
}  # fmt: skip


@pytest.fixture
def queue():
    return make_queue(n_items=2)


@pytest.fixture
def at(queue, client):
    client.force_login(join(queue.project, "lead"))
    return f"/api/v1/projects/{queue.project.slug}/schemas/{queue.schema.public_id}/changes"


def post(client, path, body, **headers):
    return client.post(path, body, content_type="application/json", **headers)


def test_the_dry_run_says_labels_and_queues(client, at, queue):
    answer = post(client, f"{at}/preview", {"operations": [MERGE]})
    assert answer.status_code == 200
    assert answer.json() == {
        "labels": [{"question": "kind", "moved": 0, "asked_again": 0, "kept": 0}],
        "queues": [
            {"id": str(queue.public_id), "name": queue.name, "version": 1, "open_tasks": 2, "n_stale": 0, "moves": True}
        ],
        "again": [],
    }


def test_asking_again_is_offered_and_taken(client, at, queue):
    item = make_items(queue.project, 1)[0]
    accept_labels(
        project=queue.project, schema=queue.schema, question="kind",
        acceptances=[Acceptance(item_id=item.pk, answer={"choice": "dog"}, origin="import")],
    )  # fmt: skip
    offered = post(client, f"{at}/preview", {"operations": [SPLIT]}).json()["again"]
    assert offered == [{"question": "kind", "items": 1, "like": queue.name, "redundancy": queue.redundancy}]
    made = post(client, at, {"operations": [SPLIT], "ask_again": True}).json()
    run_claimed(Job.objects.get(public_id=made["job"]["id"]).pk, perform_change)
    (asked,) = Job.objects.get(public_id=made["job"]["id"]).result["asked_again_in"]
    shown = client.get(f"/api/v1/projects/{queue.project.slug}/queues/{asked['queue']}").json()
    assert (shown["name"], shown["schema_version"], shown["n_tasks"]) == (asked["name"], 2, 1)


def test_whether_to_ask_again_is_yes_or_no(client, at):
    answer = post(client, at, {"operations": [SPLIT], "ask_again": "often"})
    assert answer.status_code == 422
    assert "ask_again" in answer.json()["errors"]


def test_a_change_is_a_job_and_then_history(client, at, queue):
    answer = post(client, at, {"operations": [MERGE]}, headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 202
    again = post(client, at, {"operations": [MERGE]}, headers={"Idempotency-Key": "k1"})
    assert again.json()["id"] == answer.json()["id"]
    assert (answer.json()["after"], answer.json()["labels"]) == (None, [])
    run_claimed(Job.objects.get(public_id=answer.json()["job"]["id"]).pk, perform_change)
    (row,) = client.get(at).json()["results"]
    assert (row["version"], row["operations"], row["by"]) == (2, [MERGE], answer.json()["by"])
    assert row["labels"] == [{"question": "kind", "moved": 0, "asked_again": 0, "kept": 0}]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"operations": [MERGE | {"into": "horse"}]}, "operations[0].into"),
        ({"operations": [{"op": "melt"}]}, "operations[0].op"),
        ({"operations": "merge"}, "operations"),
    ],
)
def test_a_mistake_is_told_at_its_place(client, at, body, place):
    answer = post(client, f"{at}/preview", body)
    assert answer.status_code in (400, 422)
    assert place in answer.json()["errors"]


def test_an_older_version_cannot_be_changed(client, at, queue):
    change = post(client, at, {"operations": [MERGE]}).json()
    run_claimed(Job.objects.get(public_id=change["job"]["id"]).pk, perform_change)
    answer = post(client, at, {"operations": []})
    assert (answer.status_code, answer.json()["code"]) == (409, "schema-moved-on")


def test_reviewers_read_and_only_leads_change(client, at, queue):
    client.force_login(join(queue.project, "reviewer"))
    assert client.get(at).status_code == 200
    assert post(client, f"{at}/preview", {}).status_code == 403
    assert post(client, at, {}).status_code == 403
