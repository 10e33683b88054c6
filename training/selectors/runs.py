"""Questions about runs."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Project, User
from common.problems import NotFound
from training.models import EpochPoint, Run

MOST_POINTS = 500


def runs_of(user: User, project: Project) -> QuerySet[Run]:
    """Runs of a project with what a table shows of them."""
    return (
        Run.objects.visible_to(user)
        .filter(project=project)
        .select_related("version", "job", "started_by", "model_version__line", "rerun_of")
    )


def run_for(user: User, project: Project, public_id: UUID) -> Run:
    found = runs_of(user, project).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such run in this project.")
    return found


def curves(run: Run) -> dict[str, Any]:
    """The curves of a run: one line a fold, together at most 500 points, thinned evenly.

    The ends of every line stay.
    """
    points = list(EpochPoint.objects.filter(run=run).order_by("fold", "epoch"))
    return {
        "metric": run.task["metric"],
        "epochs": len({(p.fold, p.epoch) for p in points}),
        "points": thinned(points),
        "overfitting": run.overfitting or None,
    }


def thinned(points: list[EpochPoint]) -> list[EpochPoint]:
    """At most 500 of the points, the same share of every fold, first and last of each fold among them."""
    folds: dict[int, list[EpochPoint]] = {}
    for point in points:
        folds.setdefault(point.fold, []).append(point)
    if len(points) <= MOST_POINTS:
        return points
    share = max(2, MOST_POINTS // len(folds))
    kept: list[EpochPoint] = []
    for line in folds.values():
        count = min(share, len(line))
        places = sorted({round(i * (len(line) - 1) / max(count - 1, 1)) for i in range(count)})
        kept += [line[place] for place in places]
    return kept


def judged_twin(run: Run) -> Run | None:
    """The latest run of the same recipe, settings and target on this version that was compared with baselines."""
    return (
        Run.objects.succeeded()
        .of_version(run.version_id, run.question)
        .filter(
            recipe=run.recipe,
            settings=run.settings,
            target__level=run.target["level"],
            target__left_out=run.target["left_out"],
            comparison__isnull=False,
        )
        .exclude(pk=run.pk)
        .order_by("-pk")
        .first()
    )
