"""The own password, accounts that owners and operators make, and the link that works once."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, AuditEntry, Membership, Role, User
from accounts.services import sign_in_limits
from accounts.services.passwords import LinkSpent, choose_password, issue_link
from accounts.services.people import create_user
from accounts.services.tokens import TokenMadeAlready, create_token
from tests.accounts.factories import make_member, make_project, make_user
from tests.auditing.factories import at_once

pytestmark = pytest.mark.django_db
OLD, NEW = "lantern-orchid-42", "harbour-violin-77"


def person(**fields):
    return create_user(email="ada@example.org", name="Ada", password=OLD, **fields)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def post(client, path, **body):
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


def is_signed_in(client):
    return client.get("/api/v1/session").json()["user"] is not None


def test_ones_own_password_is_changed_and_sessions_elsewhere_end():
    user = person()
    here, elsewhere = signed_in(user), signed_in(user)
    answer = post(here, "session/password", current_password=OLD, new_password=NEW)
    assert answer.status_code == 204
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert post(Client(), "session", email=user.email, password=OLD).status_code == 401
    assert post(Client(), "session", email=user.email, password=NEW).status_code == 200
    entry = AuditEntry.objects.get(action="password.changed")
    assert (entry.actor, entry.subject) == (user, user.email)
    assert NEW not in str(entry.data)


@pytest.mark.parametrize(
    ("body", "field", "told"),
    [
        ({"current_password": "wrong", "new_password": NEW}, "current_password", "Not your current"),
        ({"current_password": OLD, "new_password": OLD}, "new_password", "same as before"),
        ({"current_password": OLD, "new_password": "short"}, "new_password", "too short"),
        ({"current_password": OLD, "new_password": "ada@example.org"}, "new_password", "too similar"),
        ({"current_password": OLD}, "new_password", "required"),
    ],
)
def test_a_password_that_will_not_do_is_refused_by_its_field(body, field, told):
    user = person()
    answer = post(signed_in(user), "session/password", **body)
    assert answer.status_code in {400, 422}
    assert told in answer.json()["errors"][field][0]
    user.refresh_from_db()
    assert user.check_password(OLD)


def test_guessing_the_current_password_is_slowed_down():
    client = signed_in(person())
    limit = sign_in_limits.PER_MACHINE_AND_ADDRESS.tries
    codes = [
        post(client, "session/password", current_password=f"guess {n}", new_password=NEW).status_code
        for n in range(limit + 1)
    ]
    assert codes == [422] * limit + [429]


def test_a_token_changes_no_password():
    user = person()
    _, text = create_token(user=user, name="w", scopes=["write"])
    answer = Client().post(
        "/api/v1/session/password",
        {"current_password": OLD, "new_password": NEW},
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {text}",
    )
    assert answer.status_code == 403


def test_an_owner_makes_an_account_and_the_person_chooses_a_password_once():
    project = make_project()
    owner = make_member(project, Role.OWNER)
    answer = post(
        signed_in(owner), "accounts", email="New@Example.org", name="Noor", project=project.slug, role="reviewer"
    )
    assert answer.status_code == 201, answer.json()
    link = answer.json()["link"]
    where = urlsplit(link["path"])
    told = {key: values[0] for key, values in parse_qs(where.fragment).items()}
    assert (where.path, where.query, told["user"]) == ("/welcome", "", answer.json()["user"]["id"])
    user = User.objects.get(email="new@example.org")
    assert not user.has_usable_password()
    assert Membership.objects.get(user=user).role == "reviewer"
    weak = post(Client(), "session/first-password", password="12345678", **told)
    assert (weak.status_code, list(weak.json()["errors"])) == (422, ["password"])
    assert post(Client(), "session/first-password", password=NEW, **told).status_code == 204
    assert post(Client(), "session", email="new@example.org", password=NEW).status_code == 200
    again = post(Client(), "session/first-password", password=OLD, **told)
    assert (again.status_code, again.json()["code"]) == (409, "link-spent")
    assert [one.action for one in AuditEntry.objects.filter(subject=user.email).order_by("id")] == [
        "account.created", "member.role-set", "password.link-issued", "password.chosen",
    ]  # fmt: skip
    twice = post(signed_in(owner), "accounts", email="new@example.org", name="Noor", project=project.slug)
    assert twice.status_code == 409


def test_an_operator_makes_an_account_with_an_initial_password():
    operator = make_user(is_operator=True)
    answer = post(signed_in(operator), "accounts", email="new@example.org", name="Noor", password=NEW)
    assert (answer.status_code, answer.json()["link"]) == (201, None)
    assert post(Client(), "session", email="new@example.org", password=NEW).status_code == 200


def test_nobody_else_makes_accounts():
    project = make_project()
    for role in set(Role.values) - {Role.OWNER}:
        client = signed_in(make_member(project, role))
        for path, body in (
            ("accounts", {"email": "n@example.org", "name": "N"}),
            ("accounts/link", {"email": "n@e.org"}),
        ):
            assert post(client, path, **body).status_code == 403, (role, path)
    owner = make_member(make_project("Other"), Role.OWNER)
    lead_here = Membership.objects.create(user=owner, project=project, role=Role.LEAD)
    answer = post(signed_in(owner), "accounts", email="n@example.org", name="N", project=project.slug)
    assert answer.status_code == 403
    lead_here.delete()
    answer = post(signed_in(owner), "accounts", email="n@example.org", name="N", project=project.slug)
    assert answer.status_code == 404
    assert not User.objects.filter(email="n@example.org").exists()


def test_a_new_link_ends_the_earlier_one_and_an_owner_resets_nobody():
    project = make_project()
    owner = make_member(project, Role.OWNER)
    user = create_user(email="n@example.org", name="N", password=None)
    Membership.objects.create(user=user, project=project, role=Role.ANNOTATOR)
    first, _ = issue_link(user=user, by=owner)
    second, until = issue_link(user=user, by=owner)
    assert until - timezone.now() > timedelta(days=2)
    with pytest.raises(LinkSpent):
        choose_password(user_id=user.public_id, secret=first, password=NEW)
    choose_password(user_id=user.public_id, secret=second, password=NEW)
    answer = post(signed_in(owner), "accounts/link", email=user.email)
    assert answer.status_code == 403
    assert "only an operator" in answer.json()["detail"]
    stranger = make_member(make_project("Other"), Role.OWNER)
    newcomer = create_user(email="m@example.org", name="M", password=None)
    assert post(signed_in(stranger), "accounts/link", email=newcomer.email).status_code == 403
    assert post(signed_in(make_user(is_operator=True)), "accounts/link", email=user.email).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_chooses():
    user = create_user(email="n@example.org", name="N", password=None)
    secret, _ = issue_link(user=user, by=make_user(is_operator=True))
    choices = [OLD, NEW]
    found = at_once(2, lambda n: choose_password(user_id=user.public_id, secret=secret, password=choices[n]))
    assert sorted(type(one).__name__ for one in found) == ["LinkSpent", "User"]


def test_a_double_click_makes_one_token_and_no_answer_keeps_its_text():
    client = signed_in(person())
    body = {"name": "laptop", "scopes": ["read"]}
    ask = {"path": "/api/v1/tokens", "data": body, "content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "k1"}
    first, second = client.post(**ask), client.post(**ask)
    assert (first.status_code, second.status_code) == (201, 409)
    told = second.json()
    assert (told["code"], told["token"], told["prefix"]) == (
        "token-made-already", first.json()["id"], first.json()["prefix"],
    )  # fmt: skip
    assert first.json()["token"] not in second.content.decode()
    assert ApiToken.objects.count() == 1
    assert client.post(**{**ask, "HTTP_IDEMPOTENCY_KEY": "k2"}).status_code == 201
    assert client.post(**{**ask, "HTTP_IDEMPOTENCY_KEY": "k" * 200}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_requests_at_once_one_makes_a_token():
    user = person()
    found = at_once(2, lambda _: create_token(user=user, name="a", scopes=["read"], request_key="k"))
    assert sorted(type(one).__name__ for one in found) == [TokenMadeAlready.__name__, "tuple"]
