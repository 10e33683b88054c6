"""Shannon entropy of discrete distributions."""

import math

import numpy as np
from numpy.typing import ArrayLike

from common.numerics.checks import FloatArray, as_floats


def entropy(probabilities: ArrayLike, *, normalised: bool = False) -> FloatArray:
    """Entropy along the last axis, in nats: -sum p log p, with 0 log 0 = 0.

    probabilities: shape (..., n_classes), >= 0, each summing to 1 (not checked: callers have checked rows).
    normalised: divide by log(n_classes), so that 1 means uniform; with one class the result is 0.
    Returns shape (...). Raises ValueError for a negative or non-finite probability.
    Source: Shannon 1948.
    >>> float(entropy([0.5, 0.5], normalised=True))
    1.0
    """
    p = as_floats("probabilities", probabilities)
    if p.ndim == 0 or p.shape[-1] == 0:
        raise ValueError(f"probabilities must have a class axis, got shape {p.shape}")
    if p.size and p.min() < 0:
        raise ValueError("probabilities has a negative entry")
    terms = np.zeros_like(p)
    np.log(p, out=terms, where=p > 0)
    total = np.abs((p * terms).sum(axis=-1))
    if normalised:
        total = total / math.log(p.shape[-1]) if p.shape[-1] > 1 else np.zeros_like(total)
    return np.asarray(total, dtype=np.float64)
