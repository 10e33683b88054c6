import numpy as np
import pytest

from annotation.consensus.dawid_skene import dawid_skene
from annotation.consensus.majority import majority
from annotation.consensus.responses import Responses
from annotation.reliability.model_based import leave_one_out, model_reliability
from tests.annotation.consensus.crowd import confusion_of, label

SKILLS = np.array([0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.4])


def test_leaving_out_equals_bayes_by_hand():
    rng = np.random.default_rng(1)
    _, responses = label(rng, confusion_of(rng, 3, SKILLS), 60, 3)
    fitted = dawid_skene(responses, tolerance=1e-12, max_iterations=2000, without_own_item=False)
    matrices, evidence = fitted.confusion.stacked(), leave_one_out(responses, fitted)
    for r in range(0, responses.n_responses, 7):
        item, k = responses.items[r], responses.classes[r]
        posterior = fitted.class_prior.copy()
        for other in np.flatnonzero(responses.items == item):
            if other != r:
                posterior *= matrices[responses.annotators[other], :, responses.classes[other]]
        posterior /= posterior.sum()
        assert evidence.right[r] == pytest.approx(posterior[k], abs=1e-6)


@pytest.mark.parametrize(("n_classes", "n_items", "k"), [(4, 400, 3), (30, 400, 3)])
def test_unbiased_with_an_interval_that_covers(n_classes, n_items, k):
    rng = np.random.default_rng(7)
    hits, errors = [], []
    for _ in range(25):
        confusion = confusion_of(rng, n_classes, SKILLS, 0.3)
        truth, responses = label(rng, confusion, n_items, k)
        for annotator, estimate in enumerate(model_reliability(responses, dawid_skene(responses))):
            mine = responses.annotators == annotator
            assert estimate.n == mine.sum()
            errors.append(estimate.value - np.mean(responses.classes[mine] == truth[responses.items[mine]]))
            hits.append(estimate.low <= SKILLS[annotator] <= estimate.high)
    assert abs(np.mean(errors)) < 0.015
    assert 0.88 <= np.mean(hits) <= 0.99


def test_unanimous_annotators_have_an_open_end_below_one():
    truth = np.tile([0, 1, 2], 20)
    items, annotators = np.tile(np.arange(60), 3), np.repeat(np.arange(3), 60)
    responses = Responses(items, annotators, np.tile(truth, 3), 60, 3, 3)
    estimate = model_reliability(responses, dawid_skene(responses))[0]
    assert estimate.value == pytest.approx(1.0, abs=1e-6)
    assert 0.85 < estimate.low < 0.99
    assert estimate.high == 1.0


def test_says_why_not():
    alone = Responses(np.array([0, 1]), np.array([0, 0]), np.array([0, 1]), 2, 2, 2)
    for estimate in model_reliability(alone, dawid_skene(alone)):
        assert "somebody else" in estimate.reason
    with pytest.raises(ValueError, match="no confusion"):
        model_reliability(alone, majority(alone))
