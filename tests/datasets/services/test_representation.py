import hashlib

import numpy as np
import pytest

from accounts.models import Project
from common.problems import InvalidInput
from datasets.models import AttributeDefinition, Item, Source
from datasets.services.importing.preparation import Content, Meeting
from datasets.services.importing.registration import register_items
from datasets.services.representation import Selection, compare_selections, resolve
from datasets.services.vectors import encoder_for, store
from tests.datasets import factories

pytestmark = pytest.mark.django_db


def collected(project: Project, source: Source, first: int, count: int, light: str, **fields: object) -> list[Item]:
    meetings = []
    for n in range(first, first + count):
        sha = hashlib.sha256(str(n).encode()).hexdigest()
        content = Content(sha256=sha, kind="image", media_type="image/png", byte_size=10)
        group = str(fields.get("group", ""))
        meetings.append(
            (content, Meeting(name=f"{n}.png", attributes={"light": light if n % 4 else "lamp"}, group_key=group))
        )
    return [item for item, _ in register_items(project=project, source=source, meetings=meetings)]


@pytest.fixture
def project() -> Project:
    project = factories.project()
    AttributeDefinition.objects.create(project=project, name="light", type="category")
    return project


def test_vectors_of_another_style_are_told_apart_and_the_strangest_come_first(project: Project) -> None:
    """Tale T3: good on the test set, wrong on the phone; the pictures differ, and that is seen before release."""
    rng = np.random.default_rng(5)
    training = collected(project, factories.source(project, population="studio"), 0, 120, "day")
    phone = collected(project, factories.source(project, population="phone"), 500, 120, "day")
    encoder = encoder_for(file_hash="e" * 64, name="test encoder", dimension=1280)
    matrix = rng.normal(size=(240, 1280)).astype(np.float32)
    matrix[120:, :40] += 1.0
    matrix[239, :40] += 20
    ids = [item.pk for item in [*training, *phone]]
    store(project=project, encoder=encoder, item_ids=ids, vectors=matrix)
    found = compare_selections(
        project=project, reference=Selection(population="studio"), current=Selection(population="phone")
    )
    assert found["look"] == "different"
    assert found["auc"]["low"] > 0.9
    assert [row["flagged"] for row in found["attributes"]] == [False]
    assert phone[119].sha256 in {one["sha256"] for one in found["most_different"]}
    alike = compare_selections(
        project=project, reference=Selection(population="studio"),
        current=Selection(item_ids=tuple(item.pk for item in training[:60]), name="half of it"),
    )  # fmt: skip
    assert (alike["look"], alike["current_name"]) == ("alike", "half of it")


def test_what_to_collect_is_what_production_has_more_of(project: Project) -> None:
    collected(project, factories.source(project, population="studio"), 0, 200, "day")
    collected(project, factories.source(project, population="phone"), 500, 200, "night")
    found = compare_selections(
        project=project, reference=Selection(population="studio"), current=Selection(population="phone")
    )
    assert [(one["name"], one["value"]) for one in found["collect"]] == [("light", "night")]
    assert found["classifier_reason"] is not None
    assert "light" in found["verdict"]


def test_a_burst_of_one_group_counts_once(project: Project) -> None:
    source = factories.source(project, population="phone")
    collected(project, source, 0, 50, "night", group="one scene")
    collected(project, source, 100, 30, "day")
    collected(project, factories.source(project, population="studio"), 500, 30, "day")
    found = compare_selections(
        project=project, reference=Selection(population="studio"), current=Selection(population="phone")
    )
    assert (found["n_current_items"], found["n_current"]) == (80, 31)


@pytest.mark.parametrize(
    "selection", [Selection(), Selection(population="mars"), Selection(population="a", sources=("b",))]
)
def test_an_empty_or_unclear_selection_is_refused(project: Project, selection: Selection) -> None:
    with pytest.raises(InvalidInput):
        resolve(project, selection)
