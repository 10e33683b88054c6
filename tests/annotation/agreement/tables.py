"""Label tables for the agreement tests."""

import numpy as np

from annotation.consensus.responses import Responses

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, example C: 4 observers, 12 units, "." missing.
KRIPPENDORFF = ["12332141 2...", "12332241 25.3", ".3332342 251.", "12332441 251."]

# Fleiss 1971 in the form of a 10 x 5 table of counts, 14 raters (kappa 0.210).
FLEISS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)


def from_rows(rows):
    """One string per annotator, one character per item, "." for missing."""
    cells = [
        (item, annotator, int(character) - 1)
        for annotator, row in enumerate(rows)
        for item, character in enumerate(row.replace(" ", ""))
        if character != "."
    ]
    return from_triples(cells)


def from_counts(counts):
    """Counts of shape (n_items, n_classes); the annotators of an item are numbered from 0."""
    cells = []
    for item, row in enumerate(counts):
        classes = np.repeat(np.arange(len(row)), row)
        cells += [(item, annotator, int(k)) for annotator, k in enumerate(classes)]
    return from_triples(cells)


def from_triples(cells):
    """(item, annotator, class) triples; a later one of the same pair replaces the earlier."""
    unique = {(item, annotator): k for item, annotator, k in cells}
    table = np.array([(i, a, k) for (i, a), k in unique.items()], dtype=np.int64).reshape(-1, 3)
    sizes = (table.max(axis=0) + 1) if len(table) else np.zeros(3, dtype=int)
    return Responses(table[:, 0], table[:, 1], table[:, 2], int(sizes[0]), int(sizes[1]), int(sizes[2]))


def noisy(rng, n_items, k, accuracy, n_classes=4, n_annotators=8):
    """Independent annotators of one accuracy, k labels an item."""
    truth = rng.integers(0, n_classes, n_items)
    items = np.repeat(np.arange(n_items), k)
    annotators = np.concatenate([rng.choice(n_annotators, k, replace=False) for _ in range(n_items)])
    slip = (truth[items] + rng.integers(1, n_classes, items.size)) % n_classes
    classes = np.where(rng.random(items.size) < accuracy, truth[items], slip)
    return Responses(items, annotators, classes, n_items, n_annotators, n_classes)
