"""Class weights, and repeating or leaving out rows; computed on the fitted rows of one fold only."""

import numpy as np
import numpy.typing as npt

from training.modelling.protocol import Indices

Floats = npt.NDArray[np.float64]


def class_weights(targets: npt.NDArray[np.float32], weights: Floats) -> Floats:
    """Return (classes,) weights with which every class of a one-label task counts the same; mean weight over rows is 1.

    targets: (n, classes) with one 1 a row. weights: (n,) row weights. A class that does not occur gets weight 0.
    """
    mass = (targets * weights[:, None]).sum(axis=0).astype(np.float64)
    present = mass > 0
    result = np.zeros(len(mass))
    result[present] = mass.sum() / (present.sum() * mass[present])
    return result


def positive_weights(targets: npt.NDArray[np.float32], weights: Floats, *, most: float = 50.0) -> Floats:
    """Return (classes,) weights of a positive for multi-label tasks.

    Negatives per positive, at most `most`, 1 if absent.
    """
    positives = (targets * weights[:, None]).sum(axis=0).astype(np.float64)
    negatives = weights.sum() - positives
    ratio = np.divide(negatives, positives, out=np.ones_like(positives), where=positives > 0)
    return np.asarray(np.clip(ratio, 1.0 / most, most))


def row_weights(targets: npt.NDArray[np.float32], weights: Floats, *, balanced: bool) -> Floats:
    """Return (n,) training weights with mean 1: the version's weights, times the class weights when `balanced`."""
    result = weights * (targets @ class_weights(targets, weights)) if balanced else weights
    return np.asarray(result / result.mean(), dtype=np.float64)


def resample(rows: Indices, classes: npt.NDArray[np.int64], how: str, rng: np.random.Generator) -> Indices:
    """Return row indices with every present class equally often, ascending.

    how: "none"; "oversample" repeats the rows of rarer classes up to the commonest; "undersample" draws from each class
    as many as the rarest has. classes: (n,) class of each row in `rows`.
    """
    if how == "none":
        return rows
    by_class = [rows[classes == index] for index in np.unique(classes)]
    sizes = [len(members) for members in by_class]
    if how == "undersample":
        parts = [rng.choice(members, min(sizes), replace=False) for members in by_class]
    else:
        parts = [np.concatenate([members, rng.choice(members, max(sizes) - len(members))]) for members in by_class]
    return np.sort(np.concatenate(parts))
