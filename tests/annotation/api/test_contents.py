import uuid

import pytest
from django.core import signing
from django.test import Client

from accounts.models import Membership
from accounts.services.tokens import create_token
from annotation.api import contents
from annotation.api.contents import SALT, signed_content_url
from annotation.services.tasks import TaskSpec, add_tasks
from datasets.models import AttributeDefinition, Item, Occurrence
from tests.annotation.api.test_hot import ask, browser
from tests.annotation.factories import join, make_annotators, make_project, make_queue
from tests.datasets import factories as datasets

pytestmark = pytest.mark.django_db


def written(project, n=1, **fields):
    given = {"media_type": "text/plain", "byte_size": 3, "derived": "done", **fields}
    return Item.objects.create(project=project, sha256=f"{n:064x}", **given)


def get(client: Client, address: str):
    return client.get(address)


def test_a_text_comes_to_whoever_holds_its_task_and_may_be_kept():
    queue = make_queue()
    item = written(queue.project, kind="text", text="  one\n\ttwo")
    add_tasks(queue=queue, items=[TaskSpec(item_id=item.pk, provenance={"predicted": "dog"})])
    client = browser(make_annotators(queue.project, 1)[0].user)
    (lease,) = ask(client, queue).json()["leases"]
    answer = get(client, lease["item"]["content_url"])
    assert answer.json() == {"kind": "text", "text": "  one\n\ttwo", "columns": []}
    assert {"private", "immutable"} <= set(answer.headers["Cache-Control"].split(", "))


def test_a_record_has_its_columns_in_order_with_types_and_says_what_is_missing():
    project = make_project()
    for name, kind, unit in (("weight", "number", "kg"), ("born", "datetime", ""), ("sold", "boolean", "")):
        AttributeDefinition.objects.create(project=project, name=name, type=kind, unit=unit)
    record = {"born": "2026-01-02", "sold": None, "weight": 2.5, "zz": "new"}
    item = written(project, kind="record", record=record)
    source = datasets.source(project)
    met = {"identity": uuid.uuid4(), "attributes": {"predicted": "dog"}}
    Occurrence.objects.create(project=project, item=item, source=source, **met)
    user = join(project, "annotator")
    found = get(browser(user), signed_content_url(user.pk, project.pk, item.pk)).json()
    assert found["columns"] == [
        {"name": "weight", "type": "number", "unit": "kg", "value": 2.5},
        {"name": "born", "type": "datetime", "unit": "", "value": "2026-01-02"},
        {"name": "sold", "type": "boolean", "unit": "", "value": None},
        {"name": "zz", "type": "text", "unit": "", "value": "new"},
    ]
    assert "predicted" not in str(found)


def test_a_text_that_is_an_example_of_the_instructions_is_read_by_who_labels():
    queue = make_queue()
    item = written(queue.project, kind="text", text="It purrs.")
    example = {"item": item.sha256, "kind": "good", "class": "cat", "sentence": "Purring."}
    path = f"/api/v1/projects/{queue.project.slug}/queues/{queue.public_id}/guideline"
    body = {"instructions": "", "note": "", "base_revision": queue.instructions_revision, "examples": [example]}
    lead = browser(join(queue.project, "lead"))
    assert lead.put(path, body, content_type="application/json").status_code == 200
    reader = browser(make_annotators(queue.project, 1)[0].user)
    (shown,) = reader.get(path).json()["examples"]
    assert shown["item"]["thumbnail_url"] is None
    assert get(reader, shown["item"]["content_url"]).json()["text"] == "It purrs."


def test_the_address_is_worth_nothing_to_others_and_nothing_after_leaving():
    project = make_project()
    item = written(project, kind="text", text="secret")
    user, other = join(project, "annotator"), join(project, "lead")
    address = signed_content_url(user.pk, project.pk, item.pk)
    assert get(browser(user), address).status_code == 200
    assert get(browser(other), address).status_code == 404
    assert get(browser(None), address).status_code == 401
    assert get(browser(user), address[:-2]).status_code == 404
    Membership.objects.filter(user=user).delete()
    assert get(browser(user), address).status_code == 404


def test_a_token_reads_what_its_person_may_and_only_in_its_project():
    project, elsewhere = make_project(), make_project()
    item = written(project, kind="text", text="words")
    user = join(project, "annotator")
    Membership.objects.create(project=elsewhere, user=user, role="annotator")
    address = signed_content_url(user.pk, project.pk, item.pk)
    for bound, status in ((None, 200), (project, 200), (elsewhere, 404)):
        _, secret = create_token(user=user, name="t", scopes=["label"], project=bound)
        assert Client(headers={"authorization": f"Bearer {secret}"}).get(address).status_code == status


def test_an_old_address_and_that_of_a_picture_are_refused():
    project = make_project()
    user = join(project, "annotator")
    text, picture = written(project, kind="text", text="words"), written(project, 2, kind="image")
    old = signing.Signer(salt=SALT).sign_object([user.pk, project.pk, text.pk, 1])
    client = browser(user)
    assert get(client, f"/api/v1/contents/{old}").status_code == 404
    assert get(client, signed_content_url(user.pk, project.pk, picture.pk)).status_code == 404
    assert contents.written_content(project.pk, text.pk).text == "words"
