import pytest

from accounts.models import Role
from tests.accounts.factories import make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(client):
    project = make_project()
    client.force_login(make_member(project, Role.OWNER))
    return client, f"/api/v1/projects/{project.slug}"


@pytest.mark.parametrize("bad", ['"a\\u0000b"', '"\\ud800"'])
def test_text_that_cannot_be_stored_is_refused_with_a_sentence_wherever_it_comes(asking, bad):
    client, base = asking
    calls = [
        (client.put, f"{base}/brief", f'{{"answers": {{"input": {bad}}}}}'),
        (client.patch, "/api/v1/session", f'{{"preferences": {{"x": {bad}}}}}'),
        (client.put, f"{base}/populations", f'{{"population": "p", "attribute": "a", "shares": {{{bad}: 0.5}}}}'),
    ]
    for send, path, body in calls:
        answer = send(path, body, "application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
        assert "cannot be stored" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query", ["items?source=%00", "queues?state=%00", "jobs?cursor=WyJhYmMiXQ", "queues?cursor=W251bGxd"]
)
def test_an_address_that_no_query_can_ask_is_refused_with_a_sentence(asking, query):
    client, base = asking
    answer = client.get(f"{base}/{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
