"""What a posterior over classes says: best class, confidence, margin, entropy; dense or sparse."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from common.numerics.checks import BoolArray, FloatArray, IntArray

TIE = 1e-9


@dataclass(frozen=True, eq=False)
class PosteriorSummary:
    """One entry per item, shape (n_items,) each.

    best_class: class of the largest probability, the lower index on a tie, -1 for an item without any probability.
    confidence: that probability. margin: it minus the second largest. entropy: nats. tied: the two largest are equal.
    For an item without labels confidence, margin and entropy are nan and best_class is -1.
    """

    best_class: IntArray
    confidence: FloatArray
    margin: FloatArray
    entropy: FloatArray
    tied: BoolArray


def summarise_posterior(posterior: ArrayLike | sparse.sparray) -> PosteriorSummary:
    """Best class, confidence, margin and entropy of every row.

    posterior: shape (n_items, n_classes), >= 0, rows sum to 1, or to 0 for items without labels; a scipy sparse array
    is read without making it dense. Raises ValueError for another shape or a negative probability.
    """
    table = _as_csr(posterior)
    n_items = table.shape[0]
    counts = np.diff(table.indptr)
    rows = np.repeat(np.arange(n_items), counts)
    order = np.lexsort((table.indices, -table.data, rows))
    values, classes = table.data[order], table.indices[order]
    starts = table.indptr[:-1]
    filled, several = counts > 0, counts > 1
    best = np.full(n_items, -1, dtype=np.int64)
    first, second = np.full(n_items, np.nan), np.zeros(n_items)
    best[filled] = classes[starts[filled]]
    first[filled] = values[starts[filled]]
    second[several] = values[starts[several] + 1]
    terms = np.bincount(rows, weights=-table.data * np.log(table.data), minlength=n_items)
    margin = first - second
    return PosteriorSummary(
        best_class=best,
        confidence=first,
        margin=margin,
        entropy=np.where(filled, np.abs(terms), np.nan),
        tied=filled & (margin <= TIE),
    )


def entropy(posterior: ArrayLike | sparse.sparray) -> FloatArray:
    """Entropy of every row in nats, shape (n_items,); nan for rows without probability."""
    return summarise_posterior(posterior).entropy


def margin(posterior: ArrayLike | sparse.sparray) -> FloatArray:
    """Largest minus second largest probability of every row, shape (n_items,); nan for rows without probability."""
    return summarise_posterior(posterior).margin


def _as_csr(posterior: ArrayLike | sparse.sparray) -> sparse.csr_array:
    table = sparse.csr_array(posterior if sparse.issparse(posterior) else np.asarray(posterior, dtype=np.float64))
    if table.ndim != 2:
        raise ValueError(f"posterior must have shape (n_items, n_classes), got {table.shape}")
    if table.nnz and (not np.isfinite(table.data).all() or table.data.min() < 0):
        raise ValueError("posterior has a negative or non-finite probability")
    table = table.copy()
    table.eliminate_zeros()
    return table
