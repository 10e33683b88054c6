"""Area under the ROC curve with DeLong's interval and the Mann-Whitney test."""

import math

import numpy as np
from scipy import stats

from common.numerics.critical import critical_value
from common.numerics.estimate import Estimate
from datasets.profiling.columns import FloatArray


def auc_interval(negatives: FloatArray, positives: FloatArray, *, level: float = 0.95) -> Estimate:
    """P(positive score > negative score) + P(equal) / 2, with an interval.

    negatives, positives: shape (n,), finite scores of independent cases. The variance is DeLong's; the interval is made
    on the logit scale, so that it stays in [0, 1]. With an AUC of exactly 0 or 1 DeLong's variance is 0, and the limit
    of the exact bound is given instead: no miss among min(n, m) pairs, 1 - alpha^(1/min(n, m)).
    Fewer than 2 cases a side gives a reason. Source: DeLong, DeLong & Clarke-Pearson 1988; Pepe 2003, section 5.2.
    """
    m, n = positives.size, negatives.size
    if min(m, n) < 2:
        return Estimate.unknown("Fewer than 2 cases on one side.", level=level, n=m + n, method="DeLong, logit")
    ranks = stats.rankdata(np.concatenate([positives, negatives]))
    placement_positive = (ranks[:m] - stats.rankdata(positives)) / n
    placement_negative = 1.0 - (ranks[m:] - stats.rankdata(negatives)) / m
    auc = float(placement_positive.mean())
    variance = placement_positive.var(ddof=1) / m + placement_negative.var(ddof=1) / n
    if variance <= 0 or not 0 < auc < 1:
        slack = 1 - (1 - level) ** (1 / min(m, n))
        low, high = max(0.0, auc - slack), min(1.0, auc + slack)
        return Estimate(auc, low, high, level, m + n, "exact bound at the end of the scale")
    logit = math.log(auc / (1 - auc))
    half = critical_value(level) * math.sqrt(variance) / (auc * (1 - auc))
    low, high = (float(1 / (1 + np.exp(-(logit + sign * half)))) for sign in (-1, 1))
    return Estimate(auc, low, high, level, m + n, "DeLong, logit")
