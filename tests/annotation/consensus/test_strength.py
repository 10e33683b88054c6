import numpy as np
import pytest

import annotation.consensus.dawid_skene as fitting
from annotation.consensus.dawid_skene import DEFAULT_STRENGTH, dawid_skene
from annotation.consensus.evidence import gather_evidence
from annotation.consensus.majority import majority
from annotation.consensus.responses import Responses
from annotation.consensus.strength import choose_strength, label_log_probability
from tests.annotation.consensus.crowd import anaesthetists, confusion_of, label


def test_label_probability_by_hand():
    responses = anaesthetists()
    fitted = dawid_skene(responses)
    by_hand = [
        np.log(fitted.posterior[i] @ fitted.confusion.of(int(a))[:, k])
        for i, a, k in zip(responses.items, responses.annotators, responses.classes, strict=True)
    ]
    np.testing.assert_allclose(label_log_probability(fitted, responses), by_hand, atol=1e-9)
    with pytest.raises(ValueError, match="majority does not model"):
        label_log_probability(majority(responses), responses)


def test_strong_shrinkage_for_few_labels_and_weak_for_idiosyncratic_annotators():
    rng = np.random.default_rng(1)
    _, alike = label(rng, confusion_of(rng, 10, np.full(300, 0.75), 0.9), 800, 4)
    confusion = confusion_of(rng, 4, np.full(6, 0.6), 0.0)
    for annotator in range(6):  # everybody has a favourite error of their own
        confusion[annotator] = 0.6 * np.eye(4) + 0.4 * np.roll(np.eye(4), 1 + annotator % 3, axis=1)
    _, unlike = label(rng, confusion, 1500, 4)
    strong = choose_strength(alike, rng=np.random.default_rng(2), strengths=(1.0, 100.0))
    weak = choose_strength(unlike, rng=np.random.default_rng(2), strengths=(1.0, 1000.0))
    assert strong.strength == 100.0
    assert weak.strength == 1.0
    assert strong.n_held_out == alike.n_responses
    assert "held-out" in strong.reason


def test_many_classes_are_cross_validated_over_the_classes_each_item_was_given(monkeypatch):
    rng = np.random.default_rng(4)
    truth, responses = label(rng, confusion_of(rng, 150, np.linspace(0.5, 0.95, 8)), 400, 3)
    terms = []

    def counting(*arguments):
        evidence = gather_evidence(*arguments)
        terms.append(evidence.incidence.nnz)
        return evidence

    monkeypatch.setattr(fitting, "gather_evidence", counting)
    settings = {"strengths": (1.0, 10.0, 100.0), "n_folds": 3}
    cheap = choose_strength(responses, rng=np.random.default_rng(5), **settings)
    few, terms[:] = list(terms), []
    dear = choose_strength(responses, rng=np.random.default_rng(5), candidates="all", **settings)
    assert len(few) == len(terms) == 9
    assert max(few) <= responses.n_responses * 3
    assert sum(terms) > 40 * sum(few)
    right = [(dawid_skene(responses, strength=one.strength).best_class == truth).mean() for one in (cheap, dear)]
    assert right[0] >= right[1] - 0.005
    assert np.argmin(cheap.scores) == np.argmin(dear.scores) == 0


def test_few_classes_are_cross_validated_over_all_of_them():
    rng = np.random.default_rng(6)
    _, responses = label(rng, confusion_of(rng, 5, np.linspace(0.5, 0.95, 8)), 100, 3)
    as_is = choose_strength(responses, rng=np.random.default_rng(7))
    everything = choose_strength(responses, rng=np.random.default_rng(7), candidates="all")
    assert as_is.scores == everything.scores


def test_nothing_to_hold_out_gives_the_default_and_says_so():
    single = Responses(np.arange(4), np.zeros(4, dtype=int), np.array([0, 1, 0, 1]), 4, 1, 2)
    choice = choose_strength(single, rng=np.random.default_rng(0))
    assert choice.strength == DEFAULT_STRENGTH
    assert "default" in choice.reason


def test_refuses_bad_arguments():
    with pytest.raises(ValueError, match="n_folds"):
        choose_strength(anaesthetists(), rng=np.random.default_rng(0), n_folds=1)
    with pytest.raises(ValueError, match="strengths"):
        choose_strength(anaesthetists(), rng=np.random.default_rng(0), strengths=())
