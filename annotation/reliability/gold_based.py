"""How often annotators are right on gold items."""

import numpy as np
from numpy.typing import ArrayLike

from annotation.consensus.responses import Responses
from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_interval

NOT_GOLD = -1


def gold_reliability(responses: Responses, gold: ArrayLike, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Share right on gold items with Wilson's interval, one estimate per annotator in the order of the index.

    gold: shape (n_items,), class index of the known answer, or -1 where there is none. `n` is the number of gold items
    that the annotator labelled. Gold items must look like the others and be a fair sample of them; otherwise this
    estimates reliability on gold only. Unknown, with its reason, for an annotator who saw no gold.
    Raises ValueError for another shape or a class that does not exist. Source: `common.numerics.wilson`.
    """
    answers = np.asarray(gold)
    if answers.shape != (responses.n_items,):
        raise ValueError(f"gold must have shape ({responses.n_items},), got {answers.shape}")
    if answers.size and (answers.min() < NOT_GOLD or answers.max() >= responses.n_classes):
        raise ValueError("gold has a class that does not exist")
    known = answers[responses.items] != NOT_GOLD
    right = known & (answers[responses.items] == responses.classes)
    seen = np.bincount(responses.annotators[known], minlength=responses.n_annotators)
    correct = np.bincount(responses.annotators[right], minlength=responses.n_annotators)
    return tuple(
        wilson_interval(int(correct[a]), int(seen[a]), level)
        if seen[a]
        else Estimate.unknown("has not labelled a gold item yet", level=level, method="wilson")
        for a in range(responses.n_annotators)
    )
