"""Tale T3: the food app is right on nine of ten pictures of its test set and wrong on eight of ten from a phone.

Station 11 must catch it twice: the pictures differ from the training data, and the audit finds how often it is wrong.
"""

import numpy as np
import pytest

from annotation.models import TaskPayload
from annotation.services.completion import announce_completed
from auditing import tasks
from auditing.models import RetrainSuggestion
from auditing.selectors.loop import loop_of
from auditing.selectors.next_steps import next_steps
from auditing.services import drift
from common.models import OutboxEvent
from datasets.models import Item
from datasets.services import representation
from datasets.services.vectors import encoder_for, store
from tests.annotation.factories import say
from tests.auditing.factories import annotator, make_loop, perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def food():
    """120 studio pictures to learn from, a model that has 90% of its test right, 120 phone pictures, 80% wrong."""
    rng = np.random.default_rng(3)
    loop = make_loop(right=180, of=200, train=120)
    phone = loop.produce(120, wrong=0.8, rng=rng)
    studio = list(Item.objects.filter(version_rows__version=loop.version))
    vectors = rng.normal(size=(240, 1280)).astype(np.float32)
    vectors[120:, :40] += 1.0  # another camera, another light
    encoder = encoder_for(file_hash="e" * 64, name="test encoder", dimension=1280)
    store(project=loop.project, encoder=encoder, item_ids=[i.pk for i in [*studio, *phone]], vectors=vectors)
    return loop


def verdict(loop):
    return loop_of(loop.project).verdicts["live"]


def test_both_the_comparison_and_the_audit_catch_it_and_retraining_is_suggested(food):
    assert verdict(food).code == "unaudited"

    report = drift.check_against_training(project=food.project, window=food.window(), by=food.lead)
    perform(report.job, representation.perform)
    report.refresh_from_db()
    assert report.result["look"] == "different"
    assert (verdict(food).code, verdict(food).light) == ("drifted-unaudited", "warning")
    found = loop_of(food.project)
    assert next_steps(food.project, found)[0].code == "audit"

    audit = food.audit(budget=60)
    person = annotator(food.project)
    for task_id, item_id in TaskPayload.objects.filter(queue=audit.queue).values_list("task_id", "item_id"):
        say(person, task_id, food.truth[item_id])
    announce_completed()
    tasks.take_answers(OutboxEvent.objects.get(name="TasksCompleted").pk)

    audit.refresh_from_db()
    accuracy = audit.result["accuracy"]
    assert accuracy["low"] < 0.2 < accuracy["high"] < 0.5
    assert (verdict(food).code, verdict(food).light) == ("fell", "bad")
    assert "promised 90.0%" in verdict(food).sentence
    suggestion = RetrainSuggestion.objects.get()
    assert suggestion.state == "open"
    assert "the test split at release" in suggestion.evidence["sentence"]
    assert suggestion.evidence["p_value"] < 0.01
    assert suggestion.evidence["drop"]["value"] > 0.5
    found = loop_of(food.project)
    assert [step.code for step in next_steps(food.project, found)][:2] == ["retrain", "look-at-fall"]


def test_a_model_that_keeps_its_promise_on_the_phone_is_left_alone():
    loop = make_loop(right=180, of=200)
    loop.produce(200, wrong=0.1, rng=np.random.default_rng(4))
    loop.judged(budget=80)
    assert verdict(loop).light == "good"
    assert not RetrainSuggestion.objects.exists()
