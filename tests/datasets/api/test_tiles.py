import io

import numpy as np
import pytest
from django.core import signing
from django.test import Client
from PIL import Image

from accounts.models import Membership, Role
from accounts.services.tokens import create_token
from annotation.services.tasks import TaskSpec, add_tasks
from datasets.imaging.pyramid import Pyramid
from datasets.models import Item, TilePyramid
from datasets.selectors import tiles
from datasets.selectors.tiles import signed_tiles_url
from datasets.services import tiling
from datasets.services.production import production_source, record_production_input
from tests.accounts.factories import make_member, make_user
from tests.annotation.api.test_hot import ask, browser
from tests.annotation.factories import make_annotators, make_queue
from tests.datasets import factories
from tests.datasets.runs import finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("datasets.imaging.pyramid.WHOLE_UP_TO_PIXELS", 1_000_000)
    return make_queue().project


@pytest.fixture
def item(project) -> Item:
    """A large picture: red but for its lower right quarter, which is blue."""
    pixels = np.zeros((900, 1300, 3), np.uint8)
    pixels[..., 0] = 255
    pixels[450:, 650:] = (0, 0, 255)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return record_production_input(project=project, source=production_source(project=project), data=out.getvalue())


@pytest.fixture
def ready(project, item) -> Item:
    finish(tiling.request_tiling(project=project))
    return item


def asked(url, who=None, **headers):
    client = Client()
    if who:
        client.force_login(who)
    return client.get(url, **headers)


def test_a_task_tells_of_tiles_and_an_annotator_sees_the_right_part_of_the_picture(project, ready):
    queue = make_queue(project=project)
    add_tasks(queue=queue, items=[TaskSpec(item_id=ready.pk)])
    client = browser(make_annotators(project, 1)[0].user)
    (lease,) = ask(client, queue).json()["leases"]
    told = client.get(lease["item"]["tiles_url"]).json()
    pyramid = Pyramid(1300, 900)
    assert {k: told[k] for k in ("state", "problem", "width", "height", "tile_size", "min_level", "max_level")} == {
        "state": "ready", "problem": "", "width": 1300, "height": 900, "tile_size": 512, "min_level": pyramid.lowest,
        "max_level": 11,
    }  # fmt: skip
    for column, row, colour in ((0, 0, "red"), (2, 1, "blue"), (0, 1, "red")):
        answer = client.get(told["url"].format(level=11, column=column, row=row))
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Cache-Control"].startswith("private, max-age=")
        tile = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
        red, _, blue = tile.convert("RGB").getpixel((tile.width - 1, tile.height - 1))
        assert ("red" if red > blue else "blue") == colour


def test_a_small_picture_has_no_tiles(project):
    data = factories.picture(1)
    small = record_production_input(project=project, source=production_source(project=project), data=data)
    queue = make_queue(project=project)
    add_tasks(queue=queue, items=[TaskSpec(item_id=small.pk)])
    user = make_annotators(project, 1)[0].user
    (lease,) = ask(browser(user), queue).json()["leases"]
    assert lease["item"]["tiles_url"] is None
    assert asked(signed_tiles_url(user.pk, project.pk, small.pk), user).status_code == 404


def test_until_they_are_ready_it_says_so_and_gives_no_address(project, item):
    user = make_member(project, Role.ANNOTATOR)
    url = signed_tiles_url(user.pk, project.pk, item.pk)
    told = asked(url, user).json()
    assert (told["state"], told["url"]) == ("pending", "")
    TilePyramid.objects.update(state="failed", problem="The stored file is gone.")
    told = asked(url, user).json()
    assert (told["state"], told["url"], told["problem"]) == ("failed", "", "The stored file is gone.")


def test_the_page_of_an_item_names_them_and_no_original_stands_in_for_a_thumbnail(project, item):
    lead = make_member(project, Role.LEAD)
    media = asked(f"/api/v1/projects/{project.slug}/items/{item.sha256}", lead).json()["media"]
    assert media["small"] is None
    assert media["medium"] is None
    assert asked(media["tiles"], lead).json()["state"] == "pending"


def test_addresses_are_worthless_to_others_and_after_leaving(project, ready):
    user = make_member(project, Role.ANNOTATOR)
    description = signed_tiles_url(user.pk, project.pk, ready.pk)
    tile = asked(description, user).json()["url"].format(level=11, column=0, row=0)
    assert asked(description).status_code == 401
    assert asked(tile).status_code == 404
    for who in (make_user(), make_member(project, Role.OWNER)):
        assert asked(description, who).status_code == 404
        assert asked(tile, who).status_code == 404
    header = f"Bearer {create_token(user=user, name='t', scopes=['read'])[1]}"
    assert asked(tile, HTTP_AUTHORIZATION=header).status_code == 200
    Membership.objects.filter(user=user).delete()
    assert asked(description, user).status_code == 404
    assert asked(tile, user).status_code == 404


def test_nothing_beside_the_tiles_is_reached_and_no_signature_can_be_made_up(project, ready):
    user = make_member(project, Role.ANNOTATOR)
    url = asked(signed_tiles_url(user.pk, project.pk, ready.pk), user).json()["url"]
    start = url[: url.index("{")]
    original = ready.object_key.removeprefix(f"p/{project.pk}/")
    for name in (f"../../../../{original}", "11/9_9.webp", "%2e%2e/%2e%2e/x", "11/0_0.webp/../../x", "11//0_0.webp"):
        assert asked(start + name, user).status_code == 404, name
    assert asked(start.replace("/below/", "/below/x") + "11/0_0.webp", user).status_code == 404
    forged = signing.Signer(salt="media").sign_object([user.pk, project.pk, f"p/{project.pk}/", "image/webp", 2**40])
    assert asked(f"/media/below/{forged}/x", user).status_code == 404
    other = signing.Signer(salt=tiles.SALT).sign_object([user.pk, project.pk + 1, ready.pk, 2**40])
    assert asked(f"/api/v1/tiles/{other}", user).status_code == 404
    past = signing.Signer(salt=tiles.SALT).sign_object([user.pk, project.pk, ready.pk, 1])
    assert asked(f"/api/v1/tiles/{past}", user).status_code == 404
