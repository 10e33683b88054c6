import numpy as np
import pytest

from annotation.consensus.calibration import expected_calibration_error
from annotation.consensus.dawid_skene import dawid_skene
from tests.annotation.consensus.crowd import confusion_of, label

STRENGTH, POOL, PRIOR = 4.0, 6.0, 1.0


def by_loops(responses, truth, error_ratio, accuracy, item):
    """Posterior of one item from a full recount without it; base, pooled and annotator level written out."""
    n_classes = responses.n_classes
    cells = np.zeros((responses.n_annotators, n_classes, n_classes))
    for i, a, given in zip(responses.items, responses.annotators, responses.classes, strict=True):
        if i != item:
            cells[a, :, given] += truth[i]
    pooled_counts = cells.sum(axis=0)
    base = np.where(np.eye(n_classes) == 1, accuracy, (1 - accuracy) / (n_classes - 1))
    pooled = (pooled_counts + POOL * base) / (pooled_counts.sum(axis=1, keepdims=True) + POOL)
    others = [i for i in range(responses.n_items) if i != item]
    posterior = truth[others].sum(axis=0) + PRIOR
    for r in np.flatnonzero(responses.items == item):
        a, given = responses.annotators[r], responses.classes[r]
        for k in range(n_classes):
            error = min((1 - pooled[k, k]) * error_ratio[a], max(1 - 1 / n_classes, 1 - pooled[k, k]))
            target = 1 - error if given == k else pooled[k, given] * error / (1 - pooled[k, k])
            posterior[k] *= (cells[a, k, given] + STRENGTH * target) / (cells[a, k].sum() + STRENGTH)
    return posterior / posterior.sum()


def test_equals_a_recount_without_the_item():
    rng = np.random.default_rng(3)
    _, responses = label(rng, confusion_of(rng, 4, [0.9, 0.8, 0.7, 0.5]), 40, 3)
    settings = {
        "strength": STRENGTH,
        "pool_strength": POOL,
        "prior_strength": PRIOR,
        "candidates": "all",
        "tolerance": 1e-10,
        "max_iterations": 1000,
    }
    within = dawid_skene(responses, without_own_item=False, **settings)
    without = dawid_skene(responses, **settings)
    for item in range(0, 40, 5):
        expected = by_loops(responses, within.posterior, within.confusion.error_ratio, within.confusion.accuracy, item)
        # An item's own part of the recount is T times its labels, spread over all classes k: the same counts.
        np.testing.assert_allclose(without.posterior[item], expected, atol=1e-5)


@pytest.mark.parametrize(("n_classes", "n_items"), [(30, 400), (99, 600)])
def test_most_of_the_false_certainty_goes(n_classes, n_items):
    rng = np.random.default_rng(11)
    skills = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.4]
    truth, responses = label(rng, confusion_of(rng, n_classes, skills, 0.5), n_items, 3)
    error = {}
    for without in (False, True):
        fitted = dawid_skene(responses, without_own_item=without)
        error[without] = expected_calibration_error(fitted.confidence, fitted.best_class == truth)
    assert error[True] < 0.6 * error[False]
    assert error[True] < 0.04
