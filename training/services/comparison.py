"""Networks against the baselines of their version, and what that says about the project's hypotheses."""

import numpy as np

from common.said import Phrase
from datasets.services.hypotheses import record_attempt
from training.evaluation.baseline_comparison import Comparison, compare_classifiers
from training.models import Run, RunState
from training.selectors.estimates import score_of
from training.selectors.files import PREDICTIONS, StoredPredictions, read_predictions
from training.services.runs import baselines_of

RESAMPLES = 1000


def refresh_comparisons(run: Run) -> None:
    """Compare what this run makes comparable: itself, or, for a baseline, every network that waited for it.

    Idempotent.
    """
    if not run.is_baseline:
        compare_with_baselines(run)
        return
    for network in networks_of(run):
        compare_with_baselines(network)


def networks_of(baseline: Run) -> list[Run]:
    """Finished networks that this baseline is a baseline of."""
    same = Run.objects.networks().succeeded().of_version(baseline.version_id, baseline.question)
    return list(
        same.filter(
            target__level=baseline.target["level"],
            target__left_out=baseline.target["left_out"],
            protocol=baseline.protocol,
        )
    )


def compare_with_baselines(run: Run) -> Run:
    """Write the run's comparison with the best finished baseline, and count it as an attempt at the hypotheses.

    Rows are those that both predicted and neither was fitted on. Nothing is written while a baseline is still open: the
    sentence must not change its mind; the baseline's own end comes back here.
    """
    baselines = baselines_of(run)
    finished = [b for b in baselines.succeeded() if b.metrics]
    if not run.metrics or not finished or baselines.open().exists():
        return run
    metric = run.task["metric"]
    best = max(finished, key=_score)
    compared = compare_runs(run, best, metric=metric)
    if compared is None:
        run.comparison = {
            "baseline_run": str(best.public_id),
            "verdict": "cannot_tell",
            "sentence": NO_ROWS.english,
            "said": NO_ROWS().as_json(),
        }
    else:
        run.comparison = compared.as_json() | {"baseline_run": str(best.public_id), "baseline_recipe": best.recipe}
    Run.objects.filter(pk=run.pk, state=RunState.SUCCEEDED).update(comparison=run.comparison)
    if compared is not None:
        _tell_hypotheses(run, compared)
    return run


NO_ROWS = Phrase(
    "compare.noRows",
    "The model and the baseline were judged on different rows: run both on the same version with the same protocol.",
)


def compare_runs(run: Run, baseline: Run, *, metric: str) -> Comparison | None:
    """The paired comparison on the rows that both were judged on; None when there are none or their classes differ."""
    keys = [c["key"] for c in run.task["classes"]]
    if keys != [c["key"] for c in baseline.task["classes"]]:
        return None
    one, other = predictions_of(run), predictions_of(baseline)
    if one is None or other is None:
        return None
    _, places, other_places = np.intersect1d(one.items, other.items, assume_unique=True, return_indices=True)
    if len(places) == 0:
        return None
    one, other = one.at(places), other.at(other_places)
    return compare_classifiers(
        one.truth,
        np.clip(one.probabilities, 0, 1),
        np.clip(other.probabilities, 0, 1),
        kind=run.task["kind"],
        rng=np.random.default_rng(run.seed),
        metric=metric,
        groups=one.groups,
        weights=one.weights,
        resamples=RESAMPLES,
    )


def predictions_of(run: Run) -> StoredPredictions | None:
    """The rows that a run was judged on."""
    file = run.files.filter(name=PREDICTIONS).first()
    if file is None:
        return None
    return read_predictions(file.object_key, len(run.task["classes"]))


def _score(run: Run) -> float:
    value = score_of(run).value
    return float("-inf") if value is None else value


def _tell_hypotheses(run: Run, compared: Comparison) -> None:
    record_attempt(
        project=run.project,
        reference=str(run.public_id),
        label=f"{run.recipe} on {run.version}",
        beat_baseline=compared.verdict == "beats",
        metric=compared.metric,
        value=compared.model,
        baseline=compared.baseline,
        notes=[compared.sentence],
    )
