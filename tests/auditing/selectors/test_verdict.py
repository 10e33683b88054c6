from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from django.utils import timezone

from auditing.models import Audit
from auditing.selectors.loop import loop_of
from auditing.selectors.verdict import still_right
from auditing.services.audit_progress import take_in_answers
from common.numerics.wilson import wilson_interval
from tests.auditing.factories import answer, make_loop, make_model

PROMISED = wilson_interval(190, 200, 0.95).as_json()


def audit(right, of, *, days_ago=1):
    found = wilson_interval(right, of, 0.95).as_json()
    result = {"accuracy": found, "model_accuracy": found}
    return SimpleNamespace(result=result, window_to=timezone.now() - timedelta(days=days_ago))


TABLE = [
    # audit, expected, look → light, code
    (None, PROMISED, None, "empty", "unaudited"),
    (None, PROMISED, "alike", "empty", "unaudited"),
    (None, PROMISED, "different", "warning", "drifted-unaudited"),
    (audit(190, 200), PROMISED, None, "good", "still-right"),
    (audit(190, 200), PROMISED, "alike", "good", "still-right"),
    (audit(190, 200), PROMISED, "different", "good", "drifted-still-right"),
    (audit(140, 200), PROMISED, "alike", "bad", "fell"),
    (audit(140, 200), PROMISED, "different", "bad", "fell"),
    (audit(18, 20), PROMISED, None, "warning", "maybe-fell"),
    (audit(18, 20), PROMISED, "different", "warning", "maybe-fell"),
    (audit(190, 200), None, None, "warning", "audited-no-expectation"),
    (audit(190, 200, days_ago=36), PROMISED, None, "warning", "audit-old"),
    (audit(100, 200, days_ago=36), PROMISED, None, "warning", "audit-old"),
]


@pytest.mark.parametrize(("found", "expected", "look", "light", "code"), TABLE)
def test_table(found, expected, look, light, code):
    verdict = still_right(audit=found, expected=expected, look=look)
    assert (verdict.light, verdict.code) == (light, code)
    assert verdict.sentence.endswith(".")


def test_the_sentence_names_both_numbers():
    told = still_right(audit=audit(140, 200), expected=PROMISED, look=None).sentence
    assert "70.0% (63.3% to 75.9%)" in told
    assert "promised 95.0%" in told


def test_a_handful_of_predictions_all_looked_at_does_not_convict_the_model():
    """Eight of ten right is exact about the ten; the interval of the model is what decides."""
    few = audit(8, 10)
    few.result["accuracy"] = {**few.result["accuracy"], "low": 0.8, "high": 0.8}
    assert still_right(audit=few, expected=PROMISED, look=None).code == "maybe-fell"


@pytest.mark.django_db
class TestWhichAudit:
    @pytest.fixture
    def loop(self):
        found = make_loop()
        found.produce(120, wrong=0.4, rng=np.random.default_rng(0))
        return found

    def code(self, loop):
        return loop_of(loop.project).verdicts["live"].code

    def test_a_running_audit_convicts_nobody_before_everybody_is_heard(self, loop):
        running = loop.audit(budget=60, strata_by="none")
        answer(running.queue, loop.truth, only=lambda item: item % 3 != 0)
        running = take_in_answers(running)
        assert running.result["accuracy"]["high"] < 0.9
        assert self.code(loop) == "unaudited"
        answer(running.queue, loop.truth)
        take_in_answers(running)
        assert self.code(loop) == "fell"

    def test_the_audit_of_an_earlier_model_is_no_evidence_about_the_new_one(self, loop):
        loop.judged(budget=60)
        assert self.code(loop) == "fell"
        loop.endpoint.model_version = make_model(loop.version)
        loop.endpoint.save()
        assert self.code(loop) == "unaudited"

    def test_a_cancelled_audit_counts_for_nothing(self, loop):
        loop.judged(budget=60)
        Audit.objects.update(state="cancelled")
        assert self.code(loop) == "unaudited"

    def test_of_several_the_one_of_the_latest_window_counts(self, loop):
        loop.judged(budget=60)
        now = timezone.now()
        Audit.objects.update(window_from=now - timedelta(days=60), window_to=now - timedelta(days=40))
        assert self.code(loop) == "audit-old"
        loop.judged(budget=60)
        assert self.code(loop) == "fell"
