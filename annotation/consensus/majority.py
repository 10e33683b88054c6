"""Majority vote."""

import numpy as np
from scipy import sparse

from annotation.consensus.consensus import Consensus
from annotation.consensus.responses import Responses


def majority(responses: Responses) -> Consensus:
    """Share of the votes for each class; the best class is the one with most votes.

    The "posterior" is the vote share, not a calibrated probability: three of three gives 1.0 whoever voted. Ties go to
    the lower class index and are marked in `summary.tied`. Items without labels have an empty row.
    class_prior is the mean vote share over labelled items.
    >>> votes = Responses(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1, 1, 0]), 1, 3, 2)
    >>> majority(votes).posterior.round(2).tolist()
    [[0.33, 0.67]]
    """
    votes = responses.votes
    totals = responses.labels_per_item
    scale = np.divide(1.0, totals, out=np.zeros(responses.n_items), where=totals > 0)
    shares = sparse.csr_array(votes.multiply(scale[:, None]))
    labelled = int((totals > 0).sum())
    prior = np.asarray(shares.sum(axis=0), dtype=np.float64).ravel() / max(labelled, 1)
    return Consensus(
        method="majority",
        n_labels=totals,
        sparse_posterior=shares,
        class_prior=prior,
        effective_labels=np.full(responses.n_annotators, np.nan),
    )
