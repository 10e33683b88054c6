import numpy as np
import pytest
from django.db.models import F

from accounts.models import Notification, Role
from auditing.models import Audit, AuditSchedule, AuditState, RetrainSuggestion
from auditing.selectors.loop import loop_of
from auditing.selectors.next_steps import next_steps
from auditing.services.audit_progress import end_audit, take_in_answers
from auditing.services.hard_samples import send_to_audit
from auditing.services.prediction_log import log_predictions
from auditing.services.retraining import accept
from auditing.services.suggestions import consider, dismiss, judge
from common.problems import InvalidInput
from datasets.services.briefs import ProjectStopped, stop_brief
from tests.accounts.factories import make_member
from tests.annotation.factories import make_items
from tests.auditing.factories import answer, at_once, make_loop, make_model, said
from tests.training.factories import signed_brief

pytestmark = pytest.mark.django_db


def rng(seed=0):
    return np.random.default_rng(seed)


def fallen(**fields):
    """A model that promised 95% and has 70% right."""
    loop = make_loop(**fields)
    loop.produce(150, wrong=0.3, rng=rng())
    return loop


def test_a_fall_opens_one_suggestion_and_tells_those_who_lead():
    loop = fallen()
    reviewer = make_member(loop.project, Role.REVIEWER)
    audit = loop.judged(budget=80)
    suggestion = RetrainSuggestion.objects.get()
    assert suggestion.evidence["model"] == str(loop.model.public_id)
    assert consider(audit) is None
    assert RetrainSuggestion.objects.count() == 1
    line = Notification.objects.get(user=loop.lead, code="retrain.suggested")
    assert line.data["endpoint"] == "live"
    assert not Notification.objects.filter(user=reviewer).exists()


def test_a_handful_of_predictions_all_judged_proves_no_fall():
    """Eight of ten right is exact about the ten; ten pictures say next to nothing about the model."""
    loop = make_loop()
    items = make_items(loop.project, 10)
    loop.truth = {item.pk: "disc" for item in items}
    log_predictions(
        project_id=loop.project.pk, endpoint_id=loop.endpoint.pk, model_version_id=loop.model.pk,
        predictions=[said(item, "disc" if n > 1 else "cross") for n, item in enumerate(items)],
    )  # fmt: skip
    audit = loop.judged(budget=20)
    assert [audit.result["accuracy"][key] for key in ("low", "value", "high")] == [0.8, 0.8, 0.8]
    assert judge(audit).outcome == "not shown"
    assert loop_of(loop.project).verdicts["live"].code == "maybe-fell"


def test_a_half_answered_audit_is_not_judged_however_bad_it_looks():
    loop = fallen()
    audit = loop.audit(budget=80, strata_by="none")
    answer(audit.queue, loop.truth, only=lambda item: item % 4 != 0)
    audit = take_in_answers(audit)
    assert audit.result["accuracy"]["high"] < 0.9
    assert judge(audit) is None
    answer(audit.queue, loop.truth)
    assert judge(take_in_answers(audit)).outcome == "fell"


def test_one_picture_that_nobody_can_tell_does_not_hold_the_rule_up():
    loop = fallen()
    audit = loop.audit(budget=80)
    unclear = audit.items.first().item_id
    answer(audit.queue, loop.truth | {unclear: {"cannot_tell": True}})
    audit = take_in_answers(audit)
    assert (audit.state, audit.result["undecidable"]) == ("running", 1)
    assert RetrainSuggestion.objects.exists()


def test_a_cancelled_audit_is_not_judged():
    loop = fallen()
    audit = loop.audit(budget=80, strata_by="none")
    answer(audit.queue, loop.truth, only=lambda item: item % 4 != 0)
    take_in_answers(audit)
    assert judge(end_audit(audit=audit, state=AuditState.CANCELLED, by=loop.lead)) is None


def test_a_targeted_audit_is_never_judged():
    loop = fallen()
    batch = loop.mine()
    audit = send_to_audit(batch=batch, by=loop.lead)
    answer(audit.queue, dict.fromkeys(loop.truth, {"none": True}))
    audit = take_in_answers(audit)
    assert audit.result["wrong"] == audit.result["judged"] > 0
    assert judge(audit) is None
    assert not RetrainSuggestion.objects.exists()


def test_an_audit_of_a_model_that_was_replaced_is_not_judged():
    loop = fallen()
    audit = loop.audit(budget=80)
    loop.endpoint.model_version = make_model(loop.version)
    loop.endpoint.save()
    answer(audit.queue, loop.truth)
    take_in_answers(audit)
    assert not RetrainSuggestion.objects.exists()


def test_a_fall_from_one_audit_to_the_next_is_found_though_nothing_was_promised():
    loop = make_loop()
    loop.model.evaluations.all().delete()
    loop.produce(150, wrong=0.05, rng=rng(1), days_ago=(28, 16))
    loop.produce(150, wrong=0.4, rng=rng(2), days_ago=(13, 1))
    first = loop.judged(loop.window(29, 15), budget=80)
    assert judge(first) is None  # nothing to compare it with
    second = loop.judged(loop.window(15), budget=80)
    found = judge(second)
    assert found.outcome == "fell"
    assert "earlier windows" in found.reason


def test_a_slow_decay_is_found_by_the_promise():
    """Each audit is a little worse than the one before, none by enough; together they are far from the promise."""
    loop = make_loop(right=195, of=200)
    for step, wrong in enumerate((0.1, 0.14, 0.19)):
        days = (29 - 9 * step, 21 - 9 * step)
        loop.produce(130, wrong=wrong, rng=rng(step + 5), days_ago=days)
        audit = loop.judged(loop.window(days[0] + 0.5, days[1] - 0.4), budget=120, strata_by="none")
    assert judge(audit).outcome == "fell"
    assert "the test split at release" in judge(audit).reason


def test_more_looks_need_more_evidence():
    loop = fallen()
    audit = loop.judged(budget=60)
    monthly = judge(audit).p_value
    audit.schedule = AuditSchedule(cadence_days=1)
    assert judge(audit).p_value == pytest.approx(min(1.0, monthly * 365 / 12))


def test_dismissing_needs_a_reason_and_the_same_audit_does_not_ask_again():
    loop = fallen()
    audit = loop.judged(budget=80)
    suggestion = RetrainSuggestion.objects.get()
    with pytest.raises(InvalidInput, match="Say why"):
        dismiss(suggestion=suggestion, by=loop.lead, reason="  ")
    dismiss(suggestion=suggestion, by=loop.lead, reason="A broken camera, mended since.")
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.run) == ("dismissed", None)
    assert suggestion.evidence["dismissed_because"] == "A broken camera, mended since."
    take_in_answers(audit)
    assert RetrainSuggestion.objects.count() == 1
    Audit.objects.update(window_from=F("window_from"))
    loop.produce(100, wrong=0.4, rng=rng(9), days_ago=(0.5, 0.1))
    loop.judged(loop.window(0.9), budget=60)
    assert RetrainSuggestion.objects.count() == 2  # another audit asks anew


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_consider_the_same_audit_open_one():
    loop = fallen()
    audit = loop.judged(budget=80)
    RetrainSuggestion.objects.all().delete()
    Notification.objects.all().delete()
    found = at_once(3, lambda _: consider(audit))
    assert [one for one in found if one is not None] == [RetrainSuggestion.objects.get()]
    assert Notification.objects.filter(user=loop.lead).count() == 1


def test_a_stopped_project_is_not_advised_to_retrain():
    loop = fallen()
    signed_brief(loop.project)
    stop_brief(project=loop.project, name="Ada Lead", reason="It harms people.", by=loop.lead)
    audit = loop.judged(budget=80)  # people may go on judging
    assert judge(audit).suggests_retraining
    assert not RetrainSuggestion.objects.exists()
    signed_brief(loop.project)
    opened = consider(audit)
    stop_brief(project=loop.project, name="Ada Lead", reason="It harms people.", by=loop.lead)
    with pytest.raises(ProjectStopped, match="Ada Lead stopped the project .* It harms people"):
        accept(suggestion=opened, by=loop.lead)
    codes = {step.code for step in next_steps(loop.project, loop_of(loop.project))}
    assert "stopped" in codes
    assert not codes & {"retrain", "audit", "release", "train-again", "mine"}
