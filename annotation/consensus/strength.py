"""How strongly to shrink Dawid-Skene: the strength under which held-out labels are most likely."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotation.consensus.consensus import Consensus
from annotation.consensus.dawid_skene import DEFAULT_STRENGTH, SMALLEST_PROBABILITY, dawid_skene
from annotation.consensus.evidence import Candidates, settle_candidates
from annotation.consensus.responses import Responses
from common.numerics.checks import FloatArray, IntArray

STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0)
MOST_TERMS = 100_000  # n_folds x strengths fits: 20 times less than the one fit whose posterior is shown


@dataclass(frozen=True)
class StrengthChoice:
    """The chosen strength, and the mean held-out log probability of a label (nats) under each candidate.

    n_held_out: labels that were predicted, each once. reason: how the choice was made, for people.
    """

    strength: float
    candidates: tuple[float, ...]
    scores: tuple[float, ...]
    n_held_out: int
    reason: str


def choose_strength(
    responses: Responses,
    *,
    rng: np.random.Generator,
    strengths: Sequence[float] = STRENGTHS,
    n_folds: int = 5,
    candidates: Candidates = "auto",
) -> StrengthChoice:
    """Cross-validate the strength of `dawid_skene` over labels.

    Every label of an item with at least two is held out once and predicted from the rest:
    log sum_k T[i,k] pi[a,k,l], with T and pi fitted without it. Labels of one item fall into different folds as far as
    the number of folds allows. Returns the default when nothing can be held out.
    candidates: as in `gather_evidence`, but "auto" turns to "seen" at 100,000 terms already: it ranks the strengths
    alike at a hundredth of the price (docs/methods), and it is the same in every fold.
    Raises ValueError for no strengths or fewer than 2 folds.
    """
    if not strengths:
        raise ValueError("strengths must not be empty")
    if n_folds < 2:
        raise ValueError(f"n_folds must be at least 2, got {n_folds}")
    folds = _folds(responses, n_folds, rng)
    n_held_out = int((folds >= 0).sum())
    if n_held_out == 0:
        reason = "no item has two labels, so nothing can be held out: the default is used"
        return StrengthChoice(DEFAULT_STRENGTH, tuple(strengths), tuple(0.0 for _ in strengths), 0, reason)
    candidates = settle_candidates(responses, candidates, most_terms=MOST_TERMS)
    totals = np.zeros(len(strengths))
    for fold in range(n_folds):
        held_out = responses.subset(np.flatnonzero(folds == fold))
        if held_out.n_responses == 0:
            continue
        rest = responses.subset(np.flatnonzero(folds != fold))
        for place, strength in enumerate(strengths):
            fitted = dawid_skene(rest, strength=strength, candidates=candidates, tolerance=1e-3)
            totals[place] += float(label_log_probability(fitted, held_out).sum())
    scores = totals / n_held_out
    best = float(strengths[int(np.argmax(scores))])
    reason = f"{n_held_out} held-out labels are most likely at strength {best:g}"
    return StrengthChoice(best, tuple(strengths), tuple(scores.tolist()), n_held_out, reason)


def label_log_probability(fitted: Consensus, labels: Responses) -> FloatArray:
    """Log P(label | posterior of its item, matrix of its annotator), nats, shape (n_responses,); -inf is floored.

    Raises ValueError when the consensus has no confusion matrices.
    """
    if fitted.confusion is None:
        raise ValueError(f"{fitted.method} does not model the annotators' labels")
    posterior = fitted.sparse_posterior
    lengths = np.diff(posterior.indptr)[labels.items]
    response = np.repeat(np.arange(labels.n_responses), lengths)
    within = np.arange(response.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    entry = posterior.indptr[labels.items][response] + within
    truths = posterior.indices[entry].astype(np.int64)
    likelihood = fitted.confusion.probability(labels.annotators[response], truths, labels.classes[response])
    total = np.bincount(response, weights=posterior.data[entry] * likelihood, minlength=labels.n_responses)
    return np.asarray(np.log(np.maximum(total, SMALLEST_PROBABILITY)), dtype=np.float64)


def _folds(responses: Responses, n_folds: int, rng: np.random.Generator) -> IntArray:
    """Fold of every label, -1 for the only label of an item, shape (n_responses,)."""
    order = np.lexsort((rng.random(responses.n_responses), responses.items))
    per_item = responses.labels_per_item
    first = np.cumsum(per_item) - per_item
    rank = np.empty(responses.n_responses, dtype=np.int64)
    rank[order] = np.arange(responses.n_responses) - first[responses.items[order]]
    offset = rng.integers(0, n_folds, responses.n_items)
    folds = (rank + offset[responses.items]) % n_folds
    return np.where(per_item[responses.items] >= 2, folds, -1)
