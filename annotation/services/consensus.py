"""Consensus of a queue as a job: estimates for items, reliabilities of annotators, agreement; then what to accept."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.models import Job, User
from accounts.services.jobs import Claim, Pulse, create_job
from annotation.models import (
    GOLD_LANE,
    Assignment,
    ConsensusMethod,
    ConsensusRun,
    Estimate,
    Queue,
    QueuePurpose,
    Reliability,
    ReviewCase,
    ReviewReason,
    ReviewState,
)
from annotation.selectors.answers import CurrentAnswer, current_answers
from annotation.services import consensus_numbers
from annotation.services.acceptance import accept_in_queue, nobody_could_tell
from annotation.services.asking import asked_of, is_counted
from annotation.services.comparing import Comparison
from annotation.services.completion import open_cases
from common.problems import Conflict, InvalidInput
from datasets.services.labels import Acceptance

RUN_CONSENSUS = "annotation.run_consensus"
ACCEPT_CONSENSUS = "annotation.accept_consensus"
BATCH = 1_000
CHUNK = 5_000
SKIPS_BEFORE_REVIEW = 3


@transaction.atomic
def start_consensus(*, queue: Queue, method: str, by: User | None = None) -> ConsensusRun:
    """Start a run over the answers as they are. Raises InvalidInput for another method, Conflict if none counts."""
    if method not in ConsensusMethod.values:
        sentence = f"The method is one of {', '.join(ConsensusMethod.values)}."
        raise InvalidInput(sentence, errors={"method": [sentence]})
    if not is_counted(asked_of(queue)):
        raise Conflict(
            "Shapes, numbers and texts cannot be counted against each other, so there is no consensus to compute. What "
            "one person answers, or all answer alike, becomes a label; everything else goes to a reviewer."
        )
    run = ConsensusRun.objects.create(project_id=queue.project_id, queue=queue, method=method)
    run.job = create_job(project=queue.project, kind=RUN_CONSENSUS, payload={"run": run.pk}, by=by)
    run.save(update_fields=["job"])
    return run


def perform_consensus(claim: Claim) -> dict[str, Any]:
    """Compute and store. Everything is computed from the answers, so starting again after a kill is harmless."""
    run = ConsensusRun.objects.select_related("queue__schema").get(pk=claim.job.payload["run"])
    claim.beat(message="reading answers")
    answers = list(current_answers(run.queue))
    claim.beat(done=0, total=len(answers), message="computing")
    asked = asked_of(run.queue)
    pulse = Pulse(claim)
    compare = Comparison(run.queue, pulse)
    numbers = consensus_numbers.compute(asked, answers, method=run.method, seed=run.pk, compare=compare, alive=pulse)
    items = {one.item_id: one.task_id for one in answers if not one.is_gold}
    stored = 0
    for start in range(0, len(numbers.items), BATCH):
        batch = numbers.items[start : start + BATCH]
        with transaction.atomic():
            claim.hold()
            _store(run, batch, items)
        stored += len(batch)
        claim.beat(done=stored, total=len(numbers.items), message="storing")
    result = {**numbers.summary, "n_answers": len(answers), "n_items": len(items)}
    with transaction.atomic():
        claim.hold()
        _finish(run, numbers, result)
        open_cases(queue=run.queue, reasons=_special_cases(run.queue, answers))
    return result


def _store(run: ConsensusRun, batch: Sequence[consensus_numbers.ItemEstimate], tasks: dict[int, int]) -> None:
    """Estimates of a batch. What was accepted and now has another answer waits to be accepted anew."""
    found = {one.item_id: one.answer for one in batch}
    accepted = Estimate.objects.filter(queue=run.queue, item_id__in=found, accepted_at__isnull=False)
    other = [pk for pk, item_id, answer in accepted.values_list("pk", "item_id", "answer") if answer != found[item_id]]
    Estimate.objects.filter(pk__in=other).update(accepted_at=None)
    Estimate.objects.bulk_create(
        [
            Estimate(
                queue=run.queue,
                task_id=tasks[one.item_id],
                item_id=one.item_id,
                run=run,
                answer=one.answer,
                distribution=one.distribution,
                posterior=one.posterior,
                entropy=one.entropy,
                n=one.n,
                parts=one.parts,
                unsettled=list(one.unsettled),
            )
            for one in batch
        ],
        update_conflicts=True,
        unique_fields=["queue", "item"],
        update_fields=["run", "answer", "distribution", "posterior", "entropy", "n", "parts", "unsettled"],
    )


def _finish(run: ConsensusRun, numbers: consensus_numbers.Numbers, result: dict[str, Any]) -> None:
    Reliability.objects.filter(run=run).delete()
    Reliability.objects.bulk_create(
        Reliability(
            run=run,
            annotator_id=annotator_id,
            question=question,
            value=found.value,
            low=found.low,
            high=found.high,
            level=found.level,
            n=found.n,
            method=found.method[:80],
            reason=(found.reason or "")[:200],
            agreement=people.agreement[annotator_id].as_json(),
        )
        for question, people in numbers.people.items()
        for annotator_id, found in people.reliability.items()
    )
    ConsensusRun.objects.filter(pk=run.pk).update(result=result, finished_at=timezone.now())


def _special_cases(queue: Queue, answers: Sequence[CurrentAnswer]) -> dict[int, ReviewReason]:
    """Tasks for a reviewer whatever the posterior: flagged, skipped by several, nobody could tell."""
    reasons: dict[int, ReviewReason] = {}
    by_task: dict[int, list[CurrentAnswer]] = defaultdict(list)
    for one in answers:
        if not one.is_gold:
            by_task[one.task_id].append(one)
    for task_id, given in by_task.items():
        if given[0].is_complete and nobody_could_tell([one.answer for one in given]):
            reasons[task_id] = ReviewReason.CANNOT_TELL
        if any(one.flagged for one in given):
            reasons[task_id] = ReviewReason.FLAGGED
    skipped = (
        Assignment.objects.filter(task__queue=queue, task__lane__lt=GOLD_LANE, state="skipped")
        .values("task")
        .annotate(times=Count("pk"))
        .filter(times__gte=SKIPS_BEFORE_REVIEW)
    )
    for row in skipped:
        reasons.setdefault(row["task"], ReviewReason.SKIPPED)
    return reasons


@dataclass(frozen=True, kw_only=True)
class AcceptancePreview:
    """How many items a threshold would accept, send to review, and leave alone for want of labels."""

    accepted: int
    review: int
    waiting: int


def preview_acceptance(queue: Queue, *thresholds: float) -> list[AcceptancePreview]:
    """One preview a threshold, from one walk over the queue's estimates."""
    full = Q(task__n_done__gte=F("task__k")) | Q(task__closed=True)
    settled = full & Q(unsettled=[]) & ~Q(task__review_case__state="open")
    sure = {
        f"at_{i}": Count("pk", filter=settled & Q(posterior__gte=threshold)) for i, threshold in enumerate(thresholds)
    }
    found = (
        Estimate.objects.unaccepted()
        .filter(queue=queue)
        .aggregate(total=Count("pk"), ready=Count("pk", filter=full), **sure)
    )
    return [
        AcceptancePreview(
            accepted=found[name], review=found["ready"] - found[name], waiting=found["total"] - found["ready"]
        )
        for name in sure
    ]


@transaction.atomic
def start_acceptance(*, queue: Queue, threshold: float, by: User) -> Job:
    """Start a job that makes labels of all finished estimates with posterior >= threshold; the rest become cases.

    Of several questions each counted one must be that probable, and the others must be settled.
    Raises InvalidInput for a threshold that is not above 0.5, Conflict for an audit queue or before any consensus.
    """
    if not 0.5 < threshold <= 1:
        sentence = "The threshold is a probability above 0.5, up to 1."
        raise InvalidInput(sentence, errors={"threshold": [sentence]})
    if queue.purpose != QueuePurpose.LABELING:
        raise Conflict("Answers of an audit measure a model and do not become labels. Read them on the audit's page.")
    if not ConsensusRun.objects.finished().filter(queue=queue).exists():
        raise Conflict("There is no consensus yet. Compute it first, then accept.")
    payload = {"queue": queue.pk, "threshold": threshold, "by": by.pk}
    return create_job(project=queue.project, kind=ACCEPT_CONSENSUS, payload=payload, by=by)


def perform_acceptance(claim: Claim) -> dict[str, Any]:
    """Accept in batches; each estimate is marked in the transaction that makes its label, so a restart goes on."""
    queue = Queue.objects.select_related("schema", "project").get(pk=claim.job.payload["queue"])
    threshold = float(claim.job.payload["threshold"])
    by = User.objects.filter(pk=claim.job.payload["by"]).first()
    sure = _ready(queue).filter(posterior__gte=threshold, unsettled=[])
    wanted = sure.exclude(task__review_case__state="open").order_by("pk")
    total, done = wanted.count(), 0
    while True:
        with transaction.atomic():
            claim.hold()
            batch = list(wanted.select_for_update(of=("self",)).select_related("run")[:BATCH])
            _accept(queue, batch, by)
        done += len(batch)
        claim.beat(done=done, total=total, message=f"{done:,} labels accepted")
        if len(batch) < BATCH:
            break
    reasons: dict[int, ReviewReason] = {}
    disputed: dict[int, list[str]] = {}
    for one in _ready(queue).only("task_id", "posterior", "parts", "unsettled").iterator(CHUNK):
        reasons[one.task_id] = _reason(one)
        if one.parts is not None and (left := _disputed(queue, one, threshold)):
            disputed[one.task_id] = left
    with transaction.atomic():
        claim.hold()
        new_cases = open_cases(queue=queue, reasons=reasons, disputed=disputed, by_consensus=True)
    return {"accepted": done, "review": new_cases, "threshold": threshold}


def _reason(one: Estimate) -> ReviewReason:
    if one.unsettled or (one.parts is None and one.posterior <= 0.5):
        return ReviewReason.DISAGREEMENT
    return ReviewReason.LOW_POSTERIOR


def _disputed(queue: Queue, one: Estimate, threshold: float) -> list[str]:
    """Questions of an estimate of several that are not settled: less probable than the threshold, or without answer."""
    unsure = {key for key, part in (one.parts or {}).items() if part["posterior"] < threshold}
    return [key for key in queue.asked_keys if key in unsure or key in one.unsettled]


def _ready(queue: Queue) -> QuerySet[Estimate]:
    """Estimates that are not accepted yet of tasks that have all their labels."""
    return Estimate.objects.unaccepted().filter(Q(task__n_done__gte=F("task__k")) | Q(task__closed=True), queue=queue)


def _accept(queue: Queue, batch: Sequence[Estimate], by: User | None) -> None:
    # Of several questions the answer is one: where a reviewer gave it, none is added and none taken away.
    several = [one.task_id for one in batch if one.parts is not None]
    theirs = ReviewCase.objects.filter(task_id__in=several, state=ReviewState.SETTLED) if several else ()
    reviewed = {case.task_id for case in theirs}
    accept_in_queue(
        queue,
        [
            Acceptance(
                item_id=one.item_id,
                answer=one.answer,
                origin="consensus",
                origin_ref=f"consensus:{one.run.public_id}",
                actor=by,
                posterior=None if one.parts is not None else min(one.posterior, 1.0),
                entropy=None if one.parts is not None else one.entropy,
                n_labels=one.n,
            )
            for one in batch
            if one.task_id not in reviewed
        ],
        figures={one.item_id: one.parts for one in batch if one.parts is not None},
    )
    Estimate.objects.filter(pk__in=[one.pk for one in batch]).update(accepted_at=timezone.now())
