"""Simulated crowds with a known truth."""

import json
from pathlib import Path

import numpy as np

from annotation.consensus.responses import Responses


def confusion_of(rng, n_classes, skills, shared_pattern=0.5):
    """One matrix per skill, shape (n, n_classes, n_classes): errors follow a shared pattern mixed with even noise."""
    pattern = rng.dirichlet(np.full(n_classes, 0.3), size=n_classes)
    np.fill_diagonal(pattern, 0.0)
    pattern /= pattern.sum(axis=1, keepdims=True)
    errors = shared_pattern * pattern + (1 - shared_pattern) / (n_classes - 1) * (1 - np.eye(n_classes))
    skills = np.asarray(skills)[:, None, None]
    return (1 - skills) * errors + skills * np.eye(n_classes)


def label(rng, confusion, n_items, labels_per_item, prior=None):
    """Truth, shape (n_items,), and the responses of random annotators."""
    n_annotators, n_classes, _ = confusion.shape
    truth = rng.choice(n_classes, size=n_items, p=prior)
    items = np.repeat(np.arange(n_items), labels_per_item)
    annotators = np.concatenate([rng.choice(n_annotators, labels_per_item, replace=False) for _ in range(n_items)])
    cumulative = confusion[annotators, truth[items]].cumsum(axis=1)
    classes = (rng.random(items.size)[:, None] > cumulative).sum(axis=1).clip(0, n_classes - 1)
    return truth, Responses(items, annotators, classes, n_items, n_annotators, n_classes)


def anaesthetists():
    """Table 1 of Dawid and Skene 1979."""
    rows = json.loads((Path(__file__).parent / "fixtures" / "dawid_skene_1979.json").read_text())["rows"]
    triples = np.array(
        [(i, a, int(k) - 1) for i, row in enumerate(rows) for a, group in enumerate(row.split()) for k in group]
    )
    return Responses(triples[:, 0], triples[:, 1], triples[:, 2], 45, 5, 4, repeats_allowed=True)
