import uuid

import numpy as np
import pytest

from accounts.models import Membership, Role
from auditing.selectors.search import search
from datasets.models import Occurrence, Source
from tests.accounts.factories import make_member
from tests.annotation.factories import make_queue
from tests.auditing.factories import make_loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop():
    found = make_loop(train=3)
    items = found.produce(30, wrong=0.1, rng=np.random.default_rng(0))
    source = Source.objects.create(project=found.project, name="phone", kind="production")
    Occurrence.objects.create(
        project=found.project, item=items[0], source=source, name="shapely cat.png", identity=uuid.uuid4()
    )
    found.audit(name="Shapes in May", budget=10)
    queue = make_queue(found.project, n_items=2, kinds=["crowd"])
    queue.name = "Shapes for the crowd"
    queue.save()
    make_member(found.project, Role.REVIEWER, name="Shapira")
    return found


def kinds(loop, role, text, name="Zoe"):
    user = make_member(loop.project, role, name=name)
    membership = Membership.objects.select_related("project").get(user=user, project=loop.project)
    return {hit.kind for hit in search(user, membership, text)}


def test_a_lead_finds_everything(loop):
    assert kinds(loop, Role.LEAD, "SHAP") == {"item", "version", "model", "audit", "queue", "person"}
    assert kinds(loop, Role.LEAD, "logistic") == {"run"}


def test_a_researcher_finds_no_people(loop):
    assert kinds(loop, Role.RESEARCHER, "shap") == {"item", "version", "model", "audit", "queue"}


def test_an_annotator_finds_queues_that_admit_them_and_nothing_else(loop):
    user = make_member(loop.project, Role.ANNOTATOR)
    membership = Membership.objects.select_related("project").get(user=user, project=loop.project)
    assert [(hit.kind, hit.title) for hit in search(user, membership, "shap")] == [("queue", "Shapes in May")]
    assert search(user, membership, "crowd") == []


@pytest.mark.parametrize("text", ["", " ", "s", " s "])
def test_fewer_than_two_letters_find_nothing(loop, text):
    assert kinds(loop, Role.LEAD, text) == set()


def test_wildcards_are_letters(loop):
    assert kinds(loop, Role.LEAD, "%%") == set()
    assert kinds(loop, Role.LEAD, "__") == set()


def test_another_project_stays_closed(loop):
    other = make_loop()
    assert "audit" not in kinds(other, Role.LEAD, "shapes in may")
