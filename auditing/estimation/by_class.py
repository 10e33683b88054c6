"""Precision, recall and confusion of each class in production, estimated from an audit."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from auditing.estimation.shares import AuditDesign
from common.numerics.checks import FloatArray, IntArray, as_indices, check_level
from common.numerics.estimate import Estimate

MISSING = -1


@dataclass(frozen=True)
class ClassEstimate:
    """One class. precision: P(true | predicted), recall: P(predicted | true), prevalence: true share of production.

    audited_predicted, audited_true: answered items that were predicted as, or truly are, of this class.
    """

    class_index: int
    precision: Estimate
    recall: Estimate
    prevalence: Estimate
    audited_predicted: int
    audited_true: int


@dataclass(frozen=True)
class ConfusionCell:
    """Items in production of one true class with one prediction, as a count with its interval."""

    true_class: int
    predicted_class: int
    audited: int
    items: Estimate


@dataclass(frozen=True)
class AuditByClass:
    """An audit scaled up to production.

    classes: one entry per class, in order. cells: every cell of the confusion matrix with an audited item, by true then
    predicted class. missing: audited items without an answer. n_classes: rows and columns of the matrix.
    """

    classes: tuple[ClassEstimate, ...]
    cells: tuple[ConfusionCell, ...]
    missing: int
    n_classes: int

    def matrix(self) -> FloatArray:
        """Estimated items in production, shape (n_classes, n_classes); row = true class, column = predicted."""
        table = np.zeros((self.n_classes, self.n_classes))
        for cell in self.cells:
            table[cell.true_class, cell.predicted_class] = cell.items.value
        return table


def by_class(
    predicted: ArrayLike, truth: ArrayLike, design: AuditDesign, *, n_classes: int, level: float = 0.95
) -> AuditByClass:
    """Scale an audit up to production, class by class.

    predicted, truth: shape (n,), class index of every audited item; truth -1 while the answer is missing. design: a
    `StratifiedAudit` or `UnequalAudit` of the same n items.

    Precision and recall are ratios of estimated shares a / (a + b), with a the right ones and b the false positives
    (precision) or the missed (recall). Their interval comes from the intervals of a and b by the method of variance
    recovery for a ratio, b / a, and so does not collapse when no miss was found: three right answers do not make a
    recall of 100%. Recall rests on misses found among all other predictions, and is much less certain than precision.
    Unknown, with its reason, for a class never predicted (precision) or never met (recall) among the answers.
    Raises ValueError for unequal lengths or classes that do not exist.
    Source: Donner and Zou 2012, Statistical Methods in Medical Research 21:347-359, equation 8 (MOVER-R).
    """
    check_level(level)
    guess = as_indices("predicted", predicted, below=n_classes)
    answers = np.asarray(truth, dtype=np.int64)
    if answers.shape != guess.shape:
        raise ValueError(f"truth must have shape {guess.shape}, got {answers.shape}")
    if answers.size and (answers.min() < MISSING or answers.max() >= n_classes):
        raise ValueError("truth has a class that does not exist")
    known = answers != MISSING
    rest, guess, answers = design.answered(known), guess[known], answers[known]
    missing = int((~known).sum())
    if guess.size == 0:
        unknown = Estimate.unknown("no answers yet", level=level, method="audit by class")
        empty = tuple(ClassEstimate(k, unknown, unknown, unknown, 0, 0) for k in range(n_classes))
        return AuditByClass(empty, (), missing, n_classes)
    classes = tuple(_one_class(k, guess, answers, rest, level) for k in range(n_classes))
    pairs = np.unique(np.stack([answers, guess], axis=1), axis=0)
    cells = tuple(_cell(int(t), int(p), guess, answers, rest, level) for t, p in pairs)
    return AuditByClass(classes, cells, missing, n_classes)


def ratio_of_shares(part: Estimate, rest: Estimate, *, level: float, n: int, method: str) -> Estimate:
    """Part / (part + rest) with an interval from the two intervals, by MOVER-R on rest / part.

    part, rest: estimates of non-negative quantities in the same unit, with intervals, part + rest > 0.
    Raises ValueError when an interval is missing or both are 0. Source: as `by_class`.
    """
    if part.value is None or part.low is None or part.high is None:
        raise ValueError("part needs a value and an interval")
    if rest.value is None or rest.low is None or rest.high is None:
        raise ValueError("rest needs a value and an interval")
    if part.value + rest.value <= 0:
        raise ValueError("part and rest are both 0")
    if part.value == 0:
        # The ratio rest / part is infinite; turn it round and mirror.
        mirrored = ratio_of_shares(rest, part, level=level, n=n, method=method)
        low, high = 1.0 - (mirrored.high or 0.0), 1.0 - (mirrored.low or 0.0)
        return Estimate(value=0.0, low=low, high=high, level=level, n=n, method=method)
    a, b = rest.value, part.value
    least = _mover_ratio(a, b, rest.low, part.high, upper=False)
    most = _mover_ratio(a, b, rest.high, part.low, upper=True)
    value = part.value / (part.value + rest.value)
    low, high = (0.0 if math.isinf(most) else 1.0 / (1.0 + most)), 1.0 / (1.0 + least)
    return Estimate(value=value, low=min(low, value), high=max(high, value), level=level, n=n, method=method)


def _mover_ratio(a: float, b: float, limit_a: float, limit_b: float, *, upper: bool) -> float:
    """One limit of a / b from the limit of a on the same side and the limit of b on the other side."""
    denominator = limit_b * (2.0 * b - limit_b)
    product = a * b
    under = max(product**2 - limit_a * (2.0 * a - limit_a) * denominator, 0.0)
    if upper:
        return math.inf if denominator <= 1e-300 else (product + math.sqrt(under)) / denominator
    # (x - sqrt(x^2 - y d)) / d = y / (x + sqrt(x^2 - y d)): stable, and finite when d is 0 or negative.
    total = product + math.sqrt(under)
    return max(limit_a * (2.0 * a - limit_a) / total, 0.0) if total > 0 else 0.0


def _one_class(k: int, guess: IntArray, answers: IntArray, design: AuditDesign, level: float) -> ClassEstimate:
    says, is_so = guess == k, answers == k
    n_says, n_is_so = int(says.sum()), int(is_so.sum())
    right = design.share(says & is_so, level=level, method="share")
    false_alarms = design.share(says & ~is_so, level=level, method="share")
    missed = design.share(is_so & ~says, level=level, method="share")
    if n_says:
        precision = ratio_of_shares(right, false_alarms, level=level, n=n_says, method="precision, MOVER-R")
    else:
        reason = "no audited item was predicted as this class"
        precision = Estimate.unknown(reason, level=level, method="precision, MOVER-R")
    if n_is_so:
        recall = ratio_of_shares(right, missed, level=level, n=n_is_so, method="recall, MOVER-R")
    else:
        reason = "no audited item turned out to be of this class"
        recall = Estimate.unknown(reason, level=level, method="recall, MOVER-R")
    prevalence = design.share(is_so, level=level, method="share of production")
    return ClassEstimate(k, precision, recall, prevalence, n_says, n_is_so)


def _cell(t: int, p: int, guess: IntArray, answers: IntArray, design: AuditDesign, level: float) -> ConfusionCell:
    inside = (answers == t) & (guess == p)
    share = design.share(inside, level=level, method="share of production")
    total = design.population
    items = Estimate(
        value=(share.value or 0.0) * total,
        low=(share.low or 0.0) * total,
        high=(share.high or 0.0) * total,
        level=level,
        n=int(inside.sum()),
        method="items in production",
    )
    return ConfusionCell(t, p, int(inside.sum()), items)
