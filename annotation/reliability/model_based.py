"""How often annotators are right, judged by the consensus of the others, where there is no gold."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.optimize import brentq, minimize_scalar

from annotation.consensus.consensus import Consensus
from annotation.consensus.responses import Responses
from common.numerics.checks import BoolArray, FloatArray, check_level
from common.numerics.estimate import Estimate
from common.numerics.sums import sum_by

METHOD = "leave-one-out posterior, profile likelihood"
EDGE = 1e-9


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """What the others say about each label, shape (n_responses,) each.

    right: probability, from all labels of the item but this one, that the class given is the true one.
    wrong: probability that this class would be given if the annotator errs: sum over other true classes k of their
    probability times P[k, l] / (1 - P[k,k]), P the pooled confusion matrix.
    judged: whether the item has a label of somebody else.
    """

    right: FloatArray
    wrong: FloatArray
    judged: BoolArray


def leave_one_out(responses: Responses, fitted: Consensus) -> LeaveOneOut:
    """Take each label out of the posterior of its item: T[i,k] / pi[a,k,l], renormalised.

    fitted: a `dawid_skene` of these responses. The other annotators' matrices were estimated with the label still in,
    which matters little from some dozens of labels on.
    Raises ValueError when the consensus has no confusion matrices or another shape.
    """
    if fitted.confusion is None:
        raise ValueError(f"{fitted.method} has no confusion matrices, use dawid_skene")
    if (fitted.n_items, fitted.n_classes) != (responses.n_items, responses.n_classes):
        raise ValueError("the consensus belongs to other responses")
    posterior = fitted.sparse_posterior
    lengths = np.diff(posterior.indptr)[responses.items]
    response = np.repeat(np.arange(responses.n_responses), lengths)
    within = np.arange(response.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    entry = posterior.indptr[responses.items][response] + within
    truth = posterior.indices[entry].astype(np.int64)
    given = responses.classes[response]
    own = fitted.confusion.probability(responses.annotators[response], truth, given)
    weight = posterior.data[entry] / np.maximum(own, 1e-12)
    total = np.maximum(sum_by(response, weight, responses.n_responses), 1e-300)
    others = weight / total[response]
    same = truth == given
    error = np.maximum(1.0 - fitted.confusion.pooled_probability(truth, truth), 1e-9)
    slip = np.where(same, 0.0, fitted.confusion.pooled_probability(truth, given) / error)
    return LeaveOneOut(
        right=np.clip(sum_by(response, others * same, responses.n_responses), 0.0, 1.0),
        wrong=np.clip(sum_by(response, others * slip, responses.n_responses), 0.0, 1.0),
        judged=responses.labels_per_item[responses.items] >= 2,
    )


def model_reliability(responses: Responses, fitted: Consensus, *, level: float = 0.95) -> tuple[Estimate, ...]:
    """Probability q that an annotator's label is right, one estimate per annotator in the order of the index.

    Maximises prod over the annotator's labels of q right + (1 - q) wrong, the mixture in which the others' posterior
    (this label left out) says how likely the class is the true one. The mean of `right` alone would be too low, since
    the others are not certain. The interval holds every q whose log likelihood is within chi2(level)/2 of the best.
    `n` is the number of labels on items that somebody else labelled. Unknown, with its reason, when there are none or
    when the others say nothing. It rests on the model: annotators who copy each other look reliable; check on gold.
    Source: Wilks 1938 (interval); the likelihood is the one-coin Dawid-Skene given the other labels.
    """
    check_level(level)
    evidence = leave_one_out(responses, fitted)
    results = []
    for annotator in range(responses.n_annotators):
        mine = evidence.judged & (responses.annotators == annotator)
        results.append(_profile(evidence.right[mine], evidence.wrong[mine], level))
    return tuple(results)


def _profile(right: FloatArray, wrong: FloatArray, level: float) -> Estimate:
    n = int(right.size)
    if n == 0:
        return Estimate.unknown("no item was labelled by somebody else too", level=level, method=METHOD)
    if np.abs(right - wrong).max() < EDGE:
        return Estimate.unknown("the other labels do not tell right from wrong", level=level, n=n, method=METHOD)

    def loss(q: float) -> float:
        return -float(np.log(np.maximum(q * right + (1.0 - q) * wrong, 1e-300)).sum())

    found = minimize_scalar(loss, bounds=(EDGE, 1.0 - EDGE), method="bounded", options={"xatol": 1e-8})
    best = float(found.x)
    best = min((best, EDGE, 1.0 - EDGE), key=loss)
    bound = loss(best) + float(stats.chi2.ppf(level, 1)) / 2.0
    low = 0.0 if best <= EDGE or loss(EDGE) <= bound else brentq(lambda q: loss(q) - bound, EDGE, best)
    high = 1.0 if best >= 1.0 - EDGE or loss(1.0 - EDGE) <= bound else brentq(lambda q: loss(q) - bound, best, 1 - EDGE)
    value = 0.0 if best <= EDGE else 1.0 if math.isclose(best, 1.0, abs_tol=2 * EDGE) else best
    return Estimate(value=value, low=float(low), high=float(high), level=level, n=n, method=METHOD)
