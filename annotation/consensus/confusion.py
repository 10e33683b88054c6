"""Confusion matrices of annotators, shrunk towards the pooled matrix, stored only where something was seen."""

from dataclasses import dataclass

import numpy as np

from common.numerics.checks import BoolArray, FloatArray, IntArray
from common.numerics.sums import sum_by

LARGEST_STACK = 50_000_000


@dataclass(frozen=True, eq=False)
class ShrunkConfusion:
    """P(annotator a gives class l | the true class is k) for every a, k, l, in memory bounded by the labels.

    Three levels, each a Dirichlet mean with expected counts n from the posterior:
    base        B[k,l] = q if k = l, else (1 - q)/(n_classes - 1), with q the overall accuracy;
    pooled      P[k,l] = (N[k,l] + pool_strength B[k,l]) / (N[k] + pool_strength), N summed over annotators;
    annotator   pi[a,k,l] = (n[a,k,l] + strength M[a,k,l]) / (n[a,k] + strength),
    where M[a] is P with its errors multiplied by the annotator's error ratio r[a] (at most to chance level).

    cell_keys: sorted (a n_classes + k) n_classes + l of cells with an expected count, shape (n_cells,);
    cell_counts: n[a,k,l]. pool_keys: sorted k n_classes + l; pool_counts: N[k,l]. row_keys: sorted a n_classes + k;
    row_counts: n[a,k]. error_ratio: r, shape (n_annotators,). accuracy: q.
    """

    n_annotators: int
    n_classes: int
    strength: float
    pool_strength: float
    accuracy: float
    error_ratio: FloatArray
    cell_keys: IntArray
    cell_counts: FloatArray
    row_keys: IntArray
    row_counts: FloatArray
    pool_keys: IntArray
    pool_counts: FloatArray
    class_counts: FloatArray

    def probability(self, annotators: IntArray, truths: IntArray, labels: IntArray) -> FloatArray:
        """pi[annotators, truths, labels], broadcast; shape of the broadcast arguments."""
        a, k, given = np.broadcast_arrays(annotators, truths, labels)
        pooled = self.pooled_probability(k, given)
        diagonal = self.pooled_probability(k, k)
        target = tilt(pooled, diagonal, k == given, self.error_ratio[a], self.n_classes)
        cells = _look_up(self.cell_keys, self.cell_counts, (a * self.n_classes + k) * self.n_classes + given)
        rows = _look_up(self.row_keys, self.row_counts, a * self.n_classes + k)
        return shrink(cells, rows, target, self.strength)

    def pooled_probability(self, truths: IntArray, labels: IntArray) -> FloatArray:
        """P[truths, labels], broadcast."""
        k, given = np.broadcast_arrays(truths, labels)
        base = base_probability(k == given, self.accuracy, self.n_classes)
        counts = _look_up(self.pool_keys, self.pool_counts, k * self.n_classes + given)
        return shrink(counts, self.class_counts[k], base, self.pool_strength)

    def pooled(self) -> FloatArray:
        """The pooled matrix, shape (n_classes, n_classes); row = true class, column = class given; rows sum to 1."""
        classes = np.arange(self.n_classes)
        return self.pooled_probability(classes[:, None], classes[None, :])

    def of(self, annotator: int) -> FloatArray:
        """One annotator's matrix, shape (n_classes, n_classes); row = true class, column = class given."""
        classes = np.arange(self.n_classes)
        return self.probability(np.array(annotator), classes[:, None], classes[None, :])

    def stacked(self) -> FloatArray:
        """All matrices, shape (n_annotators, n_classes, n_classes). ValueError above 50 million entries: use `of`."""
        if self.n_annotators * self.n_classes**2 > LARGEST_STACK:
            raise ValueError("too large to stack, use of(annotator)")
        return np.stack([self.of(annotator) for annotator in range(self.n_annotators)])

    def diagonal(self) -> FloatArray:
        """P(right | true class), shape (n_annotators, n_classes)."""
        annotators, classes = np.arange(self.n_annotators)[:, None], np.arange(self.n_classes)[None, :]
        return self.probability(annotators, classes, classes)

    def expected_labels(self) -> FloatArray:
        """Expected number of labels on items of each true class, shape (n_annotators, n_classes)."""
        table = np.zeros(self.n_annotators * self.n_classes)
        table[self.row_keys] = self.row_counts
        return table.reshape(self.n_annotators, self.n_classes)

    def effective_labels(self) -> FloatArray:
        """Labels by which each annotator's own matrix is informed, shape (n_annotators,).

        sum_k n[a,k] w[a,k] with w = n / (n + strength), the weight that row gives to the annotator's own labels:
        all labels for a busy annotator, near 0 for one whose matrix is still the pooled one.
        """
        denominator = self.row_counts + self.strength
        own = np.divide(self.row_counts**2, denominator, out=np.zeros_like(denominator), where=denominator > 0)
        annotators = self.row_keys // max(self.n_classes, 1)
        return sum_by(annotators, own, self.n_annotators)


def base_probability(same: BoolArray, accuracy: float, n_classes: int) -> FloatArray:
    """B of `ShrunkConfusion`: accuracy where true and given class are the same, the rest spread evenly."""
    elsewhere = (1.0 - accuracy) / (n_classes - 1) if n_classes > 1 else 0.0
    return np.where(same, accuracy if n_classes > 1 else 1.0, elsewhere)


def tilt(pooled: FloatArray, diagonal: FloatArray, same: BoolArray, ratio: FloatArray, n_classes: int) -> FloatArray:
    """M of `ShrunkConfusion`: the error 1 - P[k,k] times the ratio, at most a blind guess's, in the same pattern."""
    error = np.maximum(1.0 - diagonal, 1e-12)
    most = np.maximum(error, 1.0 - 1.0 / max(n_classes, 1))
    tilted = np.minimum(error * ratio, most)
    return np.where(same, 1.0 - tilted, pooled * (tilted / error))


def shrink(counts: FloatArray, totals: FloatArray, target: FloatArray, strength: float) -> FloatArray:
    """Dirichlet mean (counts + strength target) / (totals + strength); the target itself where that is 0/0."""
    denominator = totals + strength
    safe = np.where(denominator > 0, denominator, 1.0)
    return np.where(denominator > 0, (counts + strength * target) / safe, target)


def _look_up(keys: IntArray, values: FloatArray, wanted: IntArray) -> FloatArray:
    """Value of each wanted key, 0 where the key is absent; `keys` sorted."""
    if keys.size == 0:
        return np.zeros(np.shape(wanted))
    place = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    return np.where(keys[place] == wanted, values[place], 0.0)
