"""Every address of the API, asked by a stranger, a member of another project, and each role.

What each role may do is a reviewed table, `tests/permissions.json`; a new address without a line fails. Rewrite it with
`REWRITE_PERMISSIONS=1 pytest tests/test_permissions.py` and read the difference.
"""

import json
import os
import re
import uuid
from pathlib import Path

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from accounts.models import Role
from accounts.services.tokens import create_token
from tests.accounts.factories import make_member, make_project, make_user

TABLE = Path(__file__).with_name("permissions.json")
METHODS = ("get", "post", "put", "patch", "delete")
# Whoever is signed in may ask these, about themselves; what they answer is tested where they are built.
PERSONAL = {
    "session", "tokens", "token", "projects", "all-my-work", "next", "submissions", "leases-heartbeat",
    "leases-release", "token-predict", "password", "content", "tiles",
    "assist-models", "assist-masks",
}  # fmt: skip
INSTALLATION = {"accounts", "account-link"}  # for operators and owners: tests/accounts/test_passwords.py
PUBLIC = {"schema", "swagger", "session", "first-password"}
ALLOWED_ANSWERS = {200, 201, 202, 204, 304, 400, 404, 405, 409, 415, 422}
SAMPLES = {
    "uuid": lambda: str(uuid.uuid4()),
    "int": lambda: "7",
    "slug": lambda: "x",
    "str": lambda: "0" * 64,
    "path": lambda: "x",
}


def patterns(resolver=None, prefix=""):
    """(name, route, methods) of every address below /api/v1/."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern) and route.startswith("api/v1/"):
            yield entry.name, route, methods_of(entry.callback)


def methods_of(callback):
    actions = getattr(callback, "actions", None)
    if actions:
        return [method for method in METHODS if method in actions]
    cls = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if cls is not None:
        return [method for method in METHODS if hasattr(cls, method)]
    return ["get", "post"]


def address(route, slug):
    def value(match):
        kind, name = match.group(1) or "str", match.group(2)
        return slug if name == "slug" else SAMPLES[kind]()

    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", value, route)


def asked(client, method, path):
    options = {} if method == "get" else {"data": "{}", "content_type": "application/json"}
    return getattr(client, method)(path, **options)


ROUTES = sorted({(name, route, tuple(methods)) for name, route, methods in patterns()})
PROJECT_ROUTES = [entry for entry in ROUTES if "<slug:slug>" in entry[1]]
OTHER_ROUTES = [entry for entry in ROUTES if "<slug:slug>" not in entry[1]]


def test_every_address_outside_of_a_project_is_personal_or_public():
    assert {name for name, _, _ in OTHER_ROUTES} <= PERSONAL | INSTALLATION | PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "route", "methods"), ROUTES, ids=[name for name, _, _ in ROUTES])
def test_a_stranger_is_asked_to_sign_in(name, route, methods, client):
    if name in PUBLIC:
        return
    for method in methods:
        answer = asked(client, method, address(route, "nowhere"))
        assert answer.status_code == 401, f"{method} {route} answers {answer.status_code} to a stranger"
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_member_of_another_project_finds_nothing(client):
    project = make_project()
    client.force_login(make_member(make_project("Other"), Role.OWNER))
    for name, route, methods in PROJECT_ROUTES:
        for method in methods:
            answer = asked(client, method, address(route, project.slug))
            assert answer.status_code == 404, f"{method} {name} answers {answer.status_code} to another project"


def measured(client):
    """{route name: {method: [roles that are let in]}}."""
    project = make_project()
    table = {}
    for role in Role.values:
        client.force_login(make_member(project, role))
        for name, route, methods in PROJECT_ROUTES:
            for method in methods:
                status = asked(client, method, address(route, project.slug)).status_code
                assert status == 403 or status in ALLOWED_ANSWERS, f"{method} {name} answers {status} to {role}"
                roles = table.setdefault(name, {}).setdefault(method, [])
                if status != 403:
                    roles.append(role)
    return table


@pytest.mark.django_db
def test_each_role_may_do_what_the_table_says(client):
    found = measured(client)
    if os.environ.get("REWRITE_PERMISSIONS"):
        TABLE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    assert found == json.loads(TABLE.read_text())


@pytest.mark.django_db
def test_no_annotator_reads_what_others_answered_or_what_a_model_said():
    table = json.loads(TABLE.read_text())
    closed = ["people", "review", "audits", "audit-errors", "predictions", "models", "runs", "items", "audit-trail"]
    for name in closed:
        for method, roles in table[name].items():
            assert Role.ANNOTATOR not in roles, f"{method} {name}"


@pytest.mark.django_db
def test_a_reading_token_writes_nowhere(client):
    project = make_project()
    user = make_member(project, Role.OWNER)
    _, text = create_token(user=user, name="r", scopes=["read"])
    for name, route, methods in PROJECT_ROUTES:
        for method in methods:
            if method == "get":
                continue
            answer = getattr(client, method)(
                address(route, project.slug), "{}", "application/json", HTTP_AUTHORIZATION=f"Bearer {text}"
            )
            assert answer.status_code in {403, 405}, f"{method} {name} answers {answer.status_code} to a reading token"


@pytest.mark.django_db
def test_somebody_without_a_project_sees_none(client):
    client.force_login(make_user())
    assert client.get("/api/v1/projects").json()["results"] == []
