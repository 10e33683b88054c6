"""Audits are drawn, and put before people in an ordinary queue that does not show the prediction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction

from accounts.models import Project, User
from accounts.services.audit_trail import record
from annotation.services.queues import QueueSettings, create_queue
from annotation.services.tasks import TaskSpec, add_tasks
from auditing.estimation.sampling import draw_stratified
from auditing.models import Audit, AuditItem, AuditKind, AuditSchedule
from auditing.selectors.production import Window
from auditing.services.audit_design import Allocation, Design, Population, StrataBy, design_audit, population_of
from common.problems import InvalidInput
from training.selectors import models as training_models

if TYPE_CHECKING:
    from training.models import Endpoint

INSTRUCTIONS = (
    "Judge each picture for itself, as carefully as you can. What you answer is compared with nothing while you work, "
    "and you are not told where the pictures come from. If you cannot tell, say so: that is an answer, too."
)


@dataclass(frozen=True, kw_only=True)
class AuditPlan:
    """What a lead asks for. redundancy: people who judge each item; kinds: annotator kinds admitted, all when empty."""

    name: str
    window: Window
    budget: int
    strata_by: StrataBy = "class_and_score"
    allocation: Allocation = "neyman"
    seed: int = 0
    redundancy: int = 1
    kinds: Sequence[str] = ()


def preview_audit(plan: AuditPlan) -> tuple[Population, Design]:
    """The design that `create_audit` would use now."""
    population = population_of(plan.window)
    return population, design_audit(
        population, budget=plan.budget, strata_by=plan.strata_by, allocation=plan.allocation
    )


@transaction.atomic
def create_audit(
    *, project: Project, endpoint: "Endpoint", plan: AuditPlan, by: User | None, schedule: AuditSchedule | None = None
) -> Audit:
    """Draw the sample, store every inclusion probability, and put the items into a blind queue: all of it or nothing.

    endpoint: a training.Endpoint of the project. Raises InvalidInput for an empty window or a window of several models,
    Conflict for a name in use.
    """
    if endpoint.project_id != project.pk or plan.window.endpoint_id != endpoint.pk:
        raise InvalidInput("The window belongs to another endpoint, or the endpoint to another project.")
    model = _only_model(plan.window)
    population, design = preview_audit(plan)
    sample = draw_stratified(design.strata, design.counts, rng=np.random.default_rng(plan.seed))
    queue = _blind_queue(project, model, plan, by=by)
    audit = Audit.objects.create(
        project=project,
        endpoint=endpoint,
        model_version=model,
        schedule=schedule,
        kind=AuditKind.RANDOM,
        name=plan.name,
        window_from=plan.window.start,
        window_to=plan.window.end,
        population_size=population.size,
        design={
            **design.as_json(),
            "seed": plan.seed,
            "redundancy": plan.redundancy,
            "without_input": population.without_input,
        },
        queue=queue,
        created_by=by,
    )
    AuditItem.objects.bulk_create(
        [
            AuditItem(
                audit=audit,
                request_id=population.request_ids[index],
                item_id=int(population.item_ids[index]),
                stratum=design.names[stratum],
                inclusion_probability=float(probability),
                predicted=str(population.predicted[index]),
                score=float(population.scores[index]),
            )
            for index, stratum, probability in zip(
                sample.indices, sample.strata, sample.inclusion_probability, strict=True
            )
        ],
        batch_size=1000,
    )
    _ask(queue, sorted({int(population.item_ids[index]) for index in sample.indices}), audit)
    record(
        project=project,
        actor=by,
        action="audit.created",
        subject=str(audit.public_id),
        data={"name": plan.name, "items": design.total, "population": population.size},
    )
    return audit


def _only_model(window: Window) -> Any:
    """An estimate speaks of one model, so the window must not mix several."""
    found = window.predictions().auditable().order_by().values_list("model_version_id", flat=True).distinct()[:2]
    ids = list(found)
    if len(ids) > 1:
        raise InvalidInput(
            "More than one model answered in this window, and an accuracy is that of one model. Choose a window in "
            "which only one answered.",
            errors={"start": ["Several models."]},
        )
    if not ids:
        population_of(window)  # says that there is nothing, and why
    return training_models.model_by_id(ids[0])


def _blind_queue(project: Project, model: Any, plan: AuditPlan, *, by: User | None) -> Any:
    run = model.run
    return create_queue(
        project=project,
        name=plan.name,
        schema=run.version.schema,
        question=run.question,
        purpose="audit",
        settings=QueueSettings(redundancy=plan.redundancy, kinds=plan.kinds, instructions=INSTRUCTIONS),
        by=by,
    )


def _ask(queue: Any, item_ids: Sequence[int], audit: Audit) -> None:
    # The reason lies in the provenance, which no annotator is shown. The order of item ids says nothing about scores.
    add_tasks(
        queue=queue,
        items=[TaskSpec(item_id=item_id, provenance={"audit": str(audit.public_id)}) for item_id in item_ids],
    )
