"""The result of a consensus method."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse

from annotation.consensus.confusion import ShrunkConfusion
from annotation.consensus.posterior import PosteriorSummary, summarise_posterior
from common.numerics.checks import FloatArray, IntArray

LARGEST_DENSE = 50_000_000


@dataclass(frozen=True, eq=False)
class Consensus:
    """Posterior over the true class of every item, and what was learned about the annotators.

    method: name of the method. n_labels: labels of each item, shape (n_items,).
    sparse_posterior: shape (n_items, n_classes); rows sum to 1, and to 0 for items without labels.
    class_prior: shape (n_classes,), sums to 1 when there is any label. confusion: how annotators err, None when the
    method does not model it. log_likelihood: of the labels after every iteration, shape (n_iterations,), nats.
    converged: whether the posterior stopped moving before the iterations ran out.
    effective_labels: shape (n_annotators,); labels by which each annotator's own matrix is informed (see
    `ShrunkConfusion.effective_labels`); nan for methods without matrices.
    """

    method: str
    n_labels: IntArray
    sparse_posterior: sparse.csr_array
    class_prior: FloatArray
    confusion: ShrunkConfusion | None = None
    log_likelihood: FloatArray = field(default_factory=lambda: np.empty(0))
    converged: bool = True
    effective_labels: FloatArray = field(default_factory=lambda: np.empty(0))

    @property
    def n_items(self) -> int:
        """Number of items, with or without labels."""
        return int(self.sparse_posterior.shape[0])

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return int(self.sparse_posterior.shape[1])

    @cached_property
    def posterior(self) -> FloatArray:
        """Dense posterior, shape (n_items, n_classes). ValueError above 50 million entries: use the sparse one."""
        if self.n_items * self.n_classes > LARGEST_DENSE:
            raise ValueError("too large to be dense, use sparse_posterior")
        return np.asarray(self.sparse_posterior.toarray(), dtype=np.float64)

    @cached_property
    def summary(self) -> PosteriorSummary:
        """Best class, confidence, margin and entropy of every item."""
        return summarise_posterior(self.sparse_posterior)

    @property
    def best_class(self) -> IntArray:
        """Most probable class, shape (n_items,); -1 without labels; the lower index on a tie (see summary.tied)."""
        return self.summary.best_class

    @property
    def confidence(self) -> FloatArray:
        """Probability of the best class, shape (n_items,); nan without labels."""
        return self.summary.confidence

    @property
    def entropy(self) -> FloatArray:
        """Entropy of the posterior, nats, shape (n_items,); nan without labels."""
        return self.summary.entropy

    @property
    def margin(self) -> FloatArray:
        """Best minus second-best probability, shape (n_items,); nan without labels."""
        return self.summary.margin

    def distribution(self, item: int) -> dict[int, float]:
        """Classes with their probability for one item, most probable first; empty without labels."""
        start, stop = self.sparse_posterior.indptr[item : item + 2]
        classes, values = self.sparse_posterior.indices[start:stop], self.sparse_posterior.data[start:stop]
        order = np.lexsort((classes, -values))
        return {int(classes[place]): float(values[place]) for place in order if values[place] > 0}
