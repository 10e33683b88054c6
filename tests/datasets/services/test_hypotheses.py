import pytest
from django.test import Client

from accounts.models import AuditEntry, Project, Role
from common.problems import InvalidInput
from datasets.selectors.briefs import hypotheses_of
from datasets.services.hypotheses import record_attempt, refute, reopen
from tests.datasets import factories

pytestmark = pytest.mark.django_db


def attempt(project: Project, reference: str, beat: bool) -> None:
    record_attempt(
        project=project, reference=reference, label=f"Run {reference}", beat_baseline=beat, metric="accuracy",
        value=0.5, baseline=0.5,
    )  # fmt: skip


def states(project: Project) -> set[str]:
    return {one.state for one in hypotheses_of(project)}


def test_three_failed_attempts_put_in_doubt_and_one_success_supports() -> None:
    project = factories.project()
    assert states(project) == {"untested"}
    attempt(project, "1", False)
    attempt(project, "2", False)
    attempt(project, "2", False)  # told twice
    assert states(project) == {"untested"}
    attempt(project, "3", False)
    assert states(project) == {"in_doubt"}
    attempt(project, "4", True)
    assert states(project) == {"supported"}
    assert [len(one.attempts.all()) for one in hypotheses_of(project)] == [4, 4]


def test_a_refutation_needs_a_name_and_stands_against_further_attempts() -> None:
    project = factories.project()
    person = factories.member(project)
    with pytest.raises(InvalidInput, match="Sign"):
        refute(project=project, kind="predictable", name="", reason="No.", by=person)
    refute(project=project, kind="predictable", name="Ada Kim", reason="A price has no memory.", by=person)
    attempt(project, "1", True)
    found = {one.kind: one.state for one in hypotheses_of(project)}
    assert found == {"predictable": "refuted", "informative": "supported"}
    with pytest.raises(InvalidInput, match="Sign"):
        reopen(project=project, kind="predictable", name="Ada Kim", reason=" ", by=person)
    signed = {"name": "Ada Kim", "reason": "New prices have one.", "by": person}
    assert reopen(project=project, kind="predictable", **signed).state == "supported"
    entry = AuditEntry.objects.get(action="hypothesis.reopened")
    assert entry.data == {"name": "Ada Kim", "reason": "New prices have one."}
    with pytest.raises(InvalidInput, match="Nobody has refuted"):
        reopen(project=project, kind="predictable", **signed)


def test_only_a_lead_decides_and_the_api_answers_with_both(client: Client) -> None:
    project = factories.project()
    address = f"/api/v1/projects/{project.slug}/hypotheses/informative"
    body = {"state": "refuted", "name": "Ada Kim", "reason": "They are noise."}
    client.force_login(factories.member(project, Role.RESEARCHER))
    assert client.post(address, body, content_type="application/json").status_code == 403
    client.force_login(factories.member(project))
    assert client.post(address, {"state": "refuted"}, content_type="application/json").status_code == 422
    shown = client.post(address, body, content_type="application/json").json()
    assert {one["kind"]: (one["state"], one["signed_name"]) for one in shown} == {
        "predictable": ("untested", ""), "informative": ("refuted", "Ada Kim"),
    }  # fmt: skip
