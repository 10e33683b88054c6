import numpy as np
import pytest

from datasets.profiling.label_errors import label_errors


def planted(rng, n=600, wrong=30):
    """A model that is right about most; `wrong` labels were exchanged."""
    truth = rng.integers(0, 3, n)
    probabilities = rng.dirichlet([1, 1, 1], n) * 0.4
    probabilities[np.arange(n), truth] += 0.6
    labels = truth.copy()
    where = rng.choice(n, wrong, replace=False)
    labels[where] = (labels[where] + rng.integers(1, 3, wrong)) % 3
    return labels, probabilities, where


def test_planted_errors_come_first():
    labels, probabilities, where = planted(np.random.default_rng(0))
    result = label_errors(labels, probabilities)
    assert set(result.order[:30].tolist()) == set(where.tolist())
    assert len(result.suspects) >= 20
    assert set(result.suspects.tolist()) <= set(where.tolist())
    assert "of 600 labels look" in result.verdict
    assert (result.suggested == probabilities.argmax(axis=1)).all()


def test_quality_is_the_probability_of_the_given_label():
    labels, probabilities, _ = planted(np.random.default_rng(1))
    result = label_errors(labels, probabilities)
    assert result.quality == pytest.approx(probabilities[np.arange(600), labels], abs=1e-6)
    assert (np.diff(result.quality[result.order]) >= 0).all()


def test_classes_that_do_not_occur_are_no_obstacle():
    labels, probabilities, where = planted(np.random.default_rng(2))
    wide = np.zeros((600, 6))
    wide[:, [1, 3, 4]] = probabilities
    result = label_errors(np.array([1, 3, 4])[labels], wide)
    assert set(result.order[:30].tolist()) == set(where.tolist())


def test_refusals_and_reasons():
    assert label_errors(np.zeros(3, dtype=np.int64), np.ones((3, 1))).reason
    for labels, probabilities in [
        (np.array([0, 1]), np.full((3, 2), 0.5)),
        (np.array([0, 2]), np.full((2, 2), 0.5)),
        (np.array([0, 1]), np.full((2, 2), 0.9)),
    ]:
        with pytest.raises(ValueError):
            label_errors(labels, probabilities)
