"""How right people are is told as it is known when a page is opened."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import Project
from annotation.models import Task
from annotation.services.tasks import TaskSpec, add_tasks
from datasets.models import LabelSchema
from tests.annotation.factories import make_annotators, make_items, make_queue, say
from training.selectors.ceilings import ceiling_of

pytestmark = pytest.mark.django_db


@dataclass
class Version:
    schema: LabelSchema


@dataclass
class Learned:
    """What the ceiling reads of a run."""

    project: Project
    version: Version
    task: dict[str, Any]
    question: str = "kind"

    @property
    def project_id(self) -> int:
        return self.project.pk


def test_gold_that_comes_after_a_run_counts_when_its_page_is_opened():
    queue = make_queue()
    classes = [{"key": key, "name": key} for key in ("cat", "dog")]
    run = Learned(queue.project, Version(queue.schema), {"kind": "single_choice", "classes": classes})
    before = ceiling_of(run)
    assert before["accuracy"]["value"] is None
    assert "no answer of an annotator can be held against gold" in before["accuracy"]["reason"]
    assert before["sentence"].startswith("How right people are is not known: no answer")
    specs = [TaskSpec(item_id=item.pk, gold={"choice": "dog"}) for item in make_items(queue.project, 40)]
    add_tasks(queue=queue, items=specs)
    (one,) = make_annotators(queue.project, 1)
    for place, task in enumerate(Task.objects.filter(queue=queue).order_by("pk").values_list("pk", flat=True)):
        say(one, task, "cat" if place < 4 else "dog")
    assert ceiling_of(run) == before  # kept for a minute: pages ask for it often
    cache.clear()
    after = ceiling_of(run)
    assert (after["accuracy"]["value"], after["against"], after["n_annotators"]) == (0.9, "gold", 1)


def test_where_several_answers_may_be_right_it_says_why_there_is_none():
    queue = make_queue(question="tags")
    found = ceiling_of(Learned(queue.project, Version(queue.schema), {"kind": "multi_label"}, "tags"))
    assert found["accuracy"]["value"] is None
    assert "several answers may be right at once" in found["sentence"]
