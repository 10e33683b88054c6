"""Who labels how much, and how far each of them is to be believed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import F, Max, Q, QuerySet, Sum

from accounts.models import Project, User
from annotation.models import Annotator, Assignment, ConsensusRun, Participation, Queue, Reliability, Submission
from annotation.reliability.throughput import Throughput, throughput
from annotation.selectors.queues import labels_per_day
from common.numerics.bootstrap import bootstrap_interval
from common.numerics.estimate import Estimate
from common.numerics.wilson import wilson_bounds, wilson_interval
from datasets.labeling_schema.answers import answer_token

RECENT_TIMES = 500
MIN_GOLD = 30
NO_CONSENSUS = Estimate.unknown("no consensus was computed since this person labelled")
NOTHING: dict[str, Any] = {"done": 0, "gold": 0, "skipped": 0, "ms": 0, "last": None}


@dataclass(frozen=True, kw_only=True)
class Person:
    """An annotator with counts and estimates.

    reliability: how often right, from consensus or gold, `reliability.method` says which; agreement: share of the
    others' answers to the same items that say the same, right or wrong.
    """

    annotator: Annotator
    n_done: int
    n_gold: int
    n_skipped: int
    hours: float
    last_at: datetime | None
    reliability: Estimate
    gold: Estimate
    agreement: Estimate
    throughput: Throughput
    per_day: Sequence[tuple[date, int]]


def annotators_of(user: User, project: Project) -> QuerySet[Annotator]:
    """Annotators of a project that the user may see."""
    return Annotator.objects.visible_to(user).filter(project=project).select_related("user").order_by("pseudonym")


def people(annotators: Iterable[Annotator], *, with_days: bool = True) -> list[Person]:
    """Each annotator with what they did. A few queries for all, and one for the times of each."""
    chosen = list(annotators)
    ids = [one.pk for one in chosen]
    sums = _sums(ids)
    days = labels_per_day(ids) if with_days else {}
    on_gold = gold_counts(ids)
    latest = _latest_reliability(ids)
    found = []
    for one in chosen:
        row = sums.get(one.pk, NOTHING)
        gold = gold_estimate(*on_gold.get(one.pk, (0, 0)))
        modelled, agreement = latest.get(one.pk, (NO_CONSENSUS, NO_CONSENSUS))
        found.append(
            Person(
                annotator=one,
                n_done=row["done"],
                n_gold=row["gold"],
                n_skipped=row["skipped"],
                hours=row["ms"] / 3_600_000,
                last_at=row["last"],
                reliability=gold if gold.is_known and gold.n >= modelled.n else modelled,
                gold=gold,
                agreement=agreement,
                throughput=_throughput(one.pk),
                per_day=days.get(one.pk, ()),
            )
        )
    return found


def _sums(annotator_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = (
        Participation.objects.filter(annotator_id__in=annotator_ids)
        .values("annotator")
        .annotate(
            done=Sum(F("n_done") + F("n_past")),
            gold=Sum("n_gold"),
            skipped=Sum("n_skipped"),
            ms=Sum("duration_ms"),
            last=Max("last_at"),
        )
    )
    return {row["annotator"]: dict(row) for row in rows}


def own_quality(user: User, project: Project) -> Estimate:
    """How often the user is right, for their own page."""
    annotator = Annotator.objects.filter(project=project, user=user).first()
    if annotator is None:
        return Estimate.unknown("you have not labelled here yet")
    return people([annotator], with_days=False)[0].reliability


def gold_counts(annotator_ids: Sequence[int], queue: Queue | None = None) -> dict[int, tuple[int, int]]:
    """Right and all answers on gold of each annotator, in one queue or in all; "cannot tell" is not right."""
    rows = Assignment.objects.submitted().filter(
        annotator_id__in=annotator_ids, task__gold__isnull=False, submissions__revision=F("revision")
    )
    if queue is not None:
        rows = rows.filter(queue=queue)
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for annotator_id, given, known in rows.values_list("annotator_id", "submissions__answer", "task__gold__answer"):
        counts[annotator_id][0] += given is not None and answer_token(given) == answer_token(known or {})
        counts[annotator_id][1] += 1
    return {annotator_id: (right, n) for annotator_id, (right, n) in counts.items()}


def gold_estimate(right: int, n: int) -> Estimate:
    if n == 0:
        return Estimate.unknown("no gold items were answered", method="gold, Wilson")
    return wilson_interval(right, n)


def _latest_reliability(annotator_ids: Sequence[int]) -> dict[int, tuple[Estimate, Estimate]]:
    """Reliability and agreement as each queue's latest run saw them.

    Over several queues the one with the most labels of that person counts.
    """
    runs = ConsensusRun.objects.finished().filter(queue__participations__annotator_id__in=annotator_ids)
    latest = runs.order_by("queue", "-finished_at").distinct("queue").values("pk")
    found: dict[int, tuple[Estimate, Estimate]] = {}
    rows = Reliability.objects.filter(annotator_id__in=annotator_ids, run__in=latest).order_by("n", "pk")
    for row in rows:
        if row.value is not None or row.annotator_id not in found:
            found[row.annotator_id] = as_estimate(row), _agreement(row)
    return found


def as_estimate(row: Reliability) -> Estimate:
    """A stored reliability as the estimate it was."""
    return Estimate(
        value=row.value,
        low=row.low,
        high=row.high,
        level=row.level,
        n=row.n,
        method=row.method,
        reason=row.reason or (None if row.low is not None else "no interval"),
    )


def _agreement(row: Reliability) -> Estimate:
    if row.agreement is None:
        return Estimate.unknown("the last consensus did not compute it; compute the consensus again")
    return Estimate(**row.agreement)


def _throughput(annotator_id: int) -> Throughput:
    rows = Submission.objects.filter(annotator_id=annotator_id, revision=1, duration_ms__gt=0).order_by("-created_at")
    return throughput(np.array([ms / 1000 for ms in rows.values_list("duration_ms", flat=True)[:RECENT_TIMES]]))


@dataclass(frozen=True, kw_only=True)
class HumanCeiling:
    """How often one person's answer is the settled one: what a model can be held against.

    estimate: mean over items of the share of right answers, with a bootstrap interval over items. right, n: answers.
    confusion: (settled, given) tokens to counts. truth: "gold" or "review"; reviewed items are those that people
    disputed, so with "review" the ceiling is too low for ordinary items, and `estimate.reason` says so.
    simulated_share: share of the answers that programs gave.
    """

    estimate: Estimate
    right: int
    n: int
    n_items: int
    n_annotators: int
    truth: str
    simulated_share: float
    confusion: dict[tuple[str, str], int]


def human_ceiling(project: Project, schema: Any, question: str) -> HumanCeiling:
    """Answers of annotators against settled truth, for a question of any version of the schema's family.

    Gold counts when at least 30 gold answers exist, else reviewed cases do.
    """
    mine = (
        Assignment.objects.submitted()
        .filter(
            project=project,
            task__queue__schema__family=schema.family,
            submissions__revision=F("revision"),
        )
        .filter(
            Q(task__queue__question=question, task__queue__questions=[])
            | Q(task__queue__questions__contains=[question])
        )
    )
    gold = _against(mine.filter(task__gold__isnull=False), "task__gold__answer", question)
    if len(gold) >= MIN_GOLD:
        return _ceiling(gold, "gold", None)
    reviewed = _against(mine.filter(task__review_case__state="settled"), "task__review_case__answer", question)
    biased = "reviewed items are the disputed ones, so this is too low for ordinary items"
    return _ceiling(reviewed, "review", biased) if reviewed else _ceiling(gold, "gold", "only a few gold answers")


def _against(rows: QuerySet[Assignment], truth: str, question: str) -> list[tuple[int, int, bool, str, str]]:
    """(task, annotator, simulated, settled token, given token); of several questions, where both answered this one."""
    found = rows.values_list("task_id", "annotator_id", "annotator__is_simulated", truth, "submissions__answer")
    parts = [
        (task, annotator, simulated, _part(settled or {}, question), _part(given or {}, question))
        for task, annotator, simulated, settled, given in found
    ]
    return [
        (task, annotator, simulated, answer_token(settled), answer_token(given))
        for task, annotator, simulated, settled, given in parts
        if settled is not None and given is not None
    ]


def _part(answer: dict[str, Any], question: str) -> dict[str, Any] | None:
    return answer["answers"].get(question) if "answers" in answer else answer


def _ceiling(rows: Sequence[tuple[int, int, bool, str, str]], truth: str, caveat: str | None) -> HumanCeiling:
    by_task: dict[int, list[bool]] = defaultdict(list)
    for task, _, _, settled, given in rows:
        by_task[task].append(settled == given)
    right = sum(sum(shares) for shares in by_task.values())
    return HumanCeiling(
        estimate=_mean_share([float(np.mean(shares)) for shares in by_task.values()], caveat),
        right=right,
        n=len(rows),
        n_items=len(by_task),
        n_annotators=len({annotator for _, annotator, _, _, _ in rows}),
        truth=truth,
        simulated_share=sum(simulated for _, _, simulated, _, _ in rows) / len(rows) if rows else 0.0,
        confusion=dict(Counter((settled, given) for _, _, _, settled, given in rows)),
    )


def _mean_share(shares: Sequence[float], caveat: str | None) -> Estimate:
    """Mean over items with a bootstrap interval over items; Wilson's when all shares are equal."""
    values = np.array(shares)
    if not values.size:
        return Estimate.unknown("no answer of an annotator can be held against gold or a reviewed case yet")
    if np.ptp(values) < 1e-12:
        low, high = wilson_bounds(float(values[0]), values.size, 0.95)
        found = Estimate(
            value=float(values[0]), low=low, high=high, level=0.95, n=values.size, method="share of answers, wilson"
        )
    else:
        rng = np.random.default_rng(values.size)
        found = bootstrap_interval(
            lambda index: float(values[index].mean()), values.size, rng=rng, name="share of answers"
        )
    return replace(found, reason="; ".join(filter(None, (found.reason, caveat))) or None)
