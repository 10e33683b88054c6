"""A queue of several questions through the API: made, told to the workbench, answered, looked back at."""

import uuid

import pytest
from django.test import Client

from annotation.models import Queue, Task
from annotation.services.queues import create_queue
from annotation.services.tasks import TaskSpec, add_tasks
from tests.annotation.factories import join, make_items, make_project, make_queue, make_schema
from tests.annotation.services.test_several_questions import BLACK_CAT, DOCUMENT, DOG

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_project()


def client_of(project, role):
    client = Client()
    client.force_login(join(project, role))
    return client


def post(client, path, body):
    return client.post(path, body, content_type="application/json")


def test_a_lead_makes_a_queue_of_several_questions(project):
    schema = make_schema(project, DOCUMENT)
    body = {"name": "Pets", "schema": str(schema.public_id), "questions": ["coat", "animal"]}
    made = post(client_of(project, "lead"), f"/api/v1/projects/{project.slug}/queues", body)
    assert made.status_code == 201, made.content
    queue = made.json()["queue"]
    assert (queue["question"], queue["questions"]) == ("animal", ["animal", "coat"])
    assert queue["not_counted"] is None
    free = post(
        client_of(project, "lead"), f"/api/v1/projects/{project.slug}/queues",
        {**body, "name": "Free", "questions": ["legs", "parts"]},
    ).json()["queue"]  # fmt: skip
    assert free["not_counted"].startswith("Shapes, numbers and texts cannot be counted")
    agreement = client_of(project, "lead").get(f"/api/v1/projects/{project.slug}/queues/{free['id']}/agreement").json()
    assert (agreement["figures"]["observed"]["reason"], agreement["questions"]) == (free["not_counted"], [])
    refused = post(client_of(project, "lead"), f"/api/v1/projects/{project.slug}/queues", {**body, "questions": []})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["question"])


def test_a_queue_of_one_question_is_told_as_before(project):
    queue = make_queue(project)
    client = client_of(project, "lead")
    shown = client.get(f"/api/v1/projects/{project.slug}/queues/{queue.public_id}").json()
    assert (shown["question"], shown["questions"], shown["not_counted"]) == ("kind", ["kind"], None)
    bench = client.get(f"/api/v1/projects/{project.slug}/queues/{queue.public_id}/workbench").json()
    assert (bench["asked"], bench["queue"]["question"]["key"], len(bench["classes"])) == ([], "kind", 4)


class TestOneRound:
    @pytest.fixture
    def queue(self, project) -> Queue:
        schema = make_schema(project, DOCUMENT)
        queue = create_queue(project=project, name="Pets", schema=schema, questions=["animal", "coat", "legs"])
        add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk) for item in make_items(project, 1)])
        return queue

    @pytest.fixture
    def annotator(self, queue) -> Client:
        return client_of(queue.project, "annotator")

    def path(self, queue, what):
        return f"/api/v1/projects/{queue.project.slug}/queues/{queue.public_id}/{what}"

    def test_the_workbench_is_told_each_question_with_its_classes_and_condition(self, queue, annotator):
        told = annotator.get(self.path(queue, "workbench")).json()
        assert [one["question"]["key"] for one in told["asked"]] == ["animal", "coat", "legs"]
        coat = told["asked"][1]
        assert coat["question"]["when"] == {"question": "animal", "has": ["cat"]}
        assert [one["key"] for one in coat["classes"]] == ["black", "white"]
        assert told["asked"][2]["question"]["min"] == 0
        assert told["queue"]["question"] == told["asked"][0]["question"]

    def test_an_answer_is_taken_corrected_and_found_again(self, queue, annotator):
        lease = post(annotator, self.path(queue, "next"), {"want": 1, "holding": [], "tab": "a"}).json()["leases"][0]
        said = {"lease": lease["lease"], "task": lease["task"], "schema_version": queue.schema.version}
        wrong = {**said, "id": str(uuid.uuid4()), "revision": 1, "answer": {"kind": "answers", "answers": {}}}
        refused = post(annotator, "/api/v1/submissions", wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "unusable-answer")
        assert [one["place"] for one in refused.json()["faults"]] == ["answer.answers.animal"]
        for revision, answer in enumerate((BLACK_CAT, DOG), start=1):
            body = {**said, "id": str(uuid.uuid4()), "revision": revision, "answer": answer}
            assert post(annotator, "/api/v1/submissions", body).status_code == 201
        (found,) = annotator.get(self.path(queue, "history")).json()["results"]
        assert found["revision"] == 2
        assert found["answer"]["answers"] == {
            "animal": {"kind": "class", "classes": ["dog"]}, "legs": {"kind": "number", "classes": [], "number": 4.0},
        }  # fmt: skip
        assert not Task.objects.get(queue=queue).open
