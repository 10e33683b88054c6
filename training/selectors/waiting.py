"""What training has left for a person to do: a version to learn, a run to register, a candidate to release."""

from dataclasses import dataclass

from accounts.models import Project
from datasets.selectors import counts
from training.models import ModelVersion, Run, RunState, Stage
from training.selectors.estimates import score_of


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """unlearned: the newest version, when models exist and no run has begun on it.

    run: the newest finished run that beats its baseline and is worth registering: newer than every registered one, and
    of another version or better than that. candidate: the newest candidate that is newer than every champion and was
    not refused by the gate.
    """

    unlearned: str | None
    run: Run | None
    candidate: ModelVersion | None


def waiting_for_a_person(project: Project) -> Waiting:
    models = ModelVersion.objects.filter(project=project).select_related("line", "run")
    newest = models.order_by("-run_id").first()
    return Waiting(
        unlearned=_unlearned(project) if newest is not None else None,
        run=_unregistered(project, newest),
        candidate=_candidate(project),
    )


def _unlearned(project: Project) -> str | None:
    version = counts.latest_frozen(project)
    if version is None or Run.objects.filter(version=version).exclude(state=RunState.FAILED).exists():
        return None
    return str(version)


def _unregistered(project: Project, newest: ModelVersion | None) -> Run | None:
    rows = Run.objects.filter(
        project=project, state=RunState.SUCCEEDED, is_baseline=False, model_version=None, comparison__verdict="beats"
    )
    if newest is not None:
        rows = rows.filter(pk__gt=newest.run_id)
    found = rows.select_related("version").order_by("-id").first()
    if found is None or newest is None or found.version_id != newest.run.version_id:
        return found
    if found.task["metric"] != newest.run.task["metric"]:
        return None
    mine, theirs = score_of(found).value, score_of(newest.run).value
    return found if mine is not None and (theirs is None or mine > theirs) else None


def _candidate(project: Project) -> ModelVersion | None:
    rows = ModelVersion.objects.filter(project=project)
    champion = rows.filter(stage=Stage.CHAMPION).order_by("-id").first()
    waiting = rows.filter(stage=Stage.CANDIDATE).exclude(gate_runs__passed=False)
    if champion is not None:
        waiting = waiting.filter(pk__gt=champion.pk)
    return waiting.select_related("line").order_by("-id").first()
