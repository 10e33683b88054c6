"""What stands of answers that are compared: the job that compares them shows that it lives."""

import pytest

from accounts.services import jobs
from accounts.services.jobs import Claim
from tests.annotation.factories import run
from tests.annotation.services.test_counting_several import make
from tests.annotation.services.test_several_questions import DOG

pytestmark = pytest.mark.django_db


def test_a_long_count_shows_life_with_each_question_and_each_item_compared(monkeypatch):
    beats = []
    beat = Claim.beat

    def told(claim, *said, **named):
        beats.append(named.get("message"))
        beat(claim, *said, **named)

    monkeypatch.setattr(Claim, "beat", told)
    queue, _, _ = make([DOG] * 3, [DOG] * 3)
    assert run(queue, "majority").state == "succeeded"
    assert beats == ["reading answers", "computing", "storing"]
    monkeypatch.setattr(jobs, "PULSE_SECONDS", 0.0)
    beats.clear()
    assert run(queue, "majority").state == "succeeded"
    assert beats == ["reading answers", "computing", None, None, None, "storing"]
