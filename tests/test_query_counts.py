"""How many questions each page asks the database: a reviewed table, and the same number for twice as many rows.

`tests/query_counts.json` is measured on a small project in which every page has something to show. A page that asks
more often fails, and so does one that asks less often: rewrite the table with
`REWRITE_QUERY_COUNTS=1 pytest tests/test_query_counts.py`, and read the difference.
"""

import json
import os
import uuid
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from accounts.services.jobs import create_job
from accounts.services.notifications import notify
from annotation.models import Annotator, Queue, ReviewCase, ReviewReason, TaskPayload
from annotation.services.completion import open_cases
from annotation.services.gold import add_gold
from annotation.services.guidelines import Example, publish_guideline
from annotation.services.review import settle_case
from annotation.services.review_plan import consider_finished, plan_review
from auditing.models import Audit, HardSampleBatch
from auditing.services.hard_samples import send_to_audit
from auditing.services.schedules import set_schedule
from datasets.models import DatasetVersion, Item, Label, Occurrence, Source
from tests.accounts.factories import make_member
from tests.annotation.factories import make_queue, say
from tests.auditing.factories import Loop, make_endpoint, make_loop, make_model, make_version
from tests.training.factories import signed_brief
from training.models import Run

TABLE = Path(__file__).with_name("query_counts.json")
P = "/api/v1/projects/{slug}"
PAGES = {
    "home": f"{P}/home",
    "search": f"{P}/search?q=shap",
    "brief": f"{P}/brief",
    "hypotheses": f"{P}/hypotheses",
    "items": f"{P}/items",
    "item-facets": f"{P}/items/facets",
    "item": f"{P}/items/{{item}}",
    "sources": f"{P}/sources",
    "imports": f"{P}/imports",
    "attributes": f"{P}/attributes",
    "schemas": f"{P}/schemas",
    "questions": f"{P}/questions",
    "labels": f"{P}/labels",
    "versions": f"{P}/versions",
    "version": f"{P}/versions/{{version}}",
    "queues": f"{P}/queues",
    "queue": f"{P}/queues/{{queue}}",
    "queue-stats": f"{P}/queues/{{queue}}/stats",
    "queue-at-work": f"{P}/queues/{{queue}}/at-work",
    "queue-gold": f"{P}/queues/{{queue}}/gold",
    "queue-gold-people": f"{P}/queues/{{queue}}/gold/people",
    "queue-workbench": f"{P}/queues/{{queue}}/workbench",
    "queue-history": f"{P}/queues/{{queue}}/history",
    "guideline": f"{P}/queues/{{queue}}/guideline",
    "guideline-revisions": f"{P}/queues/{{queue}}/guideline/revisions",
    "review-plan": f"{P}/queues/{{queue}}/review-plan",
    "review": f"{P}/review",
    "people": f"{P}/people",
    "person": f"{P}/people/{{person}}",
    "my-work": f"{P}/my-work",
    "all-my-work": "/api/v1/my-work",
    "runs": f"{P}/runs",
    "run": f"{P}/runs/{{run}}",
    "run-curves": f"{P}/runs/{{run}}/curves",
    "looks": f"{P}/looks",
    "models": f"{P}/models",
    "endpoints": f"{P}/endpoints",
    "endpoint": f"{P}/endpoints/live",
    "production": f"{P}/production?endpoint=live",
    "predictions": f"{P}/predictions",
    "audits": f"{P}/audits",
    "audit": f"{P}/audits/{{audit}}",
    "audit-errors": f"{P}/audits/{{audit}}/errors",
    "audit-schedules": f"{P}/audit-schedules",
    "hard-samples": f"{P}/hard-samples",
    "hard-sample-batch": f"{P}/hard-samples/{{batch}}",
    "hard-sample-samples": f"{P}/hard-samples/{{batch}}/samples",
    "suggestions": f"{P}/suggestions",
    "members": f"{P}/members",
    "jobs": f"{P}/jobs",
    "notifications": f"{P}/notifications",
    "audit-trail": f"{P}/audit-trail",
    "projects": "/api/v1/projects",
    "session": "/api/v1/session",
}


def grow(loop: Loop, step: int) -> None:
    """One more of everything that pages list."""
    project, rng = loop.project, np.random.default_rng(step)
    source = Source.objects.create(project=project, name=f"Phones {step}", kind="production")
    for item in loop.produce(40, wrong=0.4, rng=rng):
        Occurrence.objects.create(
            project=project, item=item, source=source, name=f"shape {item.pk}.png", identity=uuid.uuid4()
        )
        Label.objects.create(
            project=project, item=item, schema=loop.version.schema, question="shape", origin="review",
            answer={"choice": loop.truth[item.pk]},
        )  # fmt: skip
    loop.judged(budget=20)
    loop.audit(budget=10)
    send_to_audit(batch=loop.mine(), by=loop.lead)
    loop.mine(seed=step)
    queue = make_queue(project, n_items=4, redundancy=2)
    tasks = list(TaskPayload.objects.filter(queue=queue).values_list("task_id", flat=True)[:2])
    for one in ("cat", "dog"):
        person = Annotator.objects.create(project=project, user=make_member(project, Role.ANNOTATOR))
        for task_id in tasks:
            say(person, task_id, one)
    open_cases(queue=queue, reasons=dict.fromkeys(tasks, ReviewReason.DISAGREEMENT))
    _reviewed(queue, loop.lead)
    make_model(make_version(project))
    create_job(project=project, kind="auditing.mine", payload={}, by=loop.lead)
    notify(users=[loop.lead], project=project, code="audit.started", data={"name": f"{step}"})
    make_member(project, Role.RESEARCHER)


def _reviewed(queue: Queue, lead: User) -> None:
    """A queue whose finished tasks are reviewed, one of them settled, with instructions and examples."""
    plan = plan_review(queue=queue, share=1.0, agreement_below=None, by=lead)
    consider_finished(queue_id=queue.pk, task_ids=list(queue.tasks.values_list("pk", flat=True)))
    assert plan.job is not None
    case = ReviewCase.objects.filter(queue=queue).first()
    assert case is not None
    settle_case(case=case, by=lead, answer={"kind": "class", "classes": ["cat"]})
    items = TaskPayload.objects.filter(queue=queue).values_list("item_id", flat=True)[:3]
    examples = [Example(item_id=item_id, kind="good", class_key="cat") for item_id in items]
    publish_guideline(queue=queue, instructions="Look.", examples=examples, by=lead)
    add_gold(queue=queue, answers={case.task.payload.item_id: {"kind": "class", "classes": ["cat"]}}, by=lead)


@pytest.fixture
def loop() -> Loop:
    found = make_loop(train=4)
    signed_brief(found.project)
    second = make_endpoint(found.model, "second")
    for endpoint in (found.endpoint, second):
        set_schedule(
            project=found.project, endpoint=endpoint, cadence_days=7, budget=9, owner=found.lead, by=found.lead
        )
    grow(found, 1)
    return found


def measured(loop: Loop) -> dict[str, int]:
    """{page: queries} for the project's lead, each page asked twice and counted the second time."""
    client = Client()
    client.force_login(loop.lead)
    of_project = {"project": loop.project}
    names = {
        "slug": loop.project.slug,
        "item": Item.objects.filter(**of_project).last().sha256,
        "version": str(DatasetVersion.objects.filter(**of_project).last()),
        "queue": Queue.objects.filter(**of_project, purpose="labeling").last().public_id,
        "person": Annotator.objects.filter(**of_project).last().public_id,
        "run": Run.objects.filter(**of_project).last().public_id,
        "audit": Audit.objects.filter(**of_project, result__judged__gt=0).first().public_id,
        "batch": HardSampleBatch.objects.filter(**of_project).last().public_id,
    }
    found = {}
    for name, route in PAGES.items():
        address = route.format(**names)
        answer = client.get(address)
        assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.content[:300]!r}"
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address)
        found[name] = len(asked)
    return found


@pytest.mark.django_db
def test_each_page_asks_as_often_as_the_table_says(loop):
    found = measured(loop)
    if os.environ.get("REWRITE_QUERY_COUNTS"):
        TABLE.write_text(json.dumps(found, indent=1) + "\n")
    table = json.loads(TABLE.read_text())
    assert {name: n for name, n in found.items() if table.get(name) != n} == {}, f"the table says {table}"
    assert set(table) == set(found)


@pytest.mark.django_db
def test_twice_as_many_rows_are_asked_for_as_often(loop):
    people = Annotator.objects.filter(project=loop.project)
    before, n_before = measured(loop), people.count()
    for step in (2, 3):
        grow(loop, step)
    after = measured(loop)
    after["people"] -= people.count() - n_before  # the latest times of each, by the index of their own history
    assert {name: (before[name], after[name]) for name in PAGES if after[name] > before[name]} == {}
