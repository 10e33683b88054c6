"""Which label speaks for which hypothesis about which item: the sparse design of Dawid-Skene."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from annotation.consensus.responses import Responses
from common.numerics.checks import FloatArray, IntArray

Candidates = Literal["auto", "all", "seen"]
MOST_TERMS = 2_000_000


@dataclass(frozen=True, eq=False)
class Evidence:
    """Entries e = (item, candidate true class), cells c = (annotator, true class, class given), and their incidence.

    entry_item, entry_class: shape (n_entries,), sorted by item. starts: first entry of each labelled item, shape
    (n_labelled,). incidence: shape (n_entries, n_cells), how often cell c is a label of entry e.
    cell_keys, cell_row, cell_pool, cell_truth, cell_label, cell_annotator: shape (n_cells,); cell_row and cell_pool
    index row_keys (annotator, true class) and pool_keys (true class, class given).
    """

    entry_item: IntArray
    entry_class: IntArray
    starts: IntArray
    incidence: sparse.csr_array
    cell_keys: IntArray
    cell_annotator: IntArray
    cell_truth: IntArray
    cell_label: IntArray
    row_keys: IntArray
    cell_row: IntArray
    pool_keys: IntArray
    cell_pool: IntArray


def gather_evidence(responses: Responses, candidates: Candidates = "auto") -> Evidence:
    """Build the design.

    candidates "all": any class that occurs anywhere may be the truth of any item, as in the paper; "seen": only the
    classes that the item's own labels name, which bounds memory by the sum over items of labels x distinct labels,
    whatever the number of classes; "auto": "all" while labels x classes stays below 2 million.
    """
    n_classes = responses.n_classes
    seen = np.unique(responses.classes)
    if settle_candidates(responses, candidates) == "all":
        labelled = np.flatnonzero(responses.labels_per_item > 0)
        entry_item, entry_class = np.repeat(labelled, seen.size), np.tile(seen, labelled.size)
        per_item = np.where(responses.labels_per_item > 0, seen.size, 0)
    else:
        votes = responses.votes
        per_item = np.diff(votes.indptr)
        entry_item, entry_class = np.repeat(np.arange(responses.n_items), per_item), votes.indices.astype(np.int64)
    first = np.concatenate(([0], np.cumsum(per_item)[:-1])).astype(np.int64) if per_item.size else per_item

    lengths = per_item[responses.items]
    response = np.repeat(np.arange(responses.n_responses), lengths)
    within = np.arange(response.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    entry = first[responses.items][response] + within
    row = responses.annotators[response] * n_classes + entry_class[entry]
    cell_keys, cell = np.unique(row * n_classes + responses.classes[response], return_inverse=True)
    shape = (entry_item.size, cell_keys.size)
    incidence = sparse.coo_array((np.ones(cell.size), (entry, cell)), shape=shape).tocsr()

    rows, label = np.divmod(cell_keys, max(n_classes, 1))
    annotator, truth = np.divmod(rows, max(n_classes, 1))
    row_keys, cell_row = np.unique(rows, return_inverse=True)
    pool_keys, cell_pool = np.unique(truth * n_classes + label, return_inverse=True)
    return Evidence(
        entry_item=entry_item,
        entry_class=entry_class,
        starts=first[per_item > 0],
        incidence=incidence,
        cell_keys=cell_keys,
        cell_annotator=annotator,
        cell_truth=truth,
        cell_label=label,
        row_keys=row_keys,
        cell_row=cell_row,
        pool_keys=pool_keys,
        cell_pool=cell_pool,
    )


def settle_candidates(
    responses: Responses, candidates: Candidates, *, most_terms: int = MOST_TERMS
) -> Literal["all", "seen"]:
    """What "auto" means for these responses: "all" while labels x distinct classes is at most `most_terms`."""
    if candidates != "auto":
        return candidates
    return "all" if responses.n_responses * np.unique(responses.classes).size <= most_terms else "seen"


def normalise_by_item(scores: FloatArray, starts: IntArray) -> tuple[FloatArray, float]:
    """Softmax of log scores within each item, and the sum over items of their log total.

    scores: shape (n_entries,), sorted by item. Returns shape (n_entries,) and nats.
    """
    if scores.size == 0:
        return scores, 0.0
    lengths = np.diff(np.append(starts, scores.size))
    largest = np.maximum.reduceat(scores, starts)
    weights = np.exp(scores - np.repeat(largest, lengths))
    totals = np.add.reduceat(weights, starts)
    return weights / np.repeat(totals, lengths), float((largest + np.log(totals)).sum())
