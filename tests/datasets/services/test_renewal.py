"""The next version's recipe: pictures that came back from production are let in, other sources stay as chosen."""

import uuid

import pytest

from datasets.models import DatasetVersion, Item, Occurrence
from datasets.services.labels import Acceptance, accept_labels
from datasets.services.production import production_source
from datasets.services.renewal import renewal_of
from tests.datasets import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema():
    return factories.schema(factories.project())


def frozen(schema, **recipe):
    return DatasetVersion.objects.create(
        project=schema.project, name="animals", number=1, content_hash="1" * 64, schema=schema, question="animal",
        recipe={"name": "animals", "schema": str(schema.public_id), "question": "animal", **recipe},
        manifest_key="none", summary={},
    )  # fmt: skip


def labelled(schema, source, n, question="animal") -> list[Item]:
    items = [factories.item(schema.project) for _ in range(n)]
    Occurrence.objects.bulk_create(
        Occurrence(project=schema.project, item=one, source=source, name=f"{one.pk}.png", identity=uuid.uuid4())
        for one in items
    )
    accept_labels(
        project=schema.project, schema=schema, question=question,
        acceptances=[Acceptance(item_id=one.pk, answer={"choice": "cat"}, origin="review") for one in items],
    )  # fmt: skip
    return items


def test_labels_from_before_are_not_new(schema):
    labelled(schema, factories.source(schema.project), 3)
    assert renewal_of(frozen(schema)).new_labels == 0


def test_a_correction_is_new(schema):
    (item, *_) = labelled(schema, factories.source(schema.project), 3)
    version = frozen(schema)
    accept_labels(
        project=schema.project, schema=schema, question="animal",
        acceptances=[Acceptance(item_id=item.pk, answer={"choice": "dog"}, origin="review", reason="A dog.")],
    )  # fmt: skip
    assert renewal_of(version).new_labels == 1


def test_an_open_recipe_takes_everything_and_stays_as_it_is(schema):
    version = frozen(schema)
    labelled(schema, production_source(project=schema.project), 2)
    labelled(schema, factories.source(schema.project), 3)
    found = renewal_of(version)
    assert (found.new_labels, found.added) == (5, ())
    assert (found.recipe["sources"], found.recipe["populations"]) == ([], [])


@pytest.mark.parametrize(
    ("recipe", "opened"),
    [
        ({"sources": ["Studio"]}, {"sources": ["Production", "Studio"], "populations": []}),
        ({"populations": ["training"]}, {"sources": [], "populations": ["production", "training"]}),
        (
            {"sources": ["Studio"], "populations": ["training"]},
            {"sources": ["Production", "Studio"], "populations": ["production", "training"]},
        ),
    ],
)
def test_a_closed_recipe_is_opened_to_production_and_to_nothing_else(schema, recipe, opened):
    studio = factories.source(schema.project, name="Studio", population="training")
    version = frozen(schema, **recipe)
    labelled(schema, studio, 1)
    labelled(schema, factories.source(schema.project, name="Junk", population="junk"), 4)
    labelled(schema, production_source(project=schema.project), 2)
    found = renewal_of(version)
    assert (found.new_labels, found.added) == (3, ("Production",))
    assert {name: found.recipe[name] for name in opened} == opened


def test_production_without_a_population_cannot_be_let_in_by_population(schema):
    version = frozen(schema, populations=["training"])
    labelled(schema, production_source(project=schema.project, population=""), 2)
    found = renewal_of(version)
    assert (found.new_labels, found.added, found.recipe["populations"]) == (0, (), ["training"])
