import itertools

import numpy as np
import pytest

from annotation.consensus.stopping import leading_posterior, shrunk_accuracy


def by_hand(classes, accuracies, n_classes):
    """Bayes' rule over every class, written out."""
    joint = [
        np.prod([r if given == k else (1 - r) / (n_classes - 1) for given, r in zip(classes, accuracies, strict=True)])
        for k in range(n_classes)
    ]
    return int(np.argmax(joint)), max(joint) / sum(joint)


@pytest.mark.parametrize("n_classes", [2, 3, 50])
def test_it_is_bayes_rule(n_classes):
    for classes in itertools.product(range(2), repeat=4):
        accuracies = [0.9, 0.75, 0.6, 0.95]
        found = leading_posterior(classes, accuracies, n_classes=n_classes)
        leading, posterior = by_hand(classes, accuracies, n_classes)
        assert found.leading == leading
        assert found.posterior == pytest.approx(posterior)


def test_one_reliable_voice_outweighs_two_poor_ones():
    found = leading_posterior([1, 0, 0], [0.98, 0.6, 0.6], n_classes=2)
    assert (found.leading, found.posterior > 0.9) == (1, True)


def test_an_answer_at_chance_says_nothing_and_a_worse_record_no_more():
    alone = leading_posterior([0], [0.9], n_classes=4).posterior
    for poor in (0.25, 0.1, 0.0):
        assert leading_posterior([0, 2], [0.9, poor], n_classes=4).posterior == pytest.approx(alone)


def test_agreement_of_more_people_makes_surer():
    shares = [leading_posterior([3] * n, [0.8] * n, n_classes=10).posterior for n in range(1, 6)]
    assert shares == sorted(shares)
    assert shares[-1] < 1


def test_nobody_is_always_right_after_three_answers():
    assert shrunk_accuracy(1.0, 3) == pytest.approx(0.8)
    assert shrunk_accuracy(0.9, 10_000) == pytest.approx(0.9, abs=1e-4)


@pytest.mark.parametrize(
    ("classes", "accuracies", "n_classes"), [([], [], 3), ([0], [0.5, 0.5], 3), ([3], [0.5], 3), ([0], [0.5], 1)]
)
def test_what_cannot_be_weighed_is_refused(classes, accuracies, n_classes):
    with pytest.raises(ValueError, match="need"):
        leading_posterior(classes, accuracies, n_classes=n_classes)
