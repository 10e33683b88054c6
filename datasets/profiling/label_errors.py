"""Labels that a model would not have given: likely errors, most likely first."""

from dataclasses import dataclass

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

from datasets.profiling.columns import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class LabelErrors:
    """Labels ranked by how little the model believes them.

    quality: shape (n,), 0 to 1, the model's out-of-sample probability of the given label. order: row indices, worst
    first. suspects: row indices that confident learning calls wrong, worst first. suggested: shape (n,), the most
    probable class of each row. verdict: one sentence. reason: why nothing was computed, else None.
    """

    quality: FloatArray
    order: IntArray
    suspects: IntArray
    suggested: IntArray
    verdict: str
    reason: str | None = None


def label_errors(labels: IntArray, probabilities: FloatArray) -> LabelErrors:
    """Rank labels by how little a model believes them.

    labels: shape (n,), class indices. probabilities: shape (n, n_classes), rows sum to 1, **out of sample**: from
    cross-validation or a model that has not seen these labels; a model that was trained on them believes its errors.
    A suspect is a row for a person to look at, not a correction: rare and hard cases are suspected too.
    Raises ValueError for shapes or values that do not fit.
    Source: Northcutt, Jiang & Chuang 2021, Confident learning, JAIR 70; computed by cleanlab.
    """
    n, n_classes = probabilities.shape if probabilities.ndim == 2 else (-1, -1)
    if labels.shape != (n,):
        raise ValueError("probabilities must have shape (n, n_classes) and labels shape (n,)")
    if n and (labels.min() < 0 or labels.max() >= n_classes):
        raise ValueError("a label is not an index into the classes")
    if not np.isfinite(probabilities).all() or np.abs(probabilities.sum(axis=1) - 1).max(initial=0) > 1e-3:
        raise ValueError("probabilities must be finite and sum to 1 in every row")
    empty = np.empty(0, dtype=np.int64)
    present = np.unique(labels)
    if present.size < 2:
        reason = "There are fewer than two classes, so no label can be wrong."
        return LabelErrors(np.empty(0), empty, empty, empty, reason, reason)
    # cleanlab asks for every class to occur: leave out those that do not and let their probability be shared
    given = np.searchsorted(present, labels)
    kept = probabilities[:, present] + 1e-12
    kept = kept / kept.sum(axis=1, keepdims=True)
    quality = np.asarray(get_label_quality_scores(given, kept), dtype=np.float64)
    suspects = find_label_issues(given, kept, return_indices_ranked_by="self_confidence", n_jobs=1)
    suspects = np.asarray(suspects, dtype=np.int64)
    order = np.argsort(quality, kind="stable").astype(np.int64)
    count = "No label looks" if not suspects.size else f"{suspects.size:,} of {n:,} labels look"
    verdict = f"{count} wrong to a model that had not seen {'them' if suspects.size != 1 else 'it'}."
    return LabelErrors(quality, order, suspects, probabilities.argmax(axis=1).astype(np.int64), verdict)
