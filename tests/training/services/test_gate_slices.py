"""Slices of a challenger against a champion, on predictions written by hand."""

from types import SimpleNamespace

import numpy as np

from training.selectors.files import StoredPredictions
from training.services.gate_slices import compare_slices

MODEL = SimpleNamespace(
    threshold=None,
    class_of_concern="",
    serving_card={"kind": "binary", "classes": [{"key": "ok", "name": "Good"}, {"key": "bad", "name": "Bad"}]},
)


def answers(truth, said):
    """Predictions of items 0, 1, … that say these classes with certainty."""
    items = np.array([f"{i:04d}" for i in range(len(truth))])
    return StoredPredictions(items, items, np.ones(len(truth)), np.eye(2)[truth], np.eye(2)[said])


def test_a_class_that_is_lost_altogether_is_worse_although_every_resample_says_the_same():
    truth = np.array([0] * 30 + [1] * 30)
    found = compare_slices(answers(truth, np.zeros(60, int)), answers(truth, truth), MODEL, MODEL)
    assert [(s.name, s.before, s.after, s.is_worse) for s in found] == [("Bad", 1, 0, True), ("Good", 1, 1, False)]
    assert found[0].change.low is None  # the bootstrap has nothing to say here, the sign test has


def test_a_value_of_an_attribute_hides_in_no_class():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 400)
    place = np.where(np.arange(400) % 10 == 0, "cellar", "hall")
    said = np.where((place == "cellar") & (np.arange(400) % 20 == 0), 1 - truth, truth)
    facts = {f"{i:04d}": {"place": str(place[i])} for i in range(400)}
    found = compare_slices(answers(truth, said), answers(truth, truth), MODEL, MODEL, facts)
    assert [(s.by, s.name, s.rows, s.is_worse) for s in found if s.by == "place"] == [
        ("place", "cellar", 40, True),
        ("place", "hall", 360, False),
    ]
    assert found[0].name == "cellar"
    assert found[0].after == 0.5


def test_among_many_slices_chance_alone_does_not_stop_a_release():
    """Two equally good models on 40 slices of 25: uncorrected, one in twenty of the slices would be called worse."""
    worse = 0
    for seed in range(5):
        rng = np.random.default_rng(seed)
        truth = rng.integers(0, 2, 1000)
        one, two = (np.where(rng.random(1000) < 0.2, 1 - truth, truth) for _ in range(2))
        facts = {f"{i:04d}": {"batch": f"b{i % 40}"} for i in range(1000)}
        worse += sum(s.is_worse for s in compare_slices(answers(truth, one), answers(truth, two), MODEL, MODEL, facts))
    assert worse == 0


def test_fewer_than_five_turned_groups_prove_nothing():
    truth = np.zeros(40, int)
    said = truth.copy()
    said[:4] = 1
    found = compare_slices(answers(truth, said), answers(truth, truth), MODEL, MODEL)
    assert (found[0].after, found[0].is_worse) == (0.9, False)
