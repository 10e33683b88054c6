"""How sure a few answers are already, by how often those who gave them are right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from common.numerics.checks import FloatArray

MOST_RELIABLE = 0.999


@dataclass(frozen=True)
class Leading:
    """leading: index of the most probable class, the lower one on a tie; posterior: its probability."""

    leading: int
    posterior: float


def leading_posterior(classes: Sequence[int], accuracies: Sequence[float], *, n_classes: int) -> Leading:
    """Posterior of the most probable class given independent answers of annotators with known accuracies.

    P(k | answers) is proportional to prod over answers of r if the answer is k, else (1 - r) / (n_classes - 1): every
    class as likely before, every error as likely as another. classes: shape (n,), indices below n_classes, n >= 1;
    accuracies: r, shape (n,), clipped to [1 / n_classes, 0.999], so that a poor record never speaks for other classes.
    Over-confident when people err together on the same item, as all such models are: keep a minimum of answers.
    Raises ValueError for unequal lengths, no answers, fewer than 2 classes or an index out of range.
    Source: the one-coin model of Dawid and Skene 1979, Applied Statistics 28:20-28, as a running posterior in
    Sheng, Provost and Ipeirotis 2008, KDD, 614-622.
    >>> round(leading_posterior([0, 0], [0.9, 0.8], n_classes=2).posterior, 4)
    0.973
    """
    given, r = np.asarray(classes, dtype=np.int64), np.asarray(accuracies, dtype=np.float64)
    if given.shape != r.shape or given.ndim != 1 or not given.size:
        raise ValueError(f"need as many classes as accuracies, at least one, got {given.shape} and {r.shape}")
    if n_classes < 2 or given.min() < 0 or given.max() >= n_classes:
        raise ValueError(f"need at least 2 classes and indices below their number {n_classes}")
    r = np.clip(r, 1.0 / n_classes, MOST_RELIABLE)
    wrong = np.log((1.0 - r) / (n_classes - 1))
    named = np.unique(given)
    scores: FloatArray = np.array([np.where(given == k, np.log(r), wrong).sum() for k in named])
    largest = float(scores.max())
    others = (n_classes - named.size) * np.exp(wrong.sum() - largest)  # the classes that nobody named
    best = int(np.argmax(scores))
    return Leading(int(named[best]), float(1.0 / (np.exp(scores - largest).sum() + others)))


def shrunk_accuracy(value: float, n: int) -> float:
    """An accuracy that n answers support, shrunk to one half by two pseudo-answers: nobody is always right after three.

    Source: Laplace's rule of succession. >>> shrunk_accuracy(1.0, 3)
    0.8
    """
    return (value * n + 1.0) / (n + 2.0)
