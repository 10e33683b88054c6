import hashlib

import pytest
from django.test import Client

from accounts.api.media import signed_media_url
from accounts.models import Membership
from accounts.services.tokens import create_token
from common.storage import content_key, object_store
from tests.accounts.factories import make_member, make_project, make_user

pytestmark = pytest.mark.django_db
DATA = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.fixture
def project():
    return make_project()


@pytest.fixture
def key(project):
    key = content_key(project.pk, hashlib.sha256(DATA).hexdigest())
    object_store().put(key, [DATA])
    return key


@pytest.fixture
def user(project):
    return make_member(project)


def asked(url, who=None, **headers):
    client = Client()
    if who:
        client.force_login(who)
    return client.get(url, **headers)


def bearer(user, **fields):
    return {"HTTP_AUTHORIZATION": f"Bearer {create_token(user=user, name='t', scopes=['read'], **fields)[1]}"}


def test_an_address_is_stable_private_and_shown_as_a_picture(project, key, user):
    url = signed_media_url(user, project, key, media_type="image/png")
    assert url == signed_media_url(user, project, key, media_type="image/png")
    answer = asked(url, user)
    assert b"".join(answer.streaming_content) == DATA
    assert answer.headers["Cache-Control"].startswith("private, max-age=")
    assert answer.headers["Cache-Control"].endswith("immutable")
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_it_is_worthless_to_others(project, key, user):
    url = signed_media_url(user, project, key)
    for who in (None, make_user(), make_member(project)):
        assert asked(url, who).status_code == 404
    assert asked(f"{url}x", user).status_code == 404


def test_who_left_the_project_sees_nothing_more_at_once(project, key, user):
    url = signed_media_url(user, project, key)
    assert asked(url, user).status_code == 200
    Membership.objects.filter(user=user).delete()
    assert asked(url, user).status_code == 404


def test_a_token_fetches_what_its_user_may_but_not_beyond_its_project(project, key, user):
    url = signed_media_url(user, project, key)
    assert asked(url, **bearer(user)).status_code == 200
    assert asked(url, **bearer(user, project=project)).status_code == 200
    assert asked(url, **bearer(user, project=make_project())).status_code == 404


def test_the_key_of_another_project_is_refused_even_when_signed(project, user):
    assert asked(signed_media_url(user, project, f"p/{project.pk + 1}/objects/aa/bb/c"), user).status_code == 404


@pytest.mark.parametrize("media_type", ["image/svg+xml", "text/html", "application/octet-stream"])
def test_what_may_run_is_a_download(project, key, user, media_type):
    answer = asked(signed_media_url(user, project, key, media_type=media_type), user)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
