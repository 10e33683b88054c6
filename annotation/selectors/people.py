"""Who labels how much, and how far each of them is to be believed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import F, Max, Q, QuerySet, Sum

from accounts.models import Project, User
from annotation.consensus.questions import right_parts
from annotation.models import Annotator, Assignment, ConsensusRun, Participation, Queue, Reliability, Submission
from annotation.reliability.throughput import Throughput, throughput
from annotation.selectors.asked import asked_of, counted_keys
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
class PersonOnQuestion:
    """A person in one question of a queue that asks several. title: by language."""

    queue: str
    question: str
    title: Mapping[str, str]
    reliability: Estimate
    agreement: Estimate
    gold: Estimate


@dataclass(frozen=True, kw_only=True)
class Person:
    """An annotator with counts and estimates.

    reliability: how often right, from consensus or gold, `reliability.method` says which; agreement: share of the
    others' answers to the same items that say the same, right or wrong. Both are of the queue, and of several questions
    of the one, with the most labels; questions: each of those that are asked together with others.
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
    questions: Sequence[PersonOnQuestion] = ()


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
    rows = _latest_reliability(ids)
    by_question = _by_question(rows, ids)
    found = []
    for one in chosen:
        row = sums.get(one.pk, NOTHING)
        gold = gold_estimate(*on_gold.get(one.pk, (0, 0)))
        modelled, agreement = _of_most_labels(rows.get(one.pk, ()))
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
                questions=by_question.get(one.pk, ()),
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
    """Right and all answers on gold of each annotator, in one queue or in all; "cannot tell" is not right.

    Of several questions an answer is right when all that are counted are.
    """
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for annotator_id, _, parts in _on_gold(annotator_ids, queue):
        counts[annotator_id][0] += bool(parts) and all(parts.values())
        counts[annotator_id][1] += 1
    return {annotator_id: (right, n) for annotator_id, (right, n) in counts.items()}


def _on_gold(annotator_ids: Sequence[int], queue: Queue | None = None) -> Iterator[tuple[int, int, dict[str, bool]]]:
    """(annotator, queue, which questions are right) of each answer to gold."""
    rows = Assignment.objects.submitted().filter(
        annotator_id__in=annotator_ids, task__gold__isnull=False, submissions__revision=F("revision")
    )
    if queue is not None:
        rows = rows.filter(queue=queue)
    fields = ("annotator_id", "queue_id", "queue__questions", "submissions__answer", "task__gold__answer")
    found = list(rows.values_list(*fields))
    several = {queue_id for _, queue_id, questions, *_ in found if questions}
    queues = Queue.objects.filter(pk__in=several) if several else ()
    counted = {one.pk: counted_keys(asked_of(one)) for one in queues}
    for annotator_id, queue_id, _, given, known in found:
        yield annotator_id, queue_id, right_parts(counted.get(queue_id, ()), known or {}, given or {})


def gold_estimate(right: int, n: int) -> Estimate:
    if n == 0:
        return Estimate.unknown("no gold items were answered", method="gold, Wilson")
    return wilson_interval(right, n)


def _latest_reliability(annotator_ids: Sequence[int]) -> dict[int, list[Reliability]]:
    """Each annotator's rows as each queue's latest run saw them, those with the fewest labels first."""
    runs = ConsensusRun.objects.finished().filter(queue__participations__annotator_id__in=annotator_ids)
    latest = runs.order_by("queue", "-finished_at").distinct("queue").values("pk")
    found: dict[int, list[Reliability]] = defaultdict(list)
    rows = Reliability.objects.filter(annotator_id__in=annotator_ids, run__in=latest).select_related("run__queue")
    for row in rows.order_by("n", "pk"):
        found[row.annotator_id].append(row)
    return found


def _of_most_labels(rows: Sequence[Reliability]) -> tuple[Estimate, Estimate]:
    """Reliability and agreement; over several queues and questions the one with the most labels of that person."""
    known = [row for row in rows if row.value is not None] or list(rows[:1])
    return (as_estimate(known[-1]), _agreement(known[-1])) if known else (NO_CONSENSUS, NO_CONSENSUS)


def _by_question(
    rows: Mapping[int, Sequence[Reliability]], annotator_ids: Sequence[int]
) -> dict[int, list[PersonOnQuestion]]:
    """Of queues that ask several questions, in the order in which they are asked."""
    queues = {row.run.queue_id: row.run.queue for of_one in rows.values() for row in of_one if row.question}
    if not queues:
        return {}
    gold: dict[tuple[int, int, str], list[bool]] = defaultdict(list)
    for annotator_id, queue_id, parts in _on_gold(annotator_ids):
        for question, right in parts.items():
            gold[annotator_id, queue_id, question].append(right)
    asked = {pk: {one.key: one for one in asked_of(queue)} for pk, queue in sorted(queues.items())}
    found: dict[int, list[PersonOnQuestion]] = {}
    for annotator_id, of_one in rows.items():
        known = {(row.run.queue_id, row.question): row for row in of_one}
        found[annotator_id] = [
            PersonOnQuestion(
                queue=queues[queue_id].name,
                question=key,
                title=question.title,
                reliability=as_estimate(known[queue_id, key]),
                agreement=_agreement(known[queue_id, key]),
                gold=gold_estimate(sum(gold[annotator_id, queue_id, key]), len(gold[annotator_id, queue_id, key])),
            )
            for queue_id, questions in asked.items()
            for key, question in questions.items()
            if (queue_id, key) in known
        ]
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
