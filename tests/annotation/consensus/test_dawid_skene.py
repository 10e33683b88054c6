import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.consensus.dawid_skene import dawid_skene
from annotation.consensus.majority import majority
from annotation.consensus.responses import Responses
from tests.annotation.consensus.crowd import anaesthetists, confusion_of, label


def plain_dawid_skene(responses, iterations):
    """The paper's equations (2.3) to (2.5) with loops, as an oracle."""
    n_i, n_k = responses.n_items, responses.n_classes
    counts = np.zeros((n_i, responses.n_annotators, n_k))
    np.add.at(counts, (responses.items, responses.annotators, responses.classes), 1)
    truth = counts.sum(axis=1)
    truth /= truth.sum(axis=1, keepdims=True)

    def maximise():
        matrix = np.einsum("ik,ial->akl", truth, counts)
        rows = matrix.sum(axis=2, keepdims=True)
        return truth.mean(axis=0), np.divide(matrix, rows, out=np.zeros_like(matrix), where=rows > 0)

    for _ in range(iterations):
        prior, matrix = maximise()
        for i in range(n_i):
            for k in range(n_k):
                truth[i, k] = prior[k] * np.prod(matrix[:, k, :] ** counts[i])
        truth /= truth.sum(axis=1, keepdims=True)
    return truth, *maximise()


def plain(responses, **settings):
    return dawid_skene(responses, strength=0.0, prior_strength=0.0, candidates="all", tolerance=0.0, **settings)


def test_worked_example_of_the_paper():
    """Table 2 and the text: class shares .40 .42 .11 .07; observer 1's matrix; patient 3 is of class 1 after all."""
    result = dawid_skene(anaesthetists(), strength=0, prior_strength=0, tolerance=1e-8)
    assert result.class_prior.round(2).tolist() == [0.40, 0.42, 0.11, 0.07]
    assert result.confusion.of(0).round(2).tolist() == [
        [0.89, 0.11, 0.0, 0.0],
        [0.07, 0.88, 0.05, 0.0],
        [0.0, 0.34, 0.66, 0.0],
        [0.0, 0.0, 0.56, 0.44],
    ]
    assert result.converged
    assert result.method == "Dawid-Skene"
    assert (np.diff(result.log_likelihood) >= -1e-9).all()


def test_strength_zero_equals_the_plain_equations():
    responses = anaesthetists()
    truth, prior, matrix = plain_dawid_skene(responses, 7)
    result = plain(responses, max_iterations=7)
    np.testing.assert_allclose(result.posterior, truth, atol=1e-10)
    np.testing.assert_allclose(result.class_prior, prior, atol=1e-10)
    seen = matrix.sum(axis=2) > 0
    np.testing.assert_allclose(result.confusion.stacked()[seen], matrix[seen], atol=1e-10)


labels = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=24)


def build(triples, *, n_classes=3):
    unique = {(item, annotator): k for item, annotator, k in triples}
    table = np.array([(i, a, k) for (i, a), k in unique.items()])
    return Responses(table[:, 0], table[:, 1], table[:, 2], 6, 4, n_classes)


@settings(max_examples=50, deadline=None)
@given(labels, st.permutations(range(3)), st.permutations(range(4)), st.sampled_from([0.0, 1.0, 20.0]))
def test_laws(triples, class_names, annotator_names, strength):
    responses = build(triples)
    result = dawid_skene(responses, strength=strength)
    labelled = responses.labels_per_item > 0
    np.testing.assert_allclose(result.posterior.sum(axis=1), labelled.astype(float), atol=1e-9)
    np.testing.assert_allclose(result.confusion.stacked().sum(axis=2), 1.0, atol=1e-9)
    assert result.class_prior.sum() == pytest.approx(1.0)
    assert (result.effective_labels <= responses.labels_per_annotator + 1e-9).all()
    renamed = build([(i, annotator_names[a], class_names[k]) for i, a, k in triples])
    other = dawid_skene(renamed, strength=strength)
    np.testing.assert_allclose(other.posterior[:, class_names], result.posterior, atol=1e-6)


def test_axes_of_the_confusion_matrix():
    """Annotator 1 calls class 0 "1" one time in two; nobody else errs, and class 1 is never called 0."""
    rng = np.random.default_rng(3)
    truth = np.repeat([0, 1], 100)
    items = np.tile(np.arange(200), 4)
    annotators = np.repeat(np.arange(4), 200)
    classes = np.tile(truth, 4)
    slips = (annotators == 1) & (np.tile(truth, 4) == 0) & (rng.random(800) < 0.5)
    classes[slips] = 1
    matrix = dawid_skene(Responses(items, annotators, classes, 200, 4, 2), strength=1.0).confusion.of(1)
    assert matrix[0, 1] == pytest.approx(0.5, abs=0.12)
    assert matrix[1, 0] < 0.02


SETTINGS = {
    "many annotators with few labels": (10, lambda rng: rng.beta(4, 2, 400), 1200, 5),
    "99 classes, 8 annotators, 3 labels": (99, lambda rng: [0.97, 0.95, 0.9, 0.9, 0.85, 0.8, 0.6, 0.35], 600, 3),
    "few annotators of unlike skill": (5, lambda rng: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4], 800, 4),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_beats_the_majority_and_the_plain_method(name):
    n_classes, skills, n_items, k = SETTINGS[name]
    rng = np.random.default_rng(1)
    truth, responses = label(rng, confusion_of(rng, n_classes, skills(rng), 0.6), n_items, k)
    accuracy = {
        "majority": np.mean(majority(responses).best_class == truth),
        "plain": np.mean(dawid_skene(responses, strength=0, prior_strength=0).best_class == truth),
        "shrunk": np.mean(dawid_skene(responses).best_class == truth),
    }
    assert accuracy["shrunk"] > accuracy["majority"] + 0.01
    assert accuracy["shrunk"] > accuracy["plain"] - 0.005


def test_spammers_with_a_constant_answer_do_not_win():
    rng = np.random.default_rng(2)
    confusion = confusion_of(rng, 2, np.concatenate([rng.uniform(0.75, 0.95, 12), np.full(8, 0.5)]))
    confusion[12:16] = [[1, 0], [1, 0]]
    confusion[16:] = [[0, 1], [0, 1]]
    truth, responses = label(rng, confusion, 1000, 5)
    result = dawid_skene(responses)
    assert np.mean(result.best_class == truth) > np.mean(majority(responses).best_class == truth) + 0.03
    diagonal = result.confusion.diagonal()
    assert (diagonal[12:].sum(axis=1) < 1.2).all()
    assert (diagonal[:12].sum(axis=1) > 1.3).all()


def test_only_seen_classes_keeps_memory_bounded_with_ten_thousand():
    rng = np.random.default_rng(4)
    n_classes, n_items = 10_000, 3000
    truth = rng.integers(0, n_classes, n_items)
    items = np.repeat(np.arange(n_items), 3)
    annotators = np.concatenate([rng.choice(40, 3, replace=False) for _ in range(n_items)])
    wrong = rng.random(items.size) > np.linspace(0.95, 0.4, 40)[annotators]
    nearby = (truth[items] + rng.choice([-2, -1, 1, 2], items.size)) % n_classes
    classes = np.where(wrong, nearby, truth[items])
    responses = Responses(items, annotators, classes, n_items, 40, n_classes)
    result = dawid_skene(responses)
    assert result.sparse_posterior.nnz <= responses.n_responses
    assert result.confusion.cell_keys.size <= 3 * responses.n_responses
    assert np.mean(result.best_class == truth) > np.mean(majority(responses).best_class == truth)
    with pytest.raises(ValueError, match="too large"):
        result.confusion.stacked()


def test_candidates_seen_agrees_with_all_on_the_best_class():
    rng = np.random.default_rng(6)
    _, responses = label(rng, confusion_of(rng, 12, np.linspace(0.6, 0.95, 10)), 500, 4)
    everything, seen = (dawid_skene(responses, candidates=which) for which in ("all", "seen"))
    assert np.mean(everything.best_class == seen.best_class) > 0.98


def test_effective_labels_grow_with_the_labels_and_shrink_with_the_strength():
    rng = np.random.default_rng(8)
    _, responses = label(rng, confusion_of(rng, 3, [0.9] * 5), 300, 3)
    weak, strong = (dawid_skene(responses, strength=s).effective_labels for s in (1.0, 100.0))
    assert (weak > strong).all()
    assert (weak <= responses.labels_per_annotator).all()


def test_no_labels_is_not_an_error():
    empty = np.array([], dtype=np.int64)
    result = dawid_skene(Responses(empty, empty, empty, 3, 2, 4))
    assert result.best_class.tolist() == [-1, -1, -1]
    assert result.confusion.of(0).shape == (4, 4)


def test_refuses_a_negative_strength():
    with pytest.raises(ValueError, match="strength"):
        dawid_skene(anaesthetists(), strength=-1.0)
