"""The last E step of Dawid-Skene with every item left out of the counts by which it is judged."""

import numpy as np
from scipy import sparse

from annotation.consensus.confusion import base_probability, shrink, tilt
from annotation.consensus.evidence import Evidence, normalise_by_item
from annotation.consensus.responses import Responses
from common.numerics.checks import FloatArray, IntArray
from common.numerics.sums import sum_by

SMALLEST_PROBABILITY = 1e-300


def leave_item_out(
    truth: FloatArray,
    responses: Responses,
    evidence: Evidence,
    *,
    error_ratio: FloatArray,
    accuracy: float,
    strength: float,
    pool_strength: float,
    prior_strength: float,
) -> FloatArray:
    """Posterior of every entry from counts without the entry's own item, shape (n_entries,).

    EM counts an item's labels as evidence for the class that it has already given to the item; with many classes and
    few labels per class this confirms itself and ends in certainty. Here each count n, N and prior loses
    T[i,k] x (labels of item i in it) before it is used: the step of collapsed variational inference, once.
    truth: T, shape (n_entries,). The other arguments are those of `ShrunkConfusion`.
    Source: Asuncion et al. 2009, UAI, section 3.4 (CVB0).
    """
    terms = sparse.coo_array(evidence.incidence)
    entry, cell = terms.coords[0].astype(np.int64), terms.coords[1].astype(np.int64)
    times, own = terms.data, truth[entry]
    k, given = evidence.cell_truth[cell], evidence.cell_label[cell]
    annotator = evidence.cell_annotator[cell]
    same, n_classes = k == given, responses.n_classes

    all_cells = np.asarray(evidence.incidence.T @ truth, dtype=np.float64)
    row_counts = sum_by(evidence.cell_row, all_cells, evidence.row_keys.size)
    pool_counts = sum_by(evidence.cell_pool, all_cells, evidence.pool_keys.size)
    class_counts = sum_by(evidence.cell_truth, all_cells, n_classes)
    right = evidence.cell_truth == evidence.cell_label
    right_counts = sum_by(evidence.cell_truth[right], all_cells[right], n_classes)

    # Labels of the entry's item: by this annotator, of this class, of the entry's own class, and in all.
    by_annotator = _totals(entry * responses.n_annotators + annotator, times) if responses.repeats_allowed else times
    of_class = responses.votes_of(evidence.entry_item[entry], given)
    of_truth = sum_by(entry, times * same, truth.size)[entry]
    in_all = sum_by(entry, times, truth.size)[entry]

    rest = _without(class_counts[k], own * in_all)
    pooled = shrink(
        _without(pool_counts[evidence.cell_pool[cell]], own * of_class),
        rest,
        base_probability(same, accuracy, n_classes),
        pool_strength,
    )
    base = np.full(k.size, base_probability(np.array(True), accuracy, n_classes))
    diagonal = shrink(_without(right_counts[k], own * of_truth), rest, base, pool_strength)
    target = tilt(pooled, diagonal, same, error_ratio[annotator], n_classes)
    rows = _without(row_counts[evidence.cell_row[cell]], own * by_annotator)
    probability = shrink(_without(all_cells[cell], own * times), rows, target, strength)

    items = sum_by(evidence.entry_class, truth, n_classes)[evidence.entry_class]
    prior = np.log(np.maximum(_without(items, truth) + prior_strength, SMALLEST_PROBABILITY))
    scores = sum_by(entry, times * np.log(np.maximum(probability, SMALLEST_PROBABILITY)), truth.size) + prior
    return normalise_by_item(scores, evidence.starts)[0]


def _without(counts: FloatArray, own: FloatArray) -> FloatArray:
    """Counts less one's own part; rounding must not make them negative."""
    return np.maximum(counts - own, 0.0)


def _totals(keys: IntArray, values: FloatArray) -> FloatArray:
    """Total of the values that share a key, back at every position."""
    distinct, place = np.unique(keys, return_inverse=True)
    return sum_by(place, values, distinct.size)[place]
