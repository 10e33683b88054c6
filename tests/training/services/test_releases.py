import pytest

from common.models import OutboxEvent
from common.problems import Conflict, InvalidInput
from datasets.services.briefs import ProjectStopped, save_draft, stop_brief
from tests.training import factories
from training.models import Endpoint, EndpointRelease, TestLook
from training.services import runs
from training.services.gate import GateNotPassed
from training.services.looks import TestSplitSealed
from training.services.registry import register_model
from training.services.releases import EndpointMoved, create_endpoint, release, roll_back

pytestmark = pytest.mark.django_db


def test_release_champion_retire_and_roll_back():
    owner = factories.project()
    version = factories.frozen_version(owner)
    one, two = (
        register_model(run=factories.finished_run(version, recipe), line="shapes", by=None)
        for recipe in ("baseline_logistic", "baseline_majority")
    )
    endpoint = create_endpoint(project=owner, name="live", by=None)
    with pytest.raises(GateNotPassed, match="has not been through the gate"):
        release(model=one, endpoint=endpoint, by=None)
    with pytest.raises(GateNotPassed):
        release(model=one, endpoint=endpoint, by=None, despite_gate=True)  # overruling needs a reason
    factories.passed_gate(one)
    row = release(model=one, endpoint=endpoint, by=None)
    assert TestLook.objects.get().model_version == one  # the first look at the split is taken at the release
    assert (row.test_look, row.test_look_note) == (TestLook.objects.get(), "")
    one.refresh_from_db()
    assert one.stage == "champion"
    assert one.card["sections"]
    with pytest.raises(Conflict, match="answers with shapes v1 already"):
        release(model=one, endpoint=Endpoint.objects.get(), by=None)
    row = release(model=two, endpoint=Endpoint.objects.get(), by=None, reason="We need it today.", despite_gate=True)
    assert row.test_look is None
    assert row.test_look_note.startswith("No look was taken: the test split was looked at once, last with shapes v1")
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.stage, two.stage) == ("retired", "champion")
    assert TestLook.objects.count() == 1
    with pytest.raises(InvalidInput, match="needs a reason"):
        roll_back(endpoint=Endpoint.objects.get(), by=None, reason=" ")
    row = roll_back(endpoint=Endpoint.objects.get(), by=None, reason="It flags everything.")
    assert (row.kind, row.model_version, row.previous) == ("rollback", one, None)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.stage, two.stage) == ("champion", "retired")
    assert EndpointRelease.objects.filter(ended_at=None).count() == 1
    events = OutboxEvent.objects.filter(name="ModelReleased").order_by("pk")
    assert [e.payload["model_version_id"] for e in events] == [one.pk, two.pk, one.pk]
    with pytest.raises(Conflict, match="no model before"):
        roll_back(endpoint=Endpoint.objects.get(), by=None, reason="Once more.")


def test_a_release_under_another_line_looks_again_for_a_written_reason_only():
    owner = factories.project()
    version = factories.frozen_version(owner)
    one, two = (
        register_model(run=factories.finished_run(version, seed=seed), line=f"line-{seed}", by=None) for seed in (0, 1)
    )
    endpoint = create_endpoint(project=owner, name="live", by=None)
    release(model=one, endpoint=endpoint, by=None, reason="First.", despite_gate=True)
    with pytest.raises(TestSplitSealed):
        release(model=two, endpoint=endpoint, by=None, reason="New.", despite_gate=True, test_look_reason="too short")
    why = "Nobody has seen how the other seed does."
    row = release(model=two, endpoint=endpoint, by=None, reason="New.", despite_gate=True, test_look_reason=why)
    assert (row.test_look.number, row.test_look.reason) == (2, why)
    two.refresh_from_db()
    told = " ".join(line for section in two.card["sections"] for line in section["lines"])
    assert "look 2 of 2 at this test split" in told
    factories.finish(row.test_look.job)
    gate = factories.passed_gate(two)
    assert "That was look 2 of 2" in gate.results.get(check_key="test_is_no_worse").sentence


def test_a_stopped_project_releases_nothing_until_a_new_brief_is_signed():
    owner = factories.project()
    factories.signed_brief(owner)
    model = factories.candidate(owner)
    endpoint = create_endpoint(project=owner, name="live", by=None)
    stop_brief(project=owner, name="Ada Lead", reason="It would harm people.", by=factories.lead(owner))
    with pytest.raises(ProjectStopped, match="Releases are refused: Ada Lead stopped .* It would harm people"):
        release(model=model, endpoint=endpoint, by=None, reason="Now.", despite_gate=True)
    with pytest.raises(ProjectStopped, match="Runs are refused"):
        runs.start_run(project=owner, version=model.run.version, recipe="baseline_majority", by=None)
    save_draft(project=owner, answers={}, by=None)
    with pytest.raises(ProjectStopped):  # a draft is no signature
        runs.rerun(run=model.run, by=None)
    factories.signed_brief(owner)
    assert release(model=model, endpoint=endpoint, by=None, reason="Now.", despite_gate=True).model_version == model


def test_of_two_releases_at_once_one_wins():
    owner = factories.project()
    version = factories.frozen_version(owner)
    one, two = (
        register_model(run=factories.finished_run(version, recipe), line="shapes", by=None)
        for recipe in ("baseline_logistic", "baseline_majority")
    )
    create_endpoint(project=owner, name="live", by=None)
    seen_by_one, seen_by_two = Endpoint.objects.get(), Endpoint.objects.get()
    release(model=one, endpoint=seen_by_one, by=None, reason="Mine.", despite_gate=True)
    with pytest.raises(EndpointMoved, match="a moment ago"):
        release(model=two, endpoint=seen_by_two, by=None, reason="No, mine.", despite_gate=True)
    assert Endpoint.objects.get().model_version == one
    assert EndpointRelease.objects.count() == 1


def test_endpoints_have_names_of_their_own_and_keep_to_their_project():
    owner, other = factories.project(), factories.project()
    endpoint = create_endpoint(project=owner, name="live", by=None)
    assert endpoint.source.population == "production"
    with pytest.raises(Conflict, match="already"):
        create_endpoint(project=owner, name="live", by=None)
    with pytest.raises(InvalidInput, match="different projects"):
        release(model=factories.candidate(other), endpoint=endpoint, by=None, reason="x", despite_gate=True)
