"""Gold: items with a known answer, mixed in blind."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services.audit_trail import record
from annotation.models import Gold, Queue
from annotation.services.answers import read_answer
from annotation.services.asking import asked_of, is_counted
from annotation.services.gold_tasks import retire_gold, turn_into_gold
from annotation.services.selection import read_selection
from annotation.services.tasks import TaskSpec, add_tasks
from common.problems import InvalidInput
from datasets.labeling_schema.document import Question
from datasets.selectors.filters import items_matching

TRUSTED = ("review", "import", "outcome")
MAX_GOLD = 5_000


@dataclass(frozen=True, kw_only=True)
class AddedGold:
    """task_ids: by item, of tasks that are new. n_turned: items of the queue that became gold.

    n_known: items of the queue that stay as they are: gold already, not finished yet, or waiting for a reviewer.
    """

    task_ids: dict[int, int]
    n_turned: int
    n_known: int


@transaction.atomic
def add_gold(*, queue: Queue, answers: Mapping[int, Mapping[str, Any]], by: User | None = None) -> AddedGold:
    """Make items gold. answers: by item id, as the workbench sends them; "cannot tell" and skips know nothing.

    An item that the queue has finished becomes gold too, with the answers it has. Raises InvalidInput for an answer
    that does not fit.
    """
    if not 1 <= len(answers) <= MAX_GOLD:
        raise InvalidInput(f"Give 1 to {MAX_GOLD:,} gold items.", errors={"answers": ["Too few or too many."]})
    question = _counted(queue)
    known = {}
    for item_id, wire in answers.items():
        answer = read_answer(question, dict(wire))
        if "skip" in answer or "cannot_tell" in answer:
            raise InvalidInput(f"Item {item_id} cannot be gold without an answer that is known.")
        known[item_id] = answer
    return _added(queue, known, by)


@transaction.atomic
def add_gold_from_labels(*, queue: Queue, sample: int, seed: int = 0, by: User | None = None) -> AddedGold:
    """Draw gold among items whose current label a person stands for: reviewed or imported, never a consensus.

    Raises InvalidInput when there is no such label.
    """
    if not 1 <= sample <= MAX_GOLD:
        raise InvalidInput(f"Draw 1 to {MAX_GOLD:,} gold items.", errors={"sample": ["Out of range."]})
    _counted(queue)
    labelled = _labelled(queue, {"labelled": True}, origins=TRUSTED)
    drawn = sorted(
        (hashlib.sha256(f"{seed}:{sha256}".encode()).digest(), pk, answer) for pk, sha256, answer in labelled
    )
    known = {pk: answer for _, pk, answer in drawn[:sample] if "cannot_tell" not in answer}
    if not known:
        raise InvalidInput("No item has a reviewed or imported label for this question. Review some or give answers.")
    return _added(queue, known, by)


@transaction.atomic
def add_gold_of_selection(*, queue: Queue, selection: Mapping[str, Any], by: User | None = None) -> AddedGold:
    """Make gold of chosen items with the label that each has now, wherever it comes from: who chooses stands for it.

    selection: as `fill_queue` takes it, without a sample. Items without a label are left out. Raises InvalidInput when
    none has one, or for too many.
    """
    _counted(queue)
    labelled = _labelled(queue, {**selection, "labelled": True})
    known = {pk: answer for pk, _, answer in labelled if "cannot_tell" not in answer}
    if not 1 <= len(known) <= MAX_GOLD:
        sentence = (
            f"{len(known):,} of the chosen items have a label for this queue's question; choose 1 to {MAX_GOLD:,}."
        )
        raise InvalidInput(sentence, errors={"selection": [sentence]})
    return _added(queue, known, by)


@transaction.atomic
def take_out_gold(*, queue: Queue, task_id: int, by: User | None = None) -> None:
    """Take a gold item out; its answers count for nobody any more. Raises NotFound."""
    retire_gold(queue=queue, task_id=task_id)
    record(
        project=queue.project, actor=by, action="queue.gold_out", subject=str(queue.public_id), data={"task": task_id}
    )


def _labelled(
    queue: Queue, selection: Mapping[str, Any], *, origins: tuple[str, ...] | None = None
) -> list[tuple[int, str, dict[str, Any]]]:
    """(item id, hash, label) of what is selected and labelled."""
    wanted = read_selection(queue, {key: value for key, value in selection.items() if key not in ("sample", "seed")})
    current: dict[str, Any] = {
        "labels__is_current": True, "labels__family": queue.schema.family, "labels__question": queue.question,
    }  # fmt: skip
    if origins is not None:
        current["labels__origin__in"] = origins
    rows = items_matching(queue.project, wanted).filter(**current)
    return list(rows.values_list("pk", "sha256", "labels__answer"))


def _counted(queue: Queue) -> Question:
    asked = asked_of(queue)
    if not is_counted(asked):
        raise InvalidInput(
            "Gold needs answers that are exactly right or wrong: one question with classes. This queue asks for "
            "shapes, a number, a text or several things; check a sample of its answers by review instead."
        )
    return asked[0]


def _added(queue: Queue, known: Mapping[int, dict[str, Any]], by: User | None) -> AddedGold:
    turned = turn_into_gold(queue, known)
    new = add_tasks(queue=queue, items=[TaskSpec(item_id=pk, gold=answer) for pk, answer in known.items()])
    Gold.objects.filter(task_id__in=[*turned, *new.task_ids.values()]).update(set_by=by)
    found = AddedGold(task_ids=new.task_ids, n_turned=len(turned), n_known=new.n_known - len(turned))
    data = {"added": len(found.task_ids), "turned": found.n_turned, "known": found.n_known}
    record(project=queue.project, actor=by, action="queue.gold", subject=str(queue.public_id), data=data)
    return found
