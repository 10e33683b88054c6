import copy

import pytest

from common.problems import InvalidInput
from datasets.selectors import schemas
from datasets.services.schemas import create_schema
from tests.datasets import factories

pytestmark = pytest.mark.django_db


def test_an_unchanged_document_is_the_same_version_and_a_changed_one_the_next() -> None:
    project = factories.project()
    first = create_schema(project=project, name="Animals", document=factories.DOCUMENT, by=None)
    again = create_schema(project=project, name="Animals", document=factories.DOCUMENT, by=None)
    assert (again.pk, first.version) == (first.pk, 1)
    document = copy.deepcopy(factories.DOCUMENT)
    document["questions"][0]["classes"][1]["names"]["en"] = "Domestic cat"
    document["questions"][0]["classes"].append({"key": "fox", "names": {"en": "Fox"}})
    second = create_schema(project=project, name="Animals", document=document, by=None)
    assert (second.family, second.version) == ("animals", 2)
    assert schemas.document(first).by_key["animal"].by_key["cat"].names["en"] == "Cat"


def test_a_class_that_labels_may_point_at_cannot_vanish() -> None:
    project = factories.project()
    create_schema(project=project, name="Animals", document=factories.DOCUMENT, by=None)
    document = copy.deepcopy(factories.DOCUMENT)
    del document["questions"][0]["classes"][1]
    with pytest.raises(InvalidInput, match="cat of the version before are missing"):
        create_schema(project=project, name="Animals", document=document, by=None)


def test_every_mistake_is_told_at_its_place() -> None:
    document = copy.deepcopy(factories.DOCUMENT)
    classes = document["questions"][0]["classes"]
    classes[1]["parent"] = "nobody"
    classes[2]["hotkey"] = "3"
    classes[3]["names"] = {"ko": "소"}
    with pytest.raises(InvalidInput) as caught:
        create_schema(project=factories.project(), name="Animals", document=document, by=None)
    assert set(caught.value.context["errors"]) == {
        "document.questions[0].classes[1].parent",
        "document.questions[0].classes[3].hotkey",
        "document.questions[0].classes[3].names",
    }


def test_an_answer_is_checked_against_its_question() -> None:
    schema = factories.schema(factories.project())
    assert schemas.check_answer(schema, "animal", {"choice": "dog"}) == {"choice": "dog"}
    for wrong in ({"choice": "unicorn"}, {"choices": ["dog"]}, {"choice": "dog", "none": True}, {}, "dog", None):
        with pytest.raises(InvalidInput):
            schemas.check_answer(schema, "animal", wrong)
    with pytest.raises(InvalidInput, match="no question 'colour'"):
        schemas.check_answer(schema, "colour", {"choice": "dog"})
