"""Gold: items with a known answer, mixed in blind."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services.audit_trail import record
from annotation.models import Queue
from annotation.services.answers import read_answer
from annotation.services.asking import asked_of, is_counted
from annotation.services.tasks import AddedTasks, TaskSpec, add_tasks
from common.problems import InvalidInput
from datasets.labeling_schema.document import Question
from datasets.selectors.filters import ItemFilter, items_matching

TRUSTED = ("review", "import", "outcome")
MAX_GOLD = 5_000


@transaction.atomic
def add_gold(*, queue: Queue, answers: Mapping[int, Mapping[str, Any]], by: User | None = None) -> AddedTasks:
    """Make items gold. answers: by item id, as the workbench sends them; "cannot tell" and skips know nothing.

    Items that the queue has already stay as they are. Raises InvalidInput for an answer that does not fit.
    """
    if not 1 <= len(answers) <= MAX_GOLD:
        raise InvalidInput(f"Give 1 to {MAX_GOLD:,} gold items.", errors={"answers": ["Too few or too many."]})
    question = _counted(queue)
    specs = []
    for item_id, wire in answers.items():
        known = read_answer(question, dict(wire))
        if "skip" in known or "cannot_tell" in known:
            raise InvalidInput(f"Item {item_id} cannot be gold without an answer that is known.")
        specs.append(TaskSpec(item_id=item_id, gold=known))
    return _added(queue, specs, by)


@transaction.atomic
def add_gold_from_labels(*, queue: Queue, sample: int, seed: int = 0, by: User | None = None) -> AddedTasks:
    """Draw gold among items whose current label a person stands for: reviewed or imported, never a consensus.

    Raises InvalidInput when there is no such label.
    """
    if not 1 <= sample <= MAX_GOLD:
        raise InvalidInput(f"Draw 1 to {MAX_GOLD:,} gold items.", errors={"sample": ["Out of range."]})
    _counted(queue)
    wanted = ItemFilter(schema=queue.schema, question=queue.question, labelled=True)
    rows = (
        items_matching(queue.project, wanted)
        .filter(
            labels__is_current=True,
            labels__family=queue.schema.family,
            labels__question=queue.question,
            labels__origin__in=TRUSTED,
        )
        .values_list("pk", "sha256", "labels__answer")
    )
    drawn = sorted((hashlib.sha256(f"{seed}:{sha256}".encode()).digest(), pk, answer) for pk, sha256, answer in rows)
    specs = [TaskSpec(item_id=pk, gold=answer) for _, pk, answer in drawn[:sample] if "cannot_tell" not in answer]
    if not specs:
        raise InvalidInput("No item has a reviewed or imported label for this question. Review some or give answers.")
    return _added(queue, specs, by)


def _counted(queue: Queue) -> Question:
    asked = asked_of(queue)
    if not is_counted(asked):
        raise InvalidInput(
            "Gold needs answers that are exactly right or wrong: one question with classes. This queue asks for "
            "shapes, a number, a text or several things; check a sample of its answers by review instead."
        )
    return asked[0]


def _added(queue: Queue, specs: Sequence[TaskSpec], by: User | None) -> AddedTasks:
    added = add_tasks(queue=queue, items=specs)
    data = {"added": len(added.task_ids), "known": added.n_known}
    record(project=queue.project, actor=by, action="queue.gold", subject=str(queue.public_id), data=data)
    return added
