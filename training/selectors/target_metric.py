"""The brief's measure of success, for a model."""

import numpy as np

from common.numerics.estimate import Estimate
from training.evaluation.intervals import bootstrap_groups, grouped_share, number_groups, percentile_estimate
from training.evaluation.scores import Scorer
from training.models import Evaluation, ModelVersion
from training.selectors.decisions import decisions
from training.selectors.estimates import estimate_from
from training.selectors.files import Floats, read_predictions
from training.selectors.judged import concern_scores

OF_CONCERN = ("recall", "precision", "f1")
OF_DECISIONS = ("accuracy", "balanced_accuracy", "macro_f1")
RESAMPLES = 500


def measured(model: ModelVersion, evaluation: Evaluation, metric: str) -> Estimate:
    """A measure of success on an evaluation, with its interval.

    Recall, precision and F1 are those of the class of concern. With a threshold, every measure of decisions is that of
    the decisions that the threshold makes. Says why when there is none.
    """
    if metric in OF_DECISIONS and model.threshold is not None:
        return _at_threshold(model, evaluation, metric)
    if metric not in OF_CONCERN:
        stored = evaluation.metrics["scores"].get(metric)
        return Estimate.unknown(f"“{metric}” is not measured here.") if stored is None else estimate_from(stored)
    if not model.class_of_concern:
        return Estimate.unknown(f"{metric} needs a class of concern, and the model knows none of that name.")
    found = read_predictions(evaluation.predictions_key, len(model.serving_card["classes"]))
    scores = concern_scores(model, found)
    flagged = scores.is_chosen if model.threshold is None else scores.scores >= model.threshold
    groups, hits = number_groups(found.groups, len(flagged)), found.weights * (flagged & scores.is_concern)
    if metric == "recall":
        return grouped_share(hits, found.weights * scores.is_concern, groups, missing="The class does not occur.")
    if metric == "precision":
        return grouped_share(hits, found.weights * flagged, groups, missing="Nothing was flagged.")
    both = found.weights * flagged + found.weights * scores.is_concern

    def f1(drawn: Floats) -> Floats:
        below = float(drawn @ both)
        return np.array([2 * float(drawn @ hits) / below if below else np.nan])

    draws = bootstrap_groups(f1, groups, rng=np.random.default_rng(0), resamples=RESAMPLES)[:, 0]
    value = float(f1(np.ones(len(both)))[0])
    return percentile_estimate(value, draws, n=len(both), groups=int(groups.max()) + 1, level=0.95)


def _at_threshold(model: ModelVersion, evaluation: Evaluation, metric: str) -> Estimate:
    found = read_predictions(evaluation.predictions_key, len(model.serving_card["classes"]))
    decided = decisions(model, found.probabilities).astype(np.float64)
    scorer, groups = Scorer(found.truth, decided, model.serving_card["kind"]), number_groups(found.groups, len(decided))

    def score(drawn: Floats) -> Floats:
        return np.array([scorer.plain(drawn * found.weights)[metric]])

    draws = bootstrap_groups(score, groups, rng=np.random.default_rng(0), resamples=RESAMPLES)[:, 0]
    value = float(score(np.ones(len(decided)))[0])
    return percentile_estimate(value, draws, n=len(decided), groups=int(groups.max()) + 1, level=0.95)
