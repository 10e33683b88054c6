import hashlib
import json
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiToken, User
from annotation.api.hot import principal
from annotation.models import Assignment, Queue, Submission
from annotation.services.tasks import TaskSpec, add_tasks
from tests.annotation.factories import join, make_annotators, make_items, make_project, make_queue

pytestmark = pytest.mark.django_db
CAT = {"kind": "class", "classes": ["cat"]}


@pytest.fixture(autouse=True)
def nobody_is_remembered():
    principal.forget()
    yield
    principal.forget()


@pytest.fixture
def queue() -> Queue:
    return make_queue(n_items=4, redundancy=2)


@pytest.fixture
def user(queue) -> User:
    return make_annotators(queue.project, 1)[0].user


def browser(user: User | None, **options: Any) -> Client:
    client = Client(**options)
    if user is not None:
        client.force_login(user)
    return client


def post(client: Client, path: str, body: Any, **extra: Any):
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", **extra)


def ask(client: Client, queue: Queue, want: int = 1, tab: str = "t", holding=()):
    return post(client, f"queues/{queue.public_id}/next", {"want": want, "holding": list(holding), "tab": tab})


def submission(lease: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()), "lease": lease["lease"], "task": lease["task"], "revision": 1, "schema_version": 1,
        "answer": CAT, "comment": "", "flagged": False, "started_at": "2026-05-01T10:00:00Z", "duration_ms": 900,
        "tab": "t", **fields,
    }  # fmt: skip


def test_next_shows_what_the_workbench_needs_and_nothing_else(queue, user):
    answer = ask(browser(user), queue, want=2)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"leases", "lost", "remaining", "message", "advice", "guideline", "policy"}
    assert (len(body["leases"]), body["remaining"], body["message"], body["lost"]) == (2, 4, None, [])
    lease = body["leases"][0]
    assert set(lease) == {"lease", "task", "expires_at", "item", "previous", "remark"}
    assert set(lease["item"]) == {
        "id", "sha256", "kind", "width", "height", "image_url", "thumbnail_url", "tiles_url", "content_url", "name",
    }  # fmt: skip
    assert lease["item"]["image_url"].startswith("/media/")
    assert lease["previous"] is None
    assert body["policy"]["heartbeat_seconds"] * 2 < body["policy"]["lease_seconds"]


def test_next_is_also_found_below_the_project_and_only_there(queue, user):
    body = {"want": 1, "holding": [], "tab": "t"}
    path = f"queues/{queue.public_id}/next"
    assert post(browser(user), f"projects/{queue.project.slug}/{path}", body).status_code == 200
    assert post(browser(user), f"projects/{make_project().slug}/{path}", body).status_code == 404


def test_a_submission_is_created_once_and_replayed_after(queue, user):
    client = browser(user)
    sent = submission(ask(client, queue).json()["leases"][0])
    first, again = post(client, "submissions", sent), post(client, "submissions", {**sent, "tab": "other"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert set(first.json()) == {"id", "task", "revision", "editable_until"}
    clash = post(client, "submissions", {**sent, "answer": {"kind": "none_of_these"}})
    assert (clash.status_code, clash.json()["code"]) == (422, "idempotency-mismatch")
    assert Submission.objects.count() == 1


def test_an_unknown_class_is_a_problem_that_names_it(queue, user):
    client = browser(user)
    lease = ask(client, queue).json()["leases"][0]
    answer = post(client, "submissions", submission(lease, answer={"kind": "class", "classes": ["unicorn"]}))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "unknown-class"
    assert "unicorn" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "not-a-uuid"),
        ("lease", None),
        ("task", "x"),
        ("task", -1),
        ("task", 2**63),
        ("revision", 0),
        ("schema_version", True),
        ("answer", "cat"),
        ("flagged", "yes"),
        ("comment", "x" * 4001),
        ("started_at", "yesterday"),
        ("started_at", "2026-13-45T99:00:00Z"),
        ("duration_ms", -5),
    ],
)
def test_bad_fields_are_named(queue, user, field, value):
    client = browser(user)
    sent = submission(ask(client, queue).json()["leases"][0])
    answer = post(client, "submissions", {**sent, field: value})
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_a_body_that_is_no_json_object_is_refused(user):
    client = browser(user)
    for text in ("{", "[]", "\xff"):
        answer = client.post("/api/v1/submissions", text, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed-request")


def test_only_post(user):
    answer = browser(user).get("/api/v1/submissions")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_heartbeat_and_release(queue, user):
    client = browser(user)
    lease = ask(client, queue).json()["leases"][0]["lease"]
    unknown = str(uuid.uuid4())
    beat = post(client, "leases/heartbeat", {"tab": "t", "leases": [lease, unknown]}).json()
    assert ([one["lease"] for one in beat["leases"]], beat["lost"]) == ([lease], [unknown])
    released = post(client, "leases/release", {"tab": "t", "leases": [lease]}).json()
    assert released == {"released": [lease]}
    assert not Assignment.objects.exists()
    assert ask(client, queue, holding=[lease]).json()["lost"] == [lease]


def test_who_is_not_signed_in_is_told_so(queue):
    for path in (f"queues/{queue.public_id}/next", "submissions", "leases/heartbeat", "leases/release"):
        answer = post(browser(None), path, {})
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


def test_strangers_meet_404(queue):
    for stranger in (join(make_project(), "owner"), make_annotators(make_queue().project, 1)[0].user):
        assert ask(browser(stranger), queue).status_code == 404


def test_a_session_needs_the_csrf_token_and_a_program_its_scope(queue, user):
    strict = browser(user, enforce_csrf_checks=True)
    refused = ask(strict, queue)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    for scopes, status in ((["label"], 200), (["read"], 403)):
        secret = f"secret-{scopes[0]}"
        token(user, secret, scopes=scopes)
        answer = post(
            Client(enforce_csrf_checks=True),
            f"queues/{queue.public_id}/next",
            {"want": 1, "holding": [], "tab": "t"},
            HTTP_AUTHORIZATION=f"Bearer {secret}",
        )
        assert answer.status_code == status


def test_a_token_of_another_project_opens_nothing(queue, user):
    other = make_project()
    token(user, "elsewhere", scopes=["label"], project=other)
    answer = post(Client(), f"queues/{queue.public_id}/next", {"want": 1}, HTTP_AUTHORIZATION="Bearer elsewhere")
    assert answer.status_code == 404
    lease = ask(browser(user), queue).json()["leases"][0]
    answer = post(Client(), "submissions", submission(lease), HTTP_AUTHORIZATION="Bearer elsewhere")
    assert answer.status_code == 404


def token(user: User, secret: str, **fields: Any) -> ApiToken:
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return ApiToken.objects.create(user=user, name=secret, prefix=secret[:8], digest=digest, **fields)


@pytest.mark.parametrize("purpose", ["audit", "targeted_audit", "labeling"])
def test_no_answer_to_an_annotator_tells_prediction_provenance_or_reason(purpose):
    """The words below are in the rows; they must be in no response that an annotator can get."""
    queue = make_queue(purpose=purpose, redundancy=2)
    secret = {"predicted": "SECRET-dog", "score": 0.123456, "reason": "SECRET-least-confident", "stratum": "SECRET-low"}
    items = make_items(queue.project, 3)
    add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk, provenance=secret) for item in items])
    client = browser(make_annotators(queue.project, 1)[0].user)
    base = f"/api/v1/projects/{queue.project.slug}/queues/{queue.public_id}"
    leases = ask(client, queue, want=3)
    sent = submission(leases.json()["leases"][0])
    answers = [
        leases,
        post(client, "submissions", sent),
        post(client, "submissions", sent),
        post(client, "submissions", {**sent, "id": str(uuid.uuid4())}),
        post(client, "leases/heartbeat", {"tab": "t", "leases": [sent["lease"]]}),
        client.get(f"{base}/workbench"),
        client.get(f"{base}/history"),
        client.get("/api/v1/my-work"),
        client.get(f"/api/v1/projects/{queue.project.slug}/my-work"),
    ]
    assert [answer.status_code for answer in answers] == [200, 201, 200, 409, 200, 200, 200, 200, 200]
    for answer in answers:
        text = answer.content.decode()
        for word in ("SECRET", "0.123456", "provenance", "predicted", "stratum", "targeted"):
            assert word not in text
    for closed in ("", "/stats", "/consensus", "/agreement", "/review"):
        assert client.get(f"{base}{closed}").status_code in (403, 404)


def test_half_a_character_in_a_comment_does_not_cost_the_answer(queue, user):
    client = browser(user)
    sent = submission(ask(client, queue).json()["leases"][0], comment="cut \ud83d off\x00")
    assert post(client, "submissions", sent).status_code == 201
    assert Submission.objects.get().comment == "cut ? off"
