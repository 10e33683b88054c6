from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, Job, Membership, Role
from accounts.services.jobs import create_job
from accounts.services.tokens import create_token
from tests.accounts.factories import make_member, make_project

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough secret"


@pytest.fixture
def project():
    return make_project()


@pytest.fixture
def owner(project):
    user = make_member(project, Role.OWNER)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def browser(owner, client):
    client.force_login(owner)
    return client


def bearer(text):
    return {"HTTP_AUTHORIZATION": f"Bearer {text}"}


def test_signing_in_shows_who_and_where(client, owner, project):
    answer = client.post("/api/v1/session", {"email": owner.email.upper(), "password": PASSWORD}, "application/json")
    assert answer.status_code == 200
    assert answer.json()["memberships"] == [
        {"project": {"id": str(project.public_id), "slug": project.slug, "name": project.name}, "role": "owner"}
    ]
    assert client.get("/api/v1/session").json()["user"]["email"] == owner.email
    assert client.delete("/api/v1/session").status_code == 204
    assert client.get("/api/v1/session").json()["user"] is None


def test_a_wrong_password_says_nothing_about_the_address(client, owner):
    bodies = [
        client.post("/api/v1/session", {"email": email, "password": "wrong"}, "application/json").json()
        for email in (owner.email, "nobody@example.org")
    ]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "wrong-credentials"


def test_guessing_is_slowed_down(client, owner, settings):
    codes = [
        client.post("/api/v1/session", {"email": "guess@example.org", "password": "x"}, "application/json").status_code
        for _ in range(22)
    ]
    assert codes[-1] == 429


def test_a_session_needs_the_csrf_token(owner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    answer = strict.post("/api/v1/tokens", {"name": "x", "scopes": ["read"]}, "application/json")
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_token_is_shown_once_and_kept_as_a_hash(browser, client):
    made = browser.post("/api/v1/tokens", {"name": "notebook", "scopes": ["read"]}, "application/json").json()
    assert made["token"].startswith("tst_")
    assert made["token"] not in str(ApiToken.objects.values())
    assert "token" not in browser.get("/api/v1/tokens").json()["results"][0]
    program = Client()
    assert program.get("/api/v1/projects", **bearer(made["token"])).json()["results"]
    browser.delete(f"/api/v1/tokens/{made['id']}")
    assert program.get("/api/v1/projects", **bearer(made["token"])).status_code == 401


def test_a_token_does_no_more_than_its_scopes_and_project(owner, project):
    _, read = create_token(user=owner, name="r", scopes=["read"])
    program = Client()
    path = f"/api/v1/projects/{project.slug}/members"
    body = {"email": owner.email, "role": "owner"}
    assert program.get(path, **bearer(read)).status_code == 200
    assert program.post(path, body, "application/json", **bearer(read)).status_code == 403
    assert program.post("/api/v1/tokens", {}, "application/json", **bearer(read)).status_code == 403
    elsewhere = make_project("Other")
    _, bound = create_token(user=owner, name="b", scopes=["write"], project=elsewhere)
    assert program.get(path, **bearer(bound)).status_code == 404


def test_an_expired_token_is_refused(owner):
    token, text = create_token(
        user=owner, name="old", scopes=["read"], expires_at=timezone.now() + timedelta(seconds=60)
    )
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = Client().get("/api/v1/projects", **bearer(text))
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


def test_input_errors_name_the_field(browser):
    body = browser.post("/api/v1/tokens", {"name": "x", "scopes": ["fly"]}, "application/json").json()
    assert (body["status"], body["code"]) == (422, "invalid-input")
    assert "scopes[0]" in "".join(body["errors"]) or "scopes.0" in "".join(body["errors"])


@pytest.mark.parametrize("left_out", [{}, {"slug": ""}])
def test_the_address_of_a_project_follows_from_its_name(browser, left_out):
    made = browser.post("/api/v1/projects", {"name": "Beach Litter 2026", **left_out}, "application/json")
    assert (made.status_code, made.json()["slug"]) == (201, "beach-litter-2026")


def test_a_job_is_seen_and_cancelled_by_its_project_only(browser, project):
    job = create_job(project=project, kind="test.count")
    foreign = create_job(project=make_project("Other"), kind="test.count")
    base = f"/api/v1/projects/{project.slug}/jobs"
    assert [row["id"] for row in browser.get(base).json()["results"]] == [str(job.public_id)]
    assert browser.get(f"{base}/{foreign.public_id}").status_code == 404
    assert browser.post(f"{base}/{job.public_id}/cancel").json()["state"] == "cancelled"
    assert Job.objects.get(pk=foreign.pk).state == "queued"


def test_preferences_are_merged(browser):
    browser.patch("/api/v1/session", {"preferences": {"scheme": "dark"}}, "application/json")
    body = browser.patch(
        "/api/v1/session", {"locale": "ko", "preferences": {"keys": "cvat"}}, "application/json"
    ).json()
    assert body["preferences"] == {"scheme": "dark", "keys": "cvat"}
    assert body["user"]["locale"] == "ko"


def test_a_token_bound_to_a_project_knows_of_no_other(owner, project):
    Membership.objects.create(user=owner, project=make_project("Other"), role=Role.LEAD)
    _, bound = create_token(user=owner, name="b", scopes=["read"], project=project)
    _, free = create_token(user=owner, name="f", scopes=["read"])
    program = Client()
    for text, expected in ((bound, 1), (free, 2)):
        assert len(program.get("/api/v1/projects", **bearer(text)).json()["results"]) == expected
        assert len(program.get("/api/v1/session", **bearer(text)).json()["memberships"]) == expected


def test_a_reading_token_changes_no_preferences_and_lists_no_tokens(owner):
    _, read = create_token(user=owner, name="r", scopes=["read"])
    program = Client()
    body = {"preferences": {"scheme": "dark"}}
    assert program.patch("/api/v1/session", body, "application/json", **bearer(read)).status_code == 403
    assert program.get("/api/v1/tokens", **bearer(read)).status_code == 403
    owner.refresh_from_db()
    assert owner.preferences == {}
