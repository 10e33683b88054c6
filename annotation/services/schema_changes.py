"""A schema's change and the queues that ask by it: counted first, then done with the labels in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import chain, count
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from accounts.services.audit_trail import record
from accounts.services.jobs import Claim, create_job
from annotation.models import Gold, Queue, QueuePurpose, QueueState, Task
from annotation.selectors.answers import carried
from annotation.services.queue_rules import RULES
from annotation.services.queues import MAX_NAME, QueueSettings, create_queue
from annotation.services.tasks import TaskSpec, add_tasks
from datasets.labeling_schema.document import Question, SchemaDocument
from datasets.labeling_schema.operations import heir
from datasets.selectors import schemas
from datasets.services.schema_changes import (
    ChangePlan,
    apply_change,
    change_by_id,
    items_to_ask_again,
    plan_change,
    request_change,
)

CHANGE_SCHEMA = "annotation.change_schema"
STALE_ANSWERS = """
SELECT count(*) FROM annotation_submission s
JOIN annotation_assignment a ON a.id = s.assignment_id AND a.revision = s.revision AND a.state = 'submitted'
CROSS JOIN LATERAL (SELECT COALESCE(s.answer -> 'answers' -> %(question)s, s.answer) AS answer) given
WHERE s.queue_id = %(queue)s AND (
  given.answer ->> 'choice' = ANY(%(keys)s) OR given.answer -> 'choices' ?| %(keys)s
  OR EXISTS (
    SELECT 1 FROM jsonb_array_elements(
      CASE WHEN jsonb_typeof(given.answer -> 'shapes') = 'array' THEN given.answer -> 'shapes' ELSE '[]' END
    ) shape WHERE shape ->> 'class' = ANY(%(keys)s)
  )
)
"""


@dataclass(frozen=True, kw_only=True)
class QueueEffect:
    """What a change means for a queue of the family.

    open_tasks: still to be labelled. n_stale: answers by classes that are split or retired; with any of them, and in an
    audit, the queue goes on by its own version, and its labels are brought to the newest as they are accepted.
    """

    id: str
    name: str
    version: int
    open_tasks: int
    n_stale: int
    moves: bool


@dataclass(frozen=True, kw_only=True)
class AskAgain:
    """Items that a split leaves without a label, and the queue in whose way they would be asked.

    like: the name of that queue, None when no open queue asks the question; redundancy: labels that each item gets.
    """

    question: str
    items: int
    like: str | None
    redundancy: int


@dataclass(frozen=True, kw_only=True)
class ChangePreview:
    """The labels and the queues that a change touches, nothing of it done."""

    plan: ChangePlan
    queues: tuple[QueueEffect, ...]
    again: tuple[AskAgain, ...]

    def to_json(self) -> dict[str, Any]:
        told = {name: [asdict(one) for one in getattr(self, name)] for name in ("queues", "again")}
        return {**self.plan.to_json(), **told}


def preview_change(*, schema: Any, document: dict[str, Any] | None, operations: Sequence[Any]) -> ChangePreview:
    """Exact counts of what the change would do now. schema: a datasets.LabelSchema. Raises as datasets' plan_change."""
    plan = plan_change(schema=schema, document=document, operations=operations, unasked=_unasked(schema))
    found = _queues(schema).order_by("name")
    again = [_offer(schema, one.question, one.asked_again) for one in plan.labels if one.asked_again > 0]
    return ChangePreview(
        plan=plan, queues=tuple(_effect(one, plan.changed.document) for one in found), again=tuple(again)
    )


def _offer(schema: Any, question: str, items: int) -> AskAgain:
    like = _like(schema, question)
    return AskAgain(
        question=question, items=items, like=like.name if like else None, redundancy=like.redundancy if like else 1
    )


def _like(schema: Any, question: str) -> Queue | None:
    """Of the open queues that ask this, the one with most tasks: a new one works in its way."""
    asking = [one for one in _queues(schema).filter(purpose=QueuePurpose.LABELING) if question in one.asked_keys]
    return max(asking, key=lambda one: (one.n_tasks, -one.pk), default=None)


@transaction.atomic
def start_change(
    *,
    schema: Any,
    name: str,
    document: dict[str, Any] | None,
    operations: Sequence[Any],
    by: User | None,
    ask_again: bool = False,
) -> Any:
    """A datasets.SchemaChange whose job waits. Raises as `preview_change`.

    ask_again: items that a split leaves unlabelled get a queue of their own.
    """
    change = request_change(
        schema=schema, name=name, document=document, operations=operations, by=by, unasked=_unasked(schema)
    )
    change.job = create_job(
        project=schema.project, kind=CHANGE_SCHEMA, payload={"change": change.pk, "ask_again": ask_again}, by=by
    )
    change.save(update_fields=["job"])
    return change


def perform_change(claim: Claim) -> dict[str, Any]:
    """Version, labels, queues and what is asked again, all or nothing; done before, it changes nothing."""
    change = change_by_id(claim.job.payload["change"])
    claim.beat(message="Bringing labels along")
    with transaction.atomic():
        claim.hold()
        fresh = change.applied_at is None
        again = items_to_ask_again(change) if fresh and claim.job.payload.get("ask_again") else {}
        change = apply_change(change=change, unasked=_unasked(change.before))
        moved = _move_queues(change) if fresh else []
        # A queue for each question of which the change leaves items without a label, with only those items.
        asked = [_queue_of(change, question, items) for question, items in again.items()]
    made = {"schema": str(change.after.public_id), "version": change.after.version} if change.after else {}
    return {**made, **(change.counts or {}), "queues_moved": len(moved), "asked_again_in": asked}


def _unasked(schema: Any) -> set[str]:
    """Questions of the schema that no queue of any version asks or asked: nobody can have answered them."""
    queues = Queue.objects.filter(project_id=schema.project_id, schema__family=schema.family)
    asked = {key for queue in queues.only("question", "questions") for key in queue.asked_keys}
    return set(schemas.document(schema).by_key) - asked


def _queues(schema: Any) -> Any:
    return Queue.objects.filter(project_id=schema.project_id, schema__family=schema.family).exclude(
        state=QueueState.CLOSED
    ).select_related("schema")  # fmt: skip


def _effect(queue: Queue, after: SchemaDocument) -> QueueEffect:
    n_stale = sum(_n_stale(queue, after.by_key[key]) for key in queue.asked_keys)
    return QueueEffect(
        id=str(queue.public_id),
        name=queue.name,
        version=queue.schema.version,
        open_tasks=Task.objects.filter(queue=queue, open=True).count(),
        n_stale=n_stale,
        moves=n_stale == 0 and queue.purpose == QueuePurpose.LABELING,
    )


def _n_stale(queue: Queue, question: Question) -> int:
    """Answers so far that the question's classes do not admit any more, and that nothing takes the place of."""
    heirs = {one.key: heir(question, one.key) for one in question.classes if one.retired}
    stale = [key for key, to in heirs.items() if to is None or question.by_key[to].retired]
    if not stale:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(STALE_ANSWERS, {"queue": queue.pk, "question": question.key, "keys": stale})
        return int(cursor.fetchone()[0])


def _move_queues(change: Any) -> list[Queue]:
    """Queues whose answers all have a meaning in the new version ask by it from now on."""
    after = schemas.document(change.after)
    moved = []
    for queue in _queues(change.before).select_for_update(no_key=True, of=("self",)).order_by("pk"):
        if queue.schema_id == change.after_id or not _effect(queue, after).moves:
            continue
        asked = {key: after.by_key[key] for key in queue.asked_keys}
        for gold in Gold.objects.filter(queue=queue):
            known = carried(asked, queue.question, gold.answer)
            if known is not None and known != gold.answer:
                Gold.objects.filter(pk=gold.pk).update(answer=known)
        Queue.objects.filter(pk=queue.pk).update(schema=change.after)
        record(
            project=change.project, actor=change.created_by, action="queue.changed", subject=str(queue.public_id),
            data={"schema_version": change.after.version},
        )  # fmt: skip
        moved.append(queue)
    return moved


def _queue_of(change: Any, question: str, items: Sequence[int]) -> dict[str, Any]:
    like = _like(change.after, question)
    queue = create_queue(
        project=change.project,
        name=_free_name(change, like.name if like else change.after.name, question),
        schema=change.after,
        question=question,
        settings=_in_the_way_of(like) if like else QueueSettings(),
        by=change.created_by,
    )
    reason = {"asked_again_after": str(change.public_id)}
    add_tasks(queue=queue, items=[TaskSpec(item_id=item_id, provenance=reason) for item_id in items])
    return {"queue": str(queue.public_id), "name": queue.name, "question": question, "tasks": len(items)}


def _free_name(change: Any, stem: str, question: str) -> str:
    """A queue's name is its own in the project; somebody may have used the first that comes to mind."""
    told = f"asked again by version {change.after.version}"
    named = f", {question[:40]} {told}"
    ends = chain([f", {told}", named], (f"{named} ({n})" for n in count(2)))
    names = (f"{stem[: MAX_NAME - len(end)].strip()}{end}" for end in ends)
    taken = set(Queue.objects.filter(project=change.project).values_list("name", flat=True))
    return next(name for name in names if name not in taken)


def _in_the_way_of(like: Queue) -> QueueSettings:
    """Without its known answers, which are other items'."""
    return QueueSettings(
        redundancy=like.redundancy, skills=like.skills, kinds=like.kinds, auto_submit=like.auto_submit,
        instructions=like.instructions, **{name: getattr(like, name) for name in RULES if name != "gold_misses"},
    )  # fmt: skip
