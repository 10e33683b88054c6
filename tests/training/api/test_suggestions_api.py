import uuid

import pytest
from rest_framework.test import APIClient

from annotation.models import ShownSuggestion
from annotation.services.queues import create_queue
from annotation.services.tasks import TaskSpec, add_tasks
from common.models import OutboxEvent
from datasets.models import VersionItem
from tests.annotation.factories import join
from tests.training import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return factories.project()


def queue_of(owner, endpoint, purpose="labeling"):
    version = endpoint.model_version.run.version
    queue = create_queue(project=owner, name=purpose, schema=version.schema, question="shape", purpose=purpose)
    rows = VersionItem.objects.filter(version=version).order_by("pk")[:4]
    add_tasks(queue=queue, items=[TaskSpec(item_id=row.item_id) for row in rows])
    return queue


def ready(owner, queue, want=3):
    client = APIClient()
    client.force_login(join(owner, "annotator"))
    body = {"want": want, "holding": [], "tab": "t"}
    found = client.post(f"/api/v1/queues/{queue.public_id}/next", body, format="json").json()
    return client, found["leases"]


def ask(client, owner, queue, tasks):
    return client.get(f"/api/v1/projects/{owner.slug}/queues/{queue.public_id}/suggestions", {"task": tasks})


def test_the_model_in_use_speaks_of_the_tasks_in_hand_and_nothing_is_logged(owner):
    endpoint = factories.released(owner)
    queue = queue_of(owner, endpoint)
    client, leases = ready(owner, queue)
    others, theirs = ready(owner, queue, 1)
    before = OutboxEvent.objects.count()
    answer = ask(client, owner, queue, [one["task"] for one in leases + theirs])
    assert answer.status_code == 200, answer.json()
    found = answer.json()
    assert found["model"]["id"] == str(endpoint.model_version.public_id)
    assert [one["task"] for one in found["results"]] == sorted(one["task"] for one in leases)
    assert all(one["classes"][0] in factories.KEYS and 0 <= one["probability"] <= 1 for one in found["results"])
    assert OutboxEvent.objects.count() == before
    one = found["results"][0]
    lease = next(lease for lease in leases if lease["task"] == one["task"])
    said = {"model": found["model"]["id"], "classes": one["classes"], "probability": one["probability"]}
    body = {
        "id": str(uuid.uuid4()), "lease": lease["lease"], "task": lease["task"], "revision": 1,
        "schema_version": queue.schema.version, "answer": {"kind": "class", "classes": one["classes"]},
        "suggestion": {**said, "confirmed": True},
    }  # fmt: skip
    for status in (201, 200):  # a replay is one answer and one suggestion
        assert client.post("/api/v1/submissions", body, format="json").status_code == status
    kept = ShownSuggestion.objects.get()
    assert (str(kept.submission_id), kept.classes, kept.confirmed) == (body["id"], one["classes"], True)


def test_without_a_model_for_the_question_there_is_none_and_an_audit_is_told_nothing(owner):
    endpoint = factories.released(owner)
    audit = queue_of(owner, endpoint, "audit")
    client, leases = ready(owner, audit)
    assert ask(client, owner, audit, [leases[0]["task"]]).status_code == 403
    queue = queue_of(owner, endpoint)
    client, leases = ready(owner, queue)
    type(endpoint).objects.filter(pk=endpoint.pk).update(model_version=None)
    assert ask(client, owner, queue, [leases[0]["task"]]).json() == {"model": None, "results": []}
    assert ask(client, owner, queue, []).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        [], {"model": "x"}, {"classes": []}, {"classes": ["x" * 121]}, {"probability": 1.5}, {"probability": True},
        {"confirmed": 1},
    ],
)  # fmt: skip
def test_a_suggestion_that_makes_no_sense_is_refused_by_name(owner, wrong):
    client = APIClient()
    client.force_login(join(owner, "annotator"))
    said = {"model": str(uuid.uuid4()), "classes": ["disc"], "probability": 0.5, "confirmed": True}
    body = {
        "id": str(uuid.uuid4()), "lease": str(uuid.uuid4()), "task": 1, "revision": 1, "schema_version": 1,
        "answer": {"kind": "class", "classes": ["disc"]}, "suggestion": {**said, **wrong} if wrong else [],
    }  # fmt: skip
    answer = client.post("/api/v1/submissions", body, format="json")
    assert answer.status_code == 422
    assert "suggestion" in answer.json()["errors"]
