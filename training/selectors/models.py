"""Questions about models of the registry."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from accounts.models import Project, User
from common.problems import NotFound
from training.models import Evaluation, GateRun, ModelVersion, Split
from training.selectors.estimates import estimate_from


def models_of(user: User, project: Project) -> QuerySet[ModelVersion]:
    """Model versions of a project, with what lists and pages show of them."""
    return (
        ModelVersion.objects.visible_to(user)
        .filter(project=project)
        .select_related("line", "project", "run__version__schema", "run__project", "registered_by", "export_signature")
        .prefetch_related(
            "exports",
            "endpoints",
            Prefetch("evaluations", queryset=Evaluation.objects.order_by("-id")),
            Prefetch("gate_runs", queryset=GateRun.objects.order_by("-id").prefetch_related("results")),
        )
    )


def model_for(user: User, project: Project, public_id: UUID) -> ModelVersion:
    found = models_of(user, project).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such model in this project.")
    return found


def model_by_id(model_version_id: int) -> ModelVersion:
    """For the apps above: a model version with its line and run. Raises ModelVersion.DoesNotExist."""
    return ModelVersion.objects.select_related(
        "line", "project", "run__version__schema", "run__project", "export_signature"
    ).get(pk=model_version_id)


def headline(model: ModelVersion) -> dict[str, object] | None:
    """The metric of the run on the latest judged split, test before validation: {split, metric, estimate}."""
    latest = {e.split: e for e in reversed(list(model.evaluations.all()))}
    judged = latest.get(Split.TEST) or latest.get(Split.VALIDATION)
    metric = model.run.task["metric"]
    if judged is None or metric not in judged.metrics["scores"]:
        return None
    return {
        "split": str(judged.split),
        "metric": metric,
        "estimate": estimate_from(judged.metrics["scores"][metric]).as_json(),
    }
