"""Hard samples go two ways: to a targeted audit, kept apart from the random one, and to a labeling queue."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.audit_trail import record
from annotation.services.queues import QueueSettings, create_queue
from annotation.services.tasks import TaskSpec, add_tasks
from auditing.models import Audit, AuditItem, AuditKind, Fate, HardSample, HardSampleBatch
from auditing.services.audits import INSTRUCTIONS
from common.problems import Conflict, InvalidInput
from training.selectors import models as training_models

if TYPE_CHECKING:
    from annotation.models import Queue

TARGETED_STRATUM = "hard samples"
PRIORITY = {"wrong_in_audit": 40.0, "uncertain": 30.0, "novel": 20.0, "random": 10.0}


@transaction.atomic
def send_to_audit(*, batch: HardSampleBatch, by: User | None, redundancy: int = 1) -> Audit:
    """A targeted audit of the batch: blind like the random one, but without inclusion probabilities, so never a rate.

    Sending twice returns the same audit. Raises InvalidInput for an empty batch.
    """
    locked = _locked(batch)
    if locked.audit is not None:
        return locked.audit
    samples = _samples(locked)
    model = training_models.model_by_id(locked.model_version_id)
    name = f"Hard samples of {locked.endpoint.name}, {locked.created_at:%Y-%m-%d %H:%M} #{locked.pk}"
    queue = create_queue(
        project=locked.project,
        name=f"Audit, {locked.created_at:%Y-%m-%d %H:%M} #{locked.pk}",  # what annotators read says nothing of why
        schema=model.run.version.schema,
        question=model.run.question,
        purpose="targeted_audit",
        settings=QueueSettings(redundancy=redundancy, instructions=INSTRUCTIONS),
        by=by,
    )
    audit = Audit.objects.create(
        project=locked.project,
        endpoint=locked.endpoint,
        model_version=model,
        kind=AuditKind.TARGETED,
        name=name,
        window_from=locked.window_from,
        window_to=locked.window_to,
        population_size=(locked.summary or {}).get("population", len(samples)),
        design={"batch": str(locked.public_id), "redundancy": redundancy},
        queue=queue,
        created_by=by,
    )
    AuditItem.objects.bulk_create(
        [
            AuditItem(
                audit=audit,
                request_id=sample.request_id,
                item_id=sample.item_id,
                stratum=TARGETED_STRATUM,
                inclusion_probability=None,
                predicted=sample.predicted,
                score=sample.predicted_score,
            )
            for sample in samples
        ]
    )
    specs = [TaskSpec(item_id=item_id, provenance={"audit": str(audit.public_id)}) for item_id in _ids(samples)]
    add_tasks(queue=queue, items=specs)
    locked.audit = audit
    _settle(locked, samples, Fate.AUDIT, by, {"audit": str(audit.public_id)})
    return audit


@transaction.atomic
def send_to_queue(*, batch: HardSampleBatch, queue: "Queue", by: User | None) -> int:
    """Ask for labels of the batch in a labeling queue, urgent reasons first, each task with where it came from.

    Returns how many tasks are new. Sending twice to the same queue adds nothing; to another one is refused.
    Raises Conflict, InvalidInput for a queue of another project, purpose or question.
    """
    locked = _locked(batch)
    _check_queue(queue, locked)
    if locked.queue_id is not None and locked.queue_id != queue.pk:
        raise Conflict("These samples were sent to another queue already. Mine again for a new batch.")
    samples = _samples(locked)
    added = add_tasks(
        queue=queue,
        items=[
            TaskSpec(
                item_id=sample.item_id,
                priority=PRIORITY[sample.reason],
                provenance={
                    "hard_samples": str(locked.public_id),
                    "reason": sample.reason,
                    "score": sample.score,
                    "selection_probability": sample.selection_probability,
                },
            )
            for sample in samples
        ],
    )
    locked.queue = queue
    _settle(locked, samples, Fate.QUEUE, by, {"queue": str(queue.public_id), "tasks": len(added.task_ids)})
    return len(added.task_ids)


def _check_queue(queue: "Queue", batch: HardSampleBatch) -> None:
    if queue.project_id != batch.project_id:
        raise InvalidInput("The queue belongs to another project.", errors={"queue": ["Of another project."]})
    if queue.purpose != "labeling":
        raise InvalidInput(
            "Hard samples are labelled in a labeling queue; an audit's queue takes nothing else.",
            errors={"queue": ["Not a labeling queue."]},
        )
    run = training_models.model_by_id(batch.model_version_id).run
    if (queue.question, queue.schema.family) != (run.question, run.version.schema.family):
        raise InvalidInput(
            f"The queue asks “{queue.question}” of {queue.schema.family}, the model answers “{run.question}” of "
            f"{run.version.schema.family}. Choose a queue of the same question.",
            errors={"queue": ["Of another question."]},
        )


def _locked(batch: HardSampleBatch) -> HardSampleBatch:
    # Without joins: who waited for the lock gets the new row, but what a join brought along would be of before.
    return HardSampleBatch.objects.select_for_update().get(pk=batch.pk)


def _samples(batch: HardSampleBatch) -> list[HardSample]:
    samples = list(HardSample.objects.filter(batch=batch).order_by("id"))
    if not samples:
        raise InvalidInput("This batch has no samples. Wait for its job, or mine a window with traffic.")
    return samples


def _ids(samples: list[HardSample]) -> list[int]:
    return sorted({sample.item_id for sample in samples})


def _settle(
    batch: HardSampleBatch, samples: list[HardSample], fate: Fate, by: User | None, data: dict[str, Any]
) -> None:
    batch.save(update_fields=["audit", "queue"])
    HardSample.objects.filter(pk__in=[sample.pk for sample in samples]).update(fate=fate)
    data["at"] = timezone.now().isoformat()
    record(project=batch.project, actor=by, action=f"hard-samples.to-{fate}", subject=str(batch.public_id), data=data)
