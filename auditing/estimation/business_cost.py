"""What the errors cost: mean cost per case in production, from an audit."""

import numpy as np
from numpy.typing import ArrayLike

from auditing.estimation.shares import AuditDesign
from common.numerics.checks import as_floats, as_indices
from common.numerics.estimate import Estimate

MISSING = -1
METHOD = "mean cost per case"


def cost_per_case(
    predicted: ArrayLike, truth: ArrayLike, costs: ArrayLike, design: AuditDesign, *, level: float = 0.95
) -> Estimate:
    """Mean of costs[true, predicted] over production with a t interval, in the currency of `costs`.

    predicted, truth: shape (n,), classes of the audited items, truth -1 while missing. costs: shape (n_classes,
    n_classes), row = true class, column = predicted class; negative entries are gains. design: of the same n items.
    Multiply by the cases a day for a daily figure. Unknown without answers; a value without interval when all audited
    items cost the same, since a dear error that was not met may exist. The t interval is too short at the upper end
    when a rare and dear error dominates. Raises ValueError for unequal lengths or unknown classes.
    Source: Cochran 1977, section 5.4 (stratified); Hajek 1971 (unequal probabilities).
    """
    table = as_floats("costs", costs)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise ValueError(f"costs must be square, got shape {table.shape}")
    guess = as_indices("predicted", predicted, below=table.shape[0])
    answers = np.asarray(truth, dtype=np.int64)
    if answers.shape != guess.shape:
        raise ValueError(f"truth must have shape {guess.shape}, got {answers.shape}")
    if answers.size and (answers.min() < MISSING or answers.max() >= table.shape[0]):
        raise ValueError("truth has a class that does not exist")
    known = answers != MISSING
    if not known.any():
        return Estimate.unknown("no answers yet", level=level, method=METHOD)
    return design.answered(known).mean(table[answers[known], guess[known]], level=level, method=METHOD)
