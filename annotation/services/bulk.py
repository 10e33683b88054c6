"""Many tasks of a queue at once, in chunks, while people go on working: new priorities, and new rounds.

Each chunk is a transaction of its own: `next` passes over what is locked at the moment and finds it again later, a
submit waits for one chunk at most. With the chunk it is kept where cursors must look again, so both jobs may be killed
and started again. Lock order, always: cases of review, tasks by id, the queue, then everything else.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts.models import Job, User
from accounts.services.audit_trail import record
from accounts.services.jobs import Claim, create_job
from annotation.models import GOLD_LANE, Estimate, Lane, Participation, Queue, QueuePurpose, ReviewCase, TaskPayload
from annotation.services.places import announce
from annotation.services.selection import read_selection
from annotation.services.tasks import RANKS_PER_PRIORITY
from common.problems import InvalidInput
from datasets.selectors.filters import items_matching

PRIORITISE = "annotation.prioritise"
REOPEN = "annotation.reopen"
CHUNK = 2_000
NOT_HERE = ("sample", "seed", "priority")

# Held and closed tasks too: a lease is not touched, and what is opened again later has its new place.
_RANK = """
WITH chosen AS (
  SELECT id FROM annotation_task WHERE id = ANY(%(ids)s) AND lane < %(gold)s AND rank <> %(rank)s
  ORDER BY id FOR NO KEY UPDATE
),
moved AS (UPDATE annotation_task t SET rank = %(rank)s FROM chosen WHERE t.id = chosen.id RETURNING t.lane, t.id)
SELECT lane, count(*), min(id), max(id) FROM moved GROUP BY lane
"""
_LOCK = """
SELECT t.id, t.lane, t.rank FROM annotation_task t
WHERE t.id = ANY(%(ids)s) AND t.lane < %(gold)s AND (t.closed OR t.n_done > 0 OR EXISTS (
    SELECT 1 FROM annotation_assignment x WHERE x.task_id = t.id AND x.state = 'skipped'))
  AND NOT EXISTS (SELECT 1 FROM annotation_reviewcase c
    WHERE c.task_id = t.id AND (c.state <> 'open' OR c.n_returns > 0 OR c.inclusion_probability IS NOT NULL))
  AND NOT EXISTS (SELECT 1 FROM annotation_assignment x
    WHERE x.task_id = t.id AND x.state = 'leased' AND x.reserved_until IS NOT NULL)
ORDER BY t.id FOR NO KEY UPDATE OF t
"""
_FINISHED = """
SELECT count(*) FILTER (WHERE t.closed OR t.n_done = t.k),
  coalesce(sum(t.k - t.n_done) FILTER (WHERE t.closed AND e.id IS NOT NULL), 0),
  coalesce(sum(t.k - t.n_done) FILTER (WHERE t.closed AND e.id IS NULL), 0)
FROM annotation_task t LEFT JOIN annotation_earlystop e ON e.task_id = t.id AND e.round = t.round
WHERE t.id = ANY(%(ids)s)
"""
# The round of a task lies above that of every answer to it, so that nobody's earlier answer is in the way.
_NEW_ROUND = """
UPDATE annotation_task t SET round = 1 + GREATEST(t.round, (
  SELECT coalesce(max(x.round), 0) FROM annotation_assignment x WHERE x.task_id = t.id))
WHERE id = ANY(%(ids)s)
"""
_PAST = """
WITH ended AS (
  SELECT id, annotator_id, state FROM annotation_assignment
  WHERE task_id = ANY(%(ids)s) AND state IN ('submitted', 'skipped') ORDER BY id FOR UPDATE
),
past AS (UPDATE annotation_assignment x SET state = 'past' FROM ended WHERE x.id = ended.id)
SELECT annotator_id, count(*) FILTER (WHERE state = 'submitted'), count(*) FILTER (WHERE state = 'skipped')
FROM ended GROUP BY annotator_id ORDER BY annotator_id
"""
# Leases in hand go on in the new round.
_HELD = """
UPDATE annotation_assignment x SET round = t.round FROM annotation_task t
WHERE t.id = x.task_id AND t.id = ANY(%(ids)s) AND x.state = 'leased'
"""
_OPEN = """
UPDATE annotation_task
SET n_out = n_out - n_done, n_done = 0, closed = false, open = n_out - n_done < k, returned = false
WHERE id = ANY(%(ids)s)
"""


@transaction.atomic
def start_prioritising(*, queue: Queue, selection: Mapping[str, Any], priority: float, by: User | None = None) -> Job:
    """Start a job that gives the selected items of a queue a priority; an empty selection means all.

    Raises InvalidInput for a priority out of range or a selection that cannot be read.
    """
    if not -1_000_000 <= priority <= 1_000_000:
        sentence = "A priority is a number from -1,000,000 to 1,000,000."
        raise InvalidInput(sentence, errors={"priority": [sentence]})
    return _start(PRIORITISE, queue, selection, by, priority=priority)


@transaction.atomic
def start_reopening(*, queue: Queue, selection: Mapping[str, Any], reason: str, by: User | None = None) -> Job:
    """Start a job that opens the selected items for a new round: their answers stay as history and count no more.

    What a reviewer settled or sent back to somebody stays as it is. Raises InvalidInput without a reason and for
    an audit.
    """
    if queue.purpose != QueuePurpose.LABELING:
        raise InvalidInput("The answers of an audit are its measurement. Make a new audit instead of asking again.")
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= 500:
        sentence = "Say in up to 500 characters why these items are labelled again; it is kept."
        raise InvalidInput(sentence, errors={"reason": [sentence]})
    return _start(REOPEN, queue, selection, by, reason=reason)


def _start(kind: str, queue: Queue, selection: Mapping[str, Any], by: User | None, **said: Any) -> Job:
    if unfit := set(selection) & set(NOT_HERE):
        sentence = f"A selection of tasks that are in the queue has no {', '.join(sorted(unfit))}."
        raise InvalidInput(sentence, errors={"selection": [sentence]})
    items_matching(queue.project, read_selection(queue, selection))  # refuses unknown names now, not in the job
    data = {"kind": kind.split(".")[1], "selection": dict(selection), **said}
    record(project=queue.project, actor=by, action="queue.bulk", subject=str(queue.public_id), data=data)
    payload = {"queue": queue.pk, "selection": dict(selection), **said}
    return create_job(project=queue.project, kind=kind, payload=payload, by=by)


def perform_prioritising(claim: Claim) -> dict[str, Any]:
    """Give tasks their rank. Who reads meanwhile sees the old or the new one; ranks that are right already stay."""
    queue = Queue.objects.select_related("project", "schema").get(pk=claim.job.payload["queue"])
    rank = -round(float(claim.job.payload["priority"]) * RANKS_PER_PRIORITY)

    def change(ids: Sequence[int]) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(_RANK, {"ids": list(ids), "gold": GOLD_LANE, "rank": rank})
            lanes = cursor.fetchall()
        announce(queue_id=queue.pk, places={lane: [(rank, first), (rank, last)] for lane, _, first, last in lanes})
        numbers = [lane for lane, *_ in lanes]
        Lane.objects.filter(queue=queue, number__in=numbers).update(max_rank=Greatest(F("max_rank"), rank))
        return {"moved": sum(n for _, n, *_ in lanes)}

    return _in_chunks(claim, queue, change)


def perform_reopening(claim: Claim) -> dict[str, Any]:
    """Open tasks again, each once: where it stands is kept with each chunk, so a restart goes on from there."""
    queue = Queue.objects.select_related("project", "schema").get(pk=claim.job.payload["queue"])
    return _in_chunks(claim, queue, lambda ids: _reopen(queue, ids))


def _in_chunks(claim: Claim, queue: Queue, change: Callable[[Sequence[int]], dict[str, int]]) -> dict[str, Any]:
    payload = dict(claim.job.payload)
    counts: Counter[str] = Counter(payload.get("counts", {}))
    for ids, last, walked in _chunks(queue, payload["selection"], payload.get("after", 0)):
        with transaction.atomic():
            claim.hold()
            changed = change(ids) if ids else {}
            counts.update({**changed, "selected": len(ids), "walked": walked})
            payload |= {"after": last, "counts": dict(counts)}
            Job.objects.filter(pk=claim.job.pk).update(payload=payload)
        total = max(queue.n_tasks + queue.n_gold, counts["walked"])
        claim.beat(done=counts["walked"], total=total, message=f"{counts['selected']:,} items")
    del counts["walked"]
    return dict(counts)


def _chunks(queue: Queue, selection: Mapping[str, Any], after: int) -> Iterator[tuple[list[int], int, int]]:
    """Ids of the selected tasks, chunk by chunk in the order of items; the last item looked at; how many were."""
    matching = items_matching(queue.project, read_selection(queue, selection)) if selection else None
    while True:
        rows = TaskPayload.objects.filter(queue=queue, item_id__gt=after).order_by("item_id")
        page = list(rows.values_list("item_id", "task_id")[:CHUNK])
        if not page:
            return
        after = page[-1][0]
        wanted = {item_id for item_id, _ in page}
        if matching is not None:
            wanted = set(matching.filter(pk__in=wanted).values_list("pk", flat=True))
        yield sorted(task_id for item_id, task_id in page if item_id in wanted), after, len(page)


def _reopen(queue: Queue, ids: Sequence[int]) -> dict[str, int]:
    # Who settles a case holds it, and then wants its task.
    list(ReviewCase.objects.select_for_update().filter(task_id__in=ids).order_by("pk").values_list("pk"))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"ids": list(ids), "gold": GOLD_LANE})
        found = cursor.fetchall()
        if not found:
            return {"reopened": 0}
        chosen = {"ids": [task for task, *_ in found]}
        cursor.execute(_FINISHED, chosen)
        counted = cursor.fetchone()
        cursor.execute(_PAST, chosen)
        people = cursor.fetchall()
        for statement in (_NEW_ROUND, _HELD, _OPEN):
            cursor.execute(statement, chosen)
    _count(queue, people, *counted)
    lanes = {lane for _, lane, _ in found}
    announce(queue_id=queue.pk, places={n: [(rank, task) for task, lane, rank in found if lane == n] for n in lanes})
    Estimate.objects.filter(task_id__in=chosen["ids"]).delete()
    ReviewCase.objects.filter(task_id__in=chosen["ids"]).delete()  # open, and about answers that count no more
    return {"reopened": len(chosen["ids"]), "answers": sum(row[1] for row in people)}


def _count(queue: Queue, people: Sequence[tuple[int, int, int]], finished: int, saved: int, closed: int) -> None:
    """What was given becomes past; what was no longer wanted is wanted again."""
    for annotator_id, given, skipped in people:
        Participation.objects.filter(queue=queue, annotator_id=annotator_id).update(
            n_done=F("n_done") - given, n_past=F("n_past") + given, n_skipped=F("n_skipped") - skipped
        )
    if saved:  # only the sum over the queue says something, so anybody's counter will do
        first = Participation.objects.filter(queue=queue).order_by("pk").values("pk")[:1]
        Participation.objects.filter(pk__in=first).update(n_saved=F("n_saved") - saved)
    Queue.objects.filter(pk=queue.pk).update(n_reopened=F("n_reopened") + finished, n_slots=F("n_slots") + closed)
