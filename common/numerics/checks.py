"""Validation shared by the pure packages: errors name the argument and the problem."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def check_level(level: float) -> float:
    """The confidence level, or ValueError outside (0, 1)."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    return float(level)


def as_floats(name: str, values: ArrayLike, *, shape: tuple[int, ...] | None = None) -> FloatArray:
    """`values` as finite float64, or ValueError for another shape or a value that is not finite."""
    array = np.asarray(values, dtype=np.float64)
    if shape is not None and array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} has a value that is not finite")
    return array


def as_indices(name: str, values: ArrayLike, *, below: int | None = None, length: int | None = None) -> IntArray:
    """`values` as a vector of integers in [0, below), or ValueError."""
    array: NDArray[Any] = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {array.shape}")
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name} must be integers, got {array.dtype}")
    if length is not None and array.size != length:
        raise ValueError(f"{name} must have {length} entries, got {array.size}")
    indices = array.astype(np.int64)
    if indices.size and indices.min() < 0:
        raise ValueError(f"{name} has a negative index")
    if below is not None and indices.size and indices.max() >= below:
        raise ValueError(f"{name} has index {int(indices.max())}, but only {below} exist")
    return indices


def as_counts(name: str, values: Sequence[int] | ArrayLike, *, length: int | None = None) -> IntArray:
    """`values` as a vector of whole numbers >= 0, or ValueError."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {array.shape}")
    if length is not None and array.size != length:
        raise ValueError(f"{name} must have {length} entries, got {array.size}")
    counts = array.astype(np.int64)
    if not np.array_equal(counts, array):
        raise ValueError(f"{name} must be whole numbers")
    if counts.size and counts.min() < 0:
        raise ValueError(f"{name} has a negative count")
    return counts


def as_probabilities(name: str, values: ArrayLike, *, tolerance: float = 1e-6) -> FloatArray:
    """`values` as rows of probabilities, shape (n, n_classes), each row summing to 1, or ValueError."""
    array = as_floats(name, values)
    if array.ndim != 2 or array.shape[1] == 0:
        raise ValueError(f"{name} must have shape (n, n_classes), got {array.shape}")
    if array.size and array.min() < -tolerance:
        raise ValueError(f"{name} has a negative probability")
    if array.size and np.abs(array.sum(axis=1) - 1.0).max() > tolerance:
        raise ValueError(f"{name} has a row that does not sum to 1")
    return np.clip(array, 0.0, 1.0)
