"""How unsure a model is of each input, from its class probabilities."""

import numpy as np
from numpy.typing import ArrayLike

from common.numerics.checks import FloatArray, as_probabilities
from common.numerics.entropy import entropy


def least_confidence(probabilities: ArrayLike) -> FloatArray:
    """1 - largest probability, scaled by n_classes / (n_classes - 1): 0 is certain, 1 is uniform. Shape (n,).

    probabilities: shape (n, n_classes), rows sum to 1. With one class the result is 0.
    Raises ValueError for rows that do not sum to 1. Source: Lewis and Gale 1994, SIGIR.
    >>> least_confidence([[0.5, 0.5], [1.0, 0.0]]).tolist()
    [1.0, 0.0]
    """
    p = as_probabilities("probabilities", probabilities)
    n_classes = p.shape[1]
    if n_classes == 1:
        return np.zeros(p.shape[0])
    return np.asarray((1.0 - p.max(axis=1)) * n_classes / (n_classes - 1), dtype=np.float64)


def small_margin(probabilities: ArrayLike) -> FloatArray:
    """1 - (largest - second largest probability): 0 is certain, 1 is a tie of the two best. Shape (n,).

    Unlike the entropy it ignores how the rest is spread over unlikely classes, so it suits large taxonomies.
    Arguments and errors as `least_confidence`. Source: Scheffer, Decomain and Wrobel 2001, IDA.
    """
    p = as_probabilities("probabilities", probabilities)
    if p.shape[1] == 1:
        return np.zeros(p.shape[0])
    best_two = np.partition(p, p.shape[1] - 2, axis=1)[:, -2:]
    return np.asarray(1.0 - (best_two[:, 1] - best_two[:, 0]), dtype=np.float64)


def predictive_entropy(probabilities: ArrayLike) -> FloatArray:
    """Entropy over log(n_classes): 0 is certain, 1 is uniform. Shape (n,).

    Arguments and errors as `least_confidence`. Source: Shannon 1948; Settles 2009, Active Learning Literature Survey.
    """
    return entropy(as_probabilities("probabilities", probabilities), normalised=True)
