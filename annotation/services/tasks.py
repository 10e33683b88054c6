"""Tasks come into a queue: in bulk, each item once, whatever is tried twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from psycopg.types.json import Jsonb

from annotation.models import GOLD_LANE, Gold, Lane, Queue, Task, TaskPayload
from annotation.services.annotators import clean_skills
from annotation.services.places import Place, announce
from common.problems import Conflict, InvalidInput
from datasets.labeling_schema.answers import Size
from datasets.selectors import schemas
from datasets.selectors.filters import ItemFilter, items_matching

MAX_K = 100
GOLD_K = 32_767  # everybody may meet a gold task once
RANKS_PER_PRIORITY = 100
BATCH = 5_000


@dataclass(frozen=True, kw_only=True)
class TaskSpec:
    """One item to be labelled.

    priority: higher first, kept to two decimals, from -1,000,000 to 1,000,000. k: labels wanted, the queue's redundancy
    when None. provenance: why this item; never shown to annotators. skills: those beyond the queue's own.
    gold: the known answer (canonical form) of an item that is mixed in blind.
    """

    item_id: int
    priority: float = 0.0
    provenance: dict[str, Any] = field(default_factory=dict)
    k: int | None = None
    skills: Sequence[str] = ()
    gold: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class AddedTasks:
    """task_ids: by item, of the new tasks. n_known: items that the queue had already; they stay as they were."""

    task_ids: dict[int, int]
    n_known: int


def add_tasks(*, queue: Queue, items: Sequence[TaskSpec]) -> AddedTasks:
    """Add a task for each item that the queue does not have yet. May be repeated: an item has one task in a queue.

    Raises InvalidInput for items of another project, an item twice, or figures out of range; Conflict when closed.
    """
    ids = [spec.item_id for spec in items]
    if len(set(ids)) != len(ids):
        raise InvalidInput("An item occurs twice among the tasks to add.")
    for spec in items:
        _check(spec)
    added: dict[int, int] = {}
    for start in range(0, len(items), BATCH):
        added |= _add_batch(queue, items[start : start + BATCH])
    return AddedTasks(task_ids=added, n_known=len(ids) - len(added))


def _check(spec: TaskSpec) -> None:
    if spec.k is not None and not 1 <= spec.k <= MAX_K:
        raise InvalidInput(f"The number of labels for item {spec.item_id} must be from 1 to {MAX_K}, not {spec.k}.")
    if not -1_000_000 <= spec.priority <= 1_000_000:
        raise InvalidInput(f"The priority of item {spec.item_id} must be from -1,000,000 to 1,000,000.")


def _known(queue: Queue, answer: Mapping[str, Any], size: Size | None) -> dict[str, Any]:
    """Canonical form of a known answer; of several questions it may leave out those that are not counted."""
    if "answers" not in answer:
        return schemas.check_answer(queue.schema, queue.question, answer, size)
    parts = answer["answers"].items()
    return {"answers": {key: schemas.check_answer(queue.schema, key, part, size) for key, part in parts}}


def _size(shown: tuple[Any, ...]) -> Size | None:
    """Of the picture, among what `_payloads` says of an item."""
    width, height = shown[4:6]
    return (width, height) if width and height else None


@transaction.atomic
def _add_batch(queue: Queue, specs: Sequence[TaskSpec]) -> dict[int, int]:
    # One batch at a time for a queue; the hot path reads this row and never locks it.
    locked = Queue.objects.select_for_update(no_key=True).get(pk=queue.pk)
    if locked.state == "closed":
        raise Conflict(f"The queue “{locked.name}” is closed. Open it again to add tasks.")
    known = set(
        TaskPayload.objects.filter(queue=locked, item_id__in=[spec.item_id for spec in specs]).values_list(
            "item_id", flat=True
        )
    )
    fresh = [spec for spec in specs if spec.item_id not in known]
    if not fresh:
        return {}
    shown = _payloads(locked, [spec.item_id for spec in fresh])
    lanes = _Lanes(locked)
    rows = [_Row(spec, lanes.number_for(spec), _rank(spec), _k(locked, spec)) for spec in fresh]
    ids = _insert(locked, rows, shown)
    _count(locked, rows, ids)
    return ids


@dataclass(frozen=True)
class _Row:
    spec: TaskSpec
    lane: int
    rank: int
    k: int


def _rank(spec: TaskSpec) -> int:
    return -round(spec.priority * RANKS_PER_PRIORITY)


def _k(queue: Queue, spec: TaskSpec) -> int:
    return GOLD_K if spec.gold is not None else spec.k or queue.redundancy


def _payloads(queue: Queue, item_ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """What the workbench shows. In an audit the name says nothing: it may tell what the model was told."""
    wanted = items_matching(queue.project, ItemFilter(item_ids=tuple(item_ids)))
    found = {item.pk: item for item in (wanted if queue.is_audit else wanted.prefetch_related("occurrences"))}
    if missing := [item_id for item_id in item_ids if item_id not in found]:
        raise InvalidInput(f"Item {missing[0]} does not belong to this project, so it cannot be labelled here.")
    shown = {}
    for item in found.values():
        names = [] if queue.is_audit else [met.name or met.external_id for met in item.occurrences.all()]
        name = next(filter(None, names), "")
        size = (item.width, item.height)
        known_as = (name or item.sha256[:12])[-255:]
        shown[item.pk] = (item.sha256, item.kind, item.media_type, item.object_key, *size, known_as)
    return shown


class _Lanes:
    """The queue's lanes, made as they are needed."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.by_skills = {tuple(lane.skills): lane for lane in queue.lanes.all() if not lane.is_gold}
        self.gold = next((lane for lane in queue.lanes.all() if lane.is_gold), None)

    def number_for(self, spec: TaskSpec) -> int:
        if spec.gold is not None:
            if self.gold is None:
                self.gold = Lane.objects.create(queue=self.queue, number=GOLD_LANE, is_gold=True)
            return GOLD_LANE
        skills = tuple(clean_skills([*self.queue.skills, *spec.skills]))
        if skills not in self.by_skills:
            number = len(self.by_skills)
            if number >= GOLD_LANE:
                raise InvalidInput(f"A queue holds tasks of at most {GOLD_LANE} different sets of skills.")
            self.by_skills[skills] = Lane.objects.create(queue=self.queue, number=number, skills=list(skills))
        return self.by_skills[skills].number


def _insert(queue: Queue, rows: Sequence[_Row], shown: dict[int, tuple[Any, ...]]) -> dict[int, int]:
    """COPY both tables with ids drawn beforehand: 100 times as fast as one insert each."""
    with connection.cursor() as cursor:
        sequence = "SELECT nextval(pg_get_serial_sequence('annotation_task', 'id')) FROM generate_series(1, %s)"
        cursor.execute(sequence, [len(rows)])
        ids = sorted(row[0] for row in cursor.fetchall())
    task_columns = "id, project_id, queue_id, lane, rank, k"
    payload_columns = (
        "task_id, queue_id, item_id, sha256, kind, media_type, object_key, width, height, name, provenance"
    )
    with psycopg.Cursor(connection.connection) as raw:
        with raw.copy(f"COPY annotation_task ({task_columns}) FROM STDIN") as copy:
            for task_id, row in zip(ids, rows, strict=True):
                copy.write_row((task_id, queue.project_id, queue.pk, row.lane, row.rank, row.k))
        with raw.copy(f"COPY annotation_taskpayload ({payload_columns}) FROM STDIN") as copy:
            for task_id, row in zip(ids, rows, strict=True):
                provenance = Jsonb(row.spec.provenance)
                item_id = row.spec.item_id
                copy.write_row((task_id, queue.pk, item_id, *shown[item_id], provenance))
    Gold.objects.bulk_create(
        Gold(task_id=task_id, queue=queue, answer=_known(queue, row.spec.gold, _size(shown[row.spec.item_id])))
        for task_id, row in zip(ids, rows, strict=True)
        if row.spec.gold is not None
    )
    return {row.spec.item_id: task_id for task_id, row in zip(ids, rows, strict=True)}


def _count(queue: Queue, rows: Sequence[_Row], ids: Mapping[int, int]) -> None:
    """Counters; and cursors look again at tasks that lie before a place which some may have passed."""
    ordinary = [row for row in rows if row.lane != GOLD_LANE]
    behind: dict[int, list[Place]] = {}
    for number in {row.lane for row in rows}:
        places = [(row.rank, ids[row.spec.item_id]) for row in rows if row.lane == number]
        lane = Lane.objects.get(queue=queue, number=number)
        if lane.max_rank is not None:
            behind[number] = [place for place in places if place[0] < lane.max_rank]
        highest = max(rank for rank, _ in places)
        Lane.objects.filter(pk=lane.pk).update(
            n_tasks=F("n_tasks") + len(places), max_rank=Greatest(F("max_rank"), highest)
        )
    Queue.objects.filter(pk=queue.pk).update(
        n_tasks=F("n_tasks") + len(ordinary),
        n_slots=F("n_slots") + sum(row.k for row in ordinary),
        n_gold=F("n_gold") + len(rows) - len(ordinary),
    )
    announce(queue_id=queue.pk, places=behind)


@transaction.atomic
def close_task(*, task: Task) -> None:
    """Give no further slot of this task, as when a reviewer has settled it; it counts as completed.

    Answers stay, and who holds a lease may still answer.
    """
    locked = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    if locked.closed or locked.lane == GOLD_LANE:
        return
    Task.objects.filter(pk=task.pk).update(closed=True, open=False, returned=False)
    Queue.objects.filter(pk=locked.queue_id).update(
        n_slots=F("n_slots") - (locked.k - locked.n_done), n_closed=F("n_closed") + int(locked.n_done < locked.k)
    )
