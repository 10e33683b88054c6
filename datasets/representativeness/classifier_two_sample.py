"""Can a classifier tell the two samples apart? If not better than chance, they look alike to a model."""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from common.numerics.estimate import Estimate
from datasets.profiling.columns import FloatArray, IntArray
from datasets.representativeness.auc import auc_interval

MAX_ROWS = 20_000
_MIN_ROWS = 20
_REGULARISATION = 0.1


@dataclass(frozen=True, eq=False)
class ClassifierTest:
    """Result of the classifier two-sample test.

    auc: on the held-out half, with interval; 0.5 means that the samples cannot be told apart. p_value: one-sided
    Mann-Whitney on the same half. n_reference, n_current: held-out rows. probability_current: shape (n_current rows
    given,), for every current row the probability of being current, from a model that has not seen it, prior 1:1;
    NaN for rows beyond the sample limit. most_different: indices of current rows, most unlike the reference first.
    reason: why nothing was computed, else None.
    """

    auc: Estimate
    p_value: float | None
    n_reference: int
    n_current: int
    probability_current: FloatArray
    most_different: IntArray
    reason: str | None = None


def classifier_two_sample(
    reference: FloatArray, current: FloatArray, *, rng: np.random.Generator, max_rows: int = MAX_ROWS
) -> ClassifierTest:
    """Standardised logistic regression, fitted on one half and tested on the other.

    reference, current: shapes (n, d) and (m, d), finite: embeddings or numeric attributes, rows independent. Above
    max_rows a side rows are sampled. The p-value comes from one held-out half only: pooling cross-validated scores
    would make it too small. The probabilities, for ranking alone, are cross-fitted: each half is scored by the model
    of the other. Fewer than 20 rows a side gives a reason.
    Raises ValueError for other shapes or values that are not finite.
    Source: Lopez-Paz & Oquab 2017, Revisiting classifier two-sample tests; Mann & Whitney 1947.
    """
    if reference.ndim != 2 or current.ndim != 2 or reference.shape[1] != current.shape[1]:
        raise ValueError("both samples must have shape (rows, features) with the same features")
    if not np.isfinite(reference).all() or not np.isfinite(current).all():
        raise ValueError("a feature is not finite")
    if min(len(reference), len(current)) < _MIN_ROWS:
        reason = f"Fewer than {_MIN_ROWS} items on one side."
        nothing = np.full(len(current), np.nan)
        unknown = Estimate.unknown(reason, n=len(reference) + len(current), method="classifier two-sample")
        return ClassifierTest(unknown, None, 0, 0, nothing, np.empty(0, dtype=np.int64), reason)
    a, b = _halves(len(reference), max_rows, rng), _halves(len(current), max_rows, rng)
    probability = np.full(len(current), np.nan)
    model = _fit(reference[a[0]], current[b[0]])
    held_reference, held_current = (model.predict_proba(x)[:, 1] for x in (reference[a[1]], current[b[1]]))
    probability[b[1]] = held_current
    probability[b[0]] = _fit(reference[a[1]], current[b[1]]).predict_proba(current[b[0]])[:, 1]
    test = stats.mannwhitneyu(held_current, held_reference, alternative="greater", method="asymptotic")
    scored = np.flatnonzero(np.isfinite(probability))
    order = scored[np.argsort(-probability[scored], kind="stable")].astype(np.int64)
    auc = auc_interval(held_reference, held_current)
    return ClassifierTest(auc, float(test.pvalue), a[1].size, b[1].size, probability, order)


def _halves(n: int, max_rows: int, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    rows = rng.permutation(n)[:max_rows].astype(np.int64)
    return rows[: rows.size // 2], rows[rows.size // 2 :]


def _fit(reference: FloatArray, current: FloatArray) -> LogisticRegression:
    x = np.concatenate([reference, current])
    y = np.concatenate([np.zeros(len(reference)), np.ones(len(current))])
    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=_REGULARISATION, class_weight="balanced", max_iter=300, tol=1e-3)
    )
    return model.fit(x, y)
