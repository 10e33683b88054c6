import pytest

from common.said import Said
from tests.training import factories
from training.models import GateResult
from training.services.gate import GateNotPassed, start_gate
from training.services.gate_checks import CHECKS
from training.services.registry import register_model, set_threshold
from training.services.releases import create_endpoint, release

pytestmark = pytest.mark.django_db


def through_the_gate(model, endpoint=None):
    gate = start_gate(model=model, endpoint=endpoint, by=None)
    job = factories.finish(gate.job)
    assert job.state == "succeeded", job.error
    gate.refresh_from_db()
    return gate, {result.check_key: result for result in GateResult.objects.filter(gate_run=gate)}


def test_every_check_answers_and_a_slow_or_weak_model_fails():
    owner = factories.project()
    factories.signed_brief(owner, target_value=0.99, latency_ms=0.0001)
    gate, answers = through_the_gate(factories.candidate(owner))
    assert list(answers) == list(CHECKS)
    assert all(result.sentence for result in answers.values())
    assert answers["runs"].verdict == "passed"
    assert "eight extreme ones" in answers["runs"].sentence
    assert (answers["meets_target"].verdict, answers["fast_enough"].verdict) == ("failed", "failed")
    assert "the brief asks for 99.0%" in answers["meets_target"].sentence
    assert "the brief allows 0.0001 ms" in answers["fast_enough"].sentence
    assert answers["beats_baseline"].verdict == "not_applicable"
    assert gate.passed is False
    # Beside each sentence what it says, for pages in other languages: told again, it is the same.
    assert all(Said.stored({"sentence": "?", **one.data}).sentence == one.sentence for one in answers.values())


def test_a_modest_brief_lets_a_model_through():
    owner = factories.project()
    factories.signed_brief(owner, target_value=0.05, latency_ms=60_000)
    gate, answers = through_the_gate(factories.candidate(owner))
    assert {key for key, one in answers.items() if one.verdict == "failed"} == set()
    assert gate.passed is True


def test_without_a_brief_nothing_is_promised():
    gate, answers = through_the_gate(factories.candidate(factories.project()))
    assert (answers["meets_target"].verdict, answers["fast_enough"].verdict) == ("not_applicable", "not_applicable")
    assert "CPU" in answers["fast_enough"].sentence


def test_a_model_worse_on_a_class_than_the_present_one_fails():
    owner = factories.project()
    version = factories.frozen_version(owner, counts={"disc": 60, "square": 20, "cross": 60})
    good = register_model(run=factories.finished_run(version), line="shapes", by=None)
    bad = register_model(run=factories.finished_run(version, "baseline_majority"), line="shapes", by=None)
    endpoint = create_endpoint(project=owner, name="live", by=None)
    release(model=good, endpoint=endpoint, by=None, reason="First.", despite_gate=True)
    endpoint.refresh_from_db()
    gate, answers = through_the_gate(bad, endpoint)
    slices = answers["no_slice_worse"]
    # The majority baseline gives one class all it has; what the linear model got right elsewhere is lost.
    assert slices.verdict == "failed", slices.sentence
    assert "shapes v1" in slices.sentence
    assert {one["by"] for one in slices.data["slices"]} == {"class"}  # nothing else is said about the pictures
    assert all(one["before"] > one["after"] for one in slices.data["slices"] if one["is_worse"])
    assert gate.champion == good
    assert gate.passed is False


def test_a_threshold_changed_after_the_gate_needs_the_gate_again():
    owner = factories.project()
    factories.signed_brief(owner, target_value=0.05, latency_ms=60_000)
    model = factories.candidate(owner)
    endpoint = create_endpoint(project=owner, name="live", by=None)
    gate, _ = through_the_gate(model)
    assert (gate.passed, gate.threshold) == (True, None)
    set_threshold(model=model, threshold=0.9, by=None)
    with pytest.raises(GateNotPassed, match="threshold was changed after it passed"):
        release(model=model, endpoint=endpoint, by=None)
    gate, _ = through_the_gate(model)
    assert (gate.passed, gate.threshold) == (True, 0.9)
    assert release(model=model, endpoint=endpoint, by=None).model_version == model


def test_a_threshold_changes_live_only_after_the_gate_judged_it():
    owner = factories.project()
    factories.signed_brief(owner, target_value=0.05, latency_ms=60_000)
    model = factories.candidate(owner)
    endpoint = create_endpoint(project=owner, name="live", by=None)
    release(model=model, endpoint=endpoint, by=None, reason="First.", despite_gate=True)
    with pytest.raises(GateNotPassed, match="answers at live, and no gate has judged it with the threshold 0.9. Send"):
        set_threshold(model=model, threshold=0.9, by=None)
    model.refresh_from_db()
    assert model.threshold is None
    gate = start_gate(model=model, endpoint=endpoint, by=None, threshold=0.9, tries_threshold=True)
    factories.finish(gate.job)
    gate.refresh_from_db()
    model.refresh_from_db()
    assert (gate.passed, gate.threshold, model.threshold) == (True, 0.9, None)  # trying changes nothing
    assert set_threshold(model=model, threshold=0.9, by=None).threshold == 0.9
    with pytest.raises(GateNotPassed, match="without a threshold"):
        set_threshold(model=model, threshold=None, by=None)


def test_a_threshold_that_the_gate_refused_is_not_taken_live():
    owner = factories.project()
    factories.signed_brief(owner, target_value=0.99, latency_ms=60_000)
    model = factories.candidate(owner)
    endpoint = create_endpoint(project=owner, name="live", by=None)
    release(model=model, endpoint=endpoint, by=None, reason="First.", despite_gate=True)
    gate = start_gate(model=model, endpoint=endpoint, by=None, threshold=1.0, tries_threshold=True)
    factories.finish(gate.job)
    with pytest.raises(GateNotPassed, match="the gate refused it with the threshold 1: .* the brief asks for 99.0%"):
        set_threshold(model=model, threshold=1.0, by=None)


def test_sources_and_attributes_are_slices_of_the_gate():
    owner = factories.project()
    version = factories.frozen_version(owner, counts={"disc": 60, "cross": 60})
    hall, cellar = factories.source(owner, name="Hall"), factories.source(owner, name="Cellar")
    for number, row in enumerate(version.rows.filter(split="validation").select_related("item")):
        factories.met(row.item, cellar if number % 3 == 0 else hall)
    good = register_model(run=factories.finished_run(version), line="shapes", by=None)
    bad = register_model(run=factories.finished_run(version, "baseline_majority"), line="shapes", by=None)
    endpoint = create_endpoint(project=owner, name="live", by=None)
    release(model=good, endpoint=endpoint, by=None, reason="First.", despite_gate=True)
    endpoint.refresh_from_db()
    _, answers = through_the_gate(bad, endpoint)
    cut = {(one["by"], one["name"]): one["rows"] for one in answers["no_slice_worse"].data["slices"]}
    assert {key: rows for key, rows in cut.items() if key[0] == "source"} == {
        ("source", "Hall"): 40,
        ("source", "Cellar"): 20,
    }
