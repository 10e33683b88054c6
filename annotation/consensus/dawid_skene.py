"""Dawid-Skene with Dirichlet shrinkage towards the pooled confusion matrix."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from annotation.consensus.confusion import ShrunkConfusion, base_probability, shrink, tilt
from annotation.consensus.consensus import Consensus
from annotation.consensus.evidence import Candidates, Evidence, gather_evidence, normalise_by_item
from annotation.consensus.leave_out import leave_item_out
from annotation.consensus.responses import Responses
from common.numerics.checks import FloatArray
from common.numerics.sums import sum_by

DEFAULT_STRENGTH = 20.0
DEFAULT_POOL_STRENGTH = 50.0
RATIO_PSEUDO_ERRORS = 2.0
SMALLEST_PROBABILITY = 1e-300


@dataclass(frozen=True)
class _Settings:
    strength: float
    pool_strength: float
    prior_strength: float
    by_skill: bool


@dataclass(frozen=True, eq=False)
class _Parameters:
    class_prior: FloatArray
    cell_probability: FloatArray
    cell_counts: FloatArray
    row_counts: FloatArray
    pool_counts: FloatArray
    class_counts: FloatArray
    error_ratio: FloatArray
    accuracy: float


def dawid_skene(
    responses: Responses,
    *,
    strength: float = DEFAULT_STRENGTH,
    pool_strength: float = DEFAULT_POOL_STRENGTH,
    prior_strength: float = 1.0,
    by_skill: bool = True,
    without_own_item: bool = True,
    candidates: Candidates = "auto",
    tolerance: float = 1e-5,
    max_iterations: int = 200,
) -> Consensus:
    """Posterior over true classes, with one shrunk confusion matrix per annotator, by EM from the vote shares.

    E step: T[i,k] proportional to prior[k] prod over labels r of item i of pi[a_r, k, l_r].
    M step: expected counts n[a,k,l] = sum T[i,k] over labels, and the Dirichlet means of `ShrunkConfusion`.

    strength: pseudo-labels per annotator and true class that come from everybody's pooled matrix; 0 with
    prior_strength 0 is the plain method of the paper. The default was good in every simulated setting (docs/methods);
    `choose_strength` finds a better one by cross-validation.
    pool_strength: pseudo-labels per true class with which the pooled matrix leans on a single accuracy.
    prior_strength: pseudo-items per class that occurs; with thousands of rare classes it keeps the prior from turning
    the chance that a class was met twice into belief.
    by_skill: the target of the shrinkage has the annotator's own error ratio, so that people with few labels per
    class are still told apart; False shrinks everybody to the same matrix.
    without_own_item: the posterior that is returned comes from counts without the item's own labels (`leave_item_out`),
    which takes away most of the false certainty; not with strength 0, where nothing would be left to judge by.
    candidates: see `gather_evidence`; bounds memory with thousands of classes.
    Stops when the mean absolute change of the posterior per item falls below `tolerance`.

    The posterior stays over-confident when labels of one item err together: calibrate it on gold before it is shown as
    "95% sure". With strength > 0 the prior is re-estimated in each round, so the log likelihood may dip slightly.
    Raises ValueError for a negative strength.
    Source: Dawid and Skene 1979, Applied Statistics 28:20-28; Dirichlet means as in Paun et al. 2018, TACL 6:571-585.
    """
    for name, number in (("strength", strength), ("pool_strength", pool_strength), ("prior_strength", prior_strength)):
        if not number >= 0 or np.isinf(number):
            raise ValueError(f"{name} must be finite and not negative, got {number}")
    settings = _Settings(strength, pool_strength, prior_strength, by_skill)
    evidence = gather_evidence(responses, candidates)
    n_labelled = max(evidence.starts.size, 1)
    truth = _vote_shares(responses, evidence)
    trace: list[float] = []
    converged = evidence.starts.size == 0
    parameters = _maximise(truth, responses, evidence, settings)
    for _ in range(max_iterations if not converged else 0):
        cells = np.log(np.maximum(parameters.cell_probability, SMALLEST_PROBABILITY))
        prior = np.log(np.maximum(parameters.class_prior, SMALLEST_PROBABILITY))
        updated, log_likelihood = normalise_by_item(
            evidence.incidence @ cells + prior[evidence.entry_class], evidence.starts
        )
        change = float(np.abs(updated - truth).sum()) / n_labelled
        truth = updated
        trace.append(log_likelihood)
        parameters = _maximise(truth, responses, evidence, settings)
        if change < tolerance:
            converged = True
            break
    confusion = _confusion(parameters, responses, evidence, settings)
    if without_own_item and strength > 0:
        truth = leave_item_out(
            truth,
            responses,
            evidence,
            error_ratio=parameters.error_ratio,
            accuracy=parameters.accuracy,
            strength=strength,
            pool_strength=pool_strength,
            prior_strength=prior_strength,
        )
    shape = (responses.n_items, responses.n_classes)
    posterior = sparse.coo_array((truth, (evidence.entry_item, evidence.entry_class)), shape=shape).tocsr()
    return Consensus(
        method="shrunk Dawid-Skene" if strength > 0 else "Dawid-Skene",
        n_labels=responses.labels_per_item,
        sparse_posterior=posterior,
        class_prior=parameters.class_prior,
        confusion=confusion,
        log_likelihood=np.array(trace),
        converged=converged,
        effective_labels=confusion.effective_labels(),
    )


def _vote_shares(responses: Responses, evidence: Evidence) -> FloatArray:
    """Where EM starts: the share of the item's labels that name the entry's class, shape (n_entries,)."""
    votes = responses.votes_of(evidence.entry_item, evidence.entry_class)
    return votes / np.maximum(responses.labels_per_item[evidence.entry_item], 1)


def _maximise(truth: FloatArray, responses: Responses, evidence: Evidence, settings: _Settings) -> _Parameters:
    n_classes = responses.n_classes
    cells = np.asarray(evidence.incidence.T @ truth, dtype=np.float64)
    rows = sum_by(evidence.cell_row, cells, evidence.row_keys.size)
    pool = sum_by(evidence.cell_pool, cells, evidence.pool_keys.size)
    classes = sum_by(evidence.cell_truth, cells, n_classes)
    same = evidence.cell_truth == evidence.cell_label
    accuracy = float((cells[same].sum() + 1.0) / (cells.sum() + 2.0))
    right = sum_by(evidence.cell_truth[same], cells[same], n_classes)
    diagonal = shrink(right, classes, base_probability(np.array(True), accuracy, n_classes), settings.pool_strength)
    base = base_probability(same, accuracy, n_classes)
    truths = evidence.cell_truth
    pooled = shrink(pool[evidence.cell_pool], classes[truths], base, settings.pool_strength)
    ratio = _error_ratio(cells, diagonal, responses, evidence) if settings.by_skill else np.ones(responses.n_annotators)
    target = tilt(pooled, diagonal[truths], same, ratio[evidence.cell_annotator], n_classes)
    totals = sum_by(evidence.entry_class, truth, n_classes)
    seen = np.bincount(evidence.entry_class, minlength=n_classes) > 0
    prior = np.where(seen, totals + settings.prior_strength, 0.0)
    return _Parameters(
        class_prior=prior / max(prior.sum(), SMALLEST_PROBABILITY),
        cell_probability=shrink(cells, rows[evidence.cell_row], target, settings.strength),
        cell_counts=cells,
        row_counts=rows,
        pool_counts=pool,
        class_counts=classes,
        error_ratio=ratio,
        accuracy=accuracy,
    )


def _error_ratio(cells: FloatArray, diagonal: FloatArray, responses: Responses, evidence: Evidence) -> FloatArray:
    """Errors of each annotator over those expected of an average one on the same items, with 2 pseudo-errors at 1."""
    wrong = evidence.cell_truth != evidence.cell_label
    made = sum_by(evidence.cell_annotator, cells * wrong, responses.n_annotators)
    average = cells * (1.0 - diagonal[evidence.cell_truth])
    expected = sum_by(evidence.cell_annotator, average, responses.n_annotators)
    return (made + RATIO_PSEUDO_ERRORS) / (expected + RATIO_PSEUDO_ERRORS)


def _confusion(
    parameters: _Parameters, responses: Responses, evidence: Evidence, settings: _Settings
) -> ShrunkConfusion:
    return ShrunkConfusion(
        n_annotators=responses.n_annotators,
        n_classes=responses.n_classes,
        strength=settings.strength,
        pool_strength=settings.pool_strength,
        accuracy=parameters.accuracy,
        error_ratio=parameters.error_ratio,
        cell_keys=evidence.cell_keys,
        cell_counts=parameters.cell_counts,
        row_keys=evidence.row_keys,
        row_counts=parameters.row_counts,
        pool_keys=evidence.pool_keys,
        pool_counts=parameters.pool_counts,
        class_counts=parameters.class_counts,
    )
