"""How well one column alone predicts the label: cross-validated balanced accuracy of the simplest possible rule."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from datasets.profiling.columns import Column, ColumnKind, FloatArray, IntArray, category_codes

MAX_LEVELS = 200
MAX_WORDS = 500
N_FOLDS = 5


class Scorer(Protocol):
    """Something that scores one column against fixed labels and folds."""

    def recalls(self, order: IntArray) -> FloatArray:
        """Cross-validated recall of each class, shape (n_classes,), with the column's rows taken in this order."""
        ...


class Target:
    """Labels with folds. codes: shape (n,), class indices 0..n_classes-1, every class at least N_FOLDS times."""

    def __init__(self, codes: IntArray, rng: np.random.Generator) -> None:
        self.codes = codes
        self.n_classes = int(codes.max()) + 1
        self.counts: IntArray = np.bincount(codes, minlength=self.n_classes).astype(np.int64)
        self.folds = _stratified_folds(codes, rng)

    @property
    def chance(self) -> float:
        """Balanced accuracy of a column that knows nothing."""
        return 1.0 / self.n_classes


class BinScorer:
    """Scores a column of bins or levels.

    In each of five stratified folds the rule answers, for every level, the class that is most over-represented there
    among the other four folds (each class weighted by 1 / its count, so the rule aims at balanced accuracy). Ties and
    levels not seen before are answered by an even draw, whose expectation is counted.
    """

    def __init__(self, levels: IntArray, target: Target) -> None:
        self._levels = levels
        self._n_levels = int(levels.max()) + 1
        self._target = target

    def recalls(self, order: IntArray) -> FloatArray:
        """See `Scorer`."""
        t = self._target
        shape = (N_FOLDS, self._n_levels, t.n_classes)
        cell = (t.folds * self._n_levels + self._levels[order]) * t.n_classes + t.codes
        counts = np.bincount(cell, minlength=math.prod(shape)).reshape(shape)
        training = counts.sum(axis=0) - counts
        rates = training / np.maximum(training.sum(axis=1, keepdims=True), 1)
        best = rates == rates.max(axis=2, keepdims=True)
        answers = best / best.sum(axis=2, keepdims=True)
        return np.asarray((counts * answers).sum(axis=(0, 1)) / t.counts)


class WordScorer:
    """Scores sets of words by Bernoulli naive Bayes with equal priors, in the same folds.

    Words in fewer than 5 rows are left out, and all but the 500 most frequent.
    """

    def __init__(self, words: Sequence[frozenset[str]], target: Target) -> None:
        frequency = Counter(word for row in words for word in row)
        kept = sorted((w for w, c in frequency.items() if c >= N_FOLDS), key=lambda w: (-frequency[w], w))[:MAX_WORDS]
        column = {word: i for i, word in enumerate(kept)}
        entries = [(i, column[word]) for i, row in enumerate(words) for word in row if word in column]
        rows, columns = np.array(entries, dtype=np.int64).reshape(-1, 2).T
        data = np.ones(rows.size)
        self.n_words = len(kept)
        self._matrix = sparse.csr_array((data, (rows, columns)), shape=(len(words), max(1, len(kept))))
        self._target = target

    def recalls(self, order: IntArray) -> FloatArray:
        """See `Scorer`."""
        t = self._target
        matrix = self._matrix[order]
        n = t.codes.shape[0]
        cell = t.folds * t.n_classes + t.codes
        indicator = sparse.csr_array((np.ones(n), (cell, np.arange(n))), shape=(N_FOLDS * t.n_classes, n))
        shape = (N_FOLDS, t.n_classes, -1)
        counts = (indicator @ matrix).toarray().reshape(shape)
        sizes = np.bincount(cell, minlength=N_FOLDS * t.n_classes).reshape(N_FOLDS, t.n_classes, 1)
        present = (counts.sum(axis=0) - counts + 0.5) / (sizes.sum(axis=0) - sizes + 1.0)
        correct = np.zeros(t.n_classes)
        for fold in range(N_FOLDS):
            rows = np.flatnonzero(t.folds == fold)
            weights = np.log(present[fold]) - np.log1p(-present[fold])
            scores = matrix[rows] @ weights.T + np.log1p(-present[fold]).sum(axis=1)
            best = scores >= scores.max(axis=1, keepdims=True) - 1e-9
            answers = best / best.sum(axis=1, keepdims=True)
            given = answers[np.arange(rows.size), t.codes[rows]]
            correct += np.bincount(t.codes[rows], weights=given, minlength=t.n_classes)
        return np.asarray(correct / t.counts)


def column_levels(column: Column, n_classes: int) -> tuple[IntArray, int]:
    """Levels of a column for `BinScorer`, shape (n,), and how many different ones it has besides missing.

    Missing is a level of its own. Numbers are cut at quantiles into about sqrt(n / n_classes) bins, 2 to 32; categories
    keep their 200 most frequent levels.
    """
    if column.kind is ColumnKind.NUMBER:
        codes = _quantile_bins(column.values, n_classes)
    else:
        codes, _ = category_codes(column.values, max_levels=MAX_LEVELS)
    n_levels = int(np.unique(codes[codes >= 0]).size)
    return codes + 1, n_levels


def _quantile_bins(values: FloatArray, n_classes: int) -> IntArray:
    present = np.isfinite(values)
    codes = np.full(values.shape[0], -1, dtype=np.int64)
    if present.any():
        n_bins = int(np.clip(math.isqrt(int(present.sum()) // n_classes), 2, 32))
        distinct = np.unique(values[present])
        if distinct.size <= n_bins:
            codes[present] = np.searchsorted(distinct, values[present])
        else:
            cuts = np.unique(np.quantile(values[present], np.arange(1, n_bins) / n_bins))
            codes[present] = np.searchsorted(cuts, values[present], side="left")
    return codes


def _stratified_folds(codes: IntArray, rng: np.random.Generator) -> NDArray[np.int64]:
    """Fold of every row: each class is dealt out evenly in random order, starting where the last one stopped."""
    shuffled = rng.permutation(codes.shape[0])
    by_class = shuffled[np.argsort(codes[shuffled], kind="stable")]
    folds = np.empty(codes.shape[0], dtype=np.int64)
    folds[by_class] = np.arange(codes.shape[0]) % N_FOLDS
    return folds
