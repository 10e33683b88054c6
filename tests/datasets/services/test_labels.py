import pytest
from django.db import IntegrityError, transaction

from common.problems import InvalidInput
from datasets.models import Label
from datasets.services.labels import Acceptance, accept_labels
from tests.datasets import factories

pytestmark = pytest.mark.django_db


def accept(schema: object, *acceptances: Acceptance) -> list[Label]:
    return accept_labels(
        project=schema.project,
        schema=schema,
        question="animal",
        acceptances=acceptances,  # type: ignore[attr-defined, arg-type]
    )


def test_a_new_answer_supersedes_the_old_one_which_stays() -> None:
    schema = factories.schema(factories.project())
    item = factories.item(schema.project)
    (first,) = accept(schema, Acceptance(item_id=item.pk, answer={"choice": "cat"}, origin="import"))
    (second,) = accept(
        schema, Acceptance(item_id=item.pk, answer={"choice": "dog"}, origin="consensus", posterior=0.9, n_labels=3)
    )
    first.refresh_from_db()
    assert (first.is_current, second.is_current, second.corrects_id) == (False, True, first.pk)
    assert Label.objects.current().get(item=item).keys == ["dog"]


def test_the_same_acceptance_again_changes_nothing() -> None:
    schema = factories.schema(factories.project())
    item = factories.item(schema.project)
    acceptance = Acceptance(item_id=item.pk, answer={"choice": "cat"}, origin="consensus", posterior=0.8, n_labels=3)
    assert accept(schema, acceptance) == accept(schema, acceptance)
    assert Label.objects.count() == 1


def test_a_consensus_does_not_override_what_a_reviewer_settled() -> None:
    schema = factories.schema(factories.project())
    item = factories.item(schema.project)
    (settled,) = accept(schema, Acceptance(item_id=item.pk, answer={"choice": "cat"}, origin="review"))
    (after,) = accept(schema, Acceptance(item_id=item.pk, answer={"choice": "dog"}, origin="consensus"))
    assert after == settled


def test_foreign_items_doubles_and_unknown_classes_are_refused_as_a_whole() -> None:
    schema = factories.schema(factories.project())
    own, foreign = factories.item(schema.project), factories.item(factories.project())
    good = Acceptance(item_id=own.pk, answer={"choice": "cat"}, origin="import")
    for bad in (
        Acceptance(item_id=foreign.pk, answer={"choice": "cat"}, origin="import"),
        Acceptance(item_id=own.pk, answer={"choice": "dog"}, origin="import"),
        Acceptance(item_id=own.pk + 10_000, answer={"choice": "unicorn"}, origin="import"),
    ):
        with pytest.raises(InvalidInput):
            accept(schema, good, bad)
    assert not Label.objects.exists()


def test_the_database_keeps_one_current_label_and_never_changes_an_answer() -> None:
    schema = factories.schema(factories.project())
    item = factories.item(schema.project)
    (label,) = accept(schema, Acceptance(item_id=item.pk, answer={"choice": "cat"}, origin="import"))
    with pytest.raises(IntegrityError, match="label_one_current"), transaction.atomic():
        Label.objects.create(
            project=schema.project, item=item, schema=schema, family=schema.family, question="animal",
            answer={"choice": "dog"}, origin="import",
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        Label.objects.filter(pk=label.pk).update(answer={"choice": "dog"})
