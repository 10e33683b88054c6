from copy import deepcopy
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Role
from common.problems import InvalidInput
from datasets.selectors.schemas import questions_in_use
from datasets.services.labels import Acceptance, accept_labels
from datasets.services.schemas import create_schema
from datasets.services.understanding import request_understanding
from tests.datasets import factories
from tests.datasets.runs import finish

pytestmark = pytest.mark.django_db


def named(key: str, kind: str = "single_choice") -> dict[str, object]:
    document = deepcopy(factories.DOCUMENT)
    document["questions"][0] |= {"key": key, "kind": kind}
    if kind == "number":
        document["questions"][0] |= {"classes": [], "min": 0, "max": 10, "step": None, "unit": ""}
    return document


def test_what_has_labels_comes_first_whatever_schema_is_newest() -> None:
    project = factories.project()
    old = create_schema(project=project, name="Animals", document=named("animal"), by=None)
    items = [factories.item(project) for _ in range(3)]
    accept_labels(
        project=project, schema=old, question="animal",
        acceptances=[Acceptance(item_id=one.pk, answer={"choice": "cat"}, origin="import") for one in items],
    )  # fmt: skip
    wider = named("animal")
    wider["questions"][0]["title"] = {"en": "Which one?"}  # type: ignore[index]
    newer = create_schema(project=project, name="Animals", document=wider, by=None)
    other = create_schema(project=project, name="Parts", document=named("part"), by=None)
    create_schema(project=factories.project(), name="Strange", document=named("animal"), by=None)
    found = [(one.schema.pk, one.question.key, one.n_labels) for one in questions_in_use(project)]
    assert found == [(newer.pk, "animal", 3), (other.pk, "part", 0)]


def test_a_report_is_about_the_classes_with_the_most_labels() -> None:
    """A planted leak stays found when somebody makes another schema."""
    project = factories.project()
    create_schema(project=project, name="Weights", document=named("weight", "number"), by=None)
    schema = create_schema(project=project, name="Animals", document=named("animal"), by=None)
    create_schema(project=project, name="Parts", document=named("part"), by=None)
    assert request_understanding(project=project).subject["question"] == "part"
    weighed = create_schema(project=project, name="Weights", document=named("weight", "number"), by=None)
    items = [factories.item(project) for _ in range(3)]
    for one, answer in ((weighed, {"number": 3}), (schema, {"choice": "cat"})):
        accept_labels(
            project=project, schema=one, question="weight" if one == weighed else "animal",
            acceptances=[Acceptance(item_id=item.pk, answer=answer, origin="import") for item in items],
        )  # fmt: skip
    report = request_understanding(project=project)
    assert report.subject["question"] == "animal"
    assert finish(report.job).state == "succeeded"
    report.refresh_from_db()
    assert report.result["n_labelled"] == 3
    assert request_understanding(project=project, question="part").subject["question"] == "part"
    with pytest.raises(InvalidInput):
        request_understanding(project=project, question="colour")


def test_the_questions_are_told_with_their_numbers_of_labels(client: Client, tmp_path: Path) -> None:
    project = factories.project()
    schema = factories.schema(project)
    client.force_login(factories.member(project, Role.RESEARCHER))
    (only,) = client.get(f"/api/v1/projects/{project.slug}/questions").json()
    assert only == {
        "schema": str(schema.public_id), "schema_name": schema.name, "family": schema.family, "question": "animal",
        "kind": "single_choice", "title": {"en": "Which animal?", "ko": "어떤 동물인가요?"}, "n_labels": 0,
    }  # fmt: skip
