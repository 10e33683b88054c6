"""Gold: items with a known answer, mixed in blind."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.services.audit_trail import record
from annotation.models import Gold, Queue
from annotation.services.answers import read_answers
from annotation.services.asking import asked_of, is_counted
from annotation.services.gold_tasks import retire_gold, turn_into_gold
from annotation.services.selection import read_selection
from annotation.services.tasks import TaskSpec, add_tasks
from common.problems import InvalidInput
from datasets.labeling_schema.answers import Size, is_asked
from datasets.labeling_schema.document import Question
from datasets.selectors.filters import items_matching
from datasets.selectors.items import items_for

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
    asked = _counted(queue)
    sizes = _sizes(queue, asked, list(answers))
    known = {}
    for item_id, wire in answers.items():
        answer = read_answers(asked, dict(wire), sizes.get(item_id))
        if "skip" in answer or not is_known(asked, answer):
            raise InvalidInput(f"Item {item_id} cannot be gold without an answer that is known.")
        known[item_id] = answer
    return _added(queue, known, by)


@transaction.atomic
def add_gold_from_labels(*, queue: Queue, sample: int, seed: int = 0, by: User | None = None) -> AddedGold:
    """Draw gold among items whose current label a person stands for: reviewed or imported, never a consensus.

    Of several questions each that is asked and counted must have such a label. Raises InvalidInput when there is none.
    """
    if not 1 <= sample <= MAX_GOLD:
        raise InvalidInput(f"Draw 1 to {MAX_GOLD:,} gold items.", errors={"sample": ["Out of range."]})
    asked = _counted(queue)
    labelled = _labelled(queue, asked, {"labelled": True}, origins=TRUSTED)
    drawn = sorted(
        (hashlib.sha256(f"{seed}:{sha256}".encode()).digest(), pk, answer) for pk, sha256, answer in labelled
    )
    known = {pk: answer for _, pk, answer in drawn[:sample] if is_known(asked, answer)}
    if not known:
        raise InvalidInput("No item has a reviewed or imported label for this question. Review some or give answers.")
    return _added(queue, known, by)


@transaction.atomic
def add_gold_of_selection(*, queue: Queue, selection: Mapping[str, Any], by: User | None = None) -> AddedGold:
    """Make gold of chosen items with the label that each has now, wherever it comes from: who chooses stands for it.

    selection: as `fill_queue` takes it, without a sample. Items without a label are left out. Raises InvalidInput when
    none has one, or for too many.
    """
    asked = _counted(queue)
    labelled = _labelled(queue, asked, {**selection, "labelled": True})
    known = {pk: answer for pk, _, answer in labelled if is_known(asked, answer)}
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
    queue: Queue,
    asked: Sequence[Question],
    selection: Mapping[str, Any],
    *,
    origins: tuple[str, ...] | None = None,
) -> list[tuple[int, str, dict[str, Any]]]:
    """(item id, hash, label) of what is selected and labelled; of several questions all labels as one answer."""
    # Of several questions, "labelled" would mean the first one alone.
    left_out = ("sample", "seed") if len(asked) == 1 else ("sample", "seed", "labelled")
    wanted = read_selection(queue, {key: value for key, value in selection.items() if key not in left_out})
    matching = items_matching(queue.project, wanted)
    by_question = {one.key: list(_labels(queue, matching, one.key, origins)) for one in asked}
    if len(asked) == 1:
        return by_question[asked[0].key]
    parts: dict[int, dict[str, Any]] = defaultdict(dict)
    hashes: dict[int, str] = {}
    for question, rows in by_question.items():
        for pk, sha256, answer in rows:
            parts[pk][question], hashes[pk] = answer, sha256
    whole = [(pk, hashes[pk], {"answers": _asked_parts(asked, found)}) for pk, found in sorted(parts.items())]
    return [(pk, sha256, answer) for pk, sha256, answer in whole if _has_all_counted(asked, answer["answers"])]


def _labels(
    queue: Queue, matching: QuerySet[Any], question: str, origins: tuple[str, ...] | None
) -> Iterable[tuple[int, str, dict[str, Any]]]:
    current: dict[str, Any] = {
        "labels__is_current": True, "labels__family": queue.schema.family, "labels__question": question,
    }  # fmt: skip
    if origins is not None:
        current["labels__origin__in"] = origins
    return matching.filter(**current).values_list("pk", "sha256", "labels__answer")


def _asked_parts(asked: Sequence[Question], found: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The labels of questions that are asked, given the labels before them, in the order of the schema."""
    parts: dict[str, dict[str, Any]] = {}
    for one in asked:
        if one.key in found and is_asked(one, asked, parts):
            parts[one.key] = found[one.key]
    return parts


def _has_all_counted(asked: Sequence[Question], parts: Mapping[str, dict[str, Any]]) -> bool:
    return all(one.key in parts for one in asked if one.is_choice and is_asked(one, asked, parts))


def is_known(asked: Sequence[Question], answer: Mapping[str, Any]) -> bool:
    """Whether every counted question has an answer that somebody can be held against."""
    parts = answer.get("answers", {asked[0].key: answer})
    counted = [parts[one.key] for one in asked if one.is_choice and one.key in parts]
    return bool(counted) and not any("cannot_tell" in part for part in counted)


def _sizes(queue: Queue, asked: Sequence[Question], item_ids: Sequence[int]) -> dict[int, Size]:
    """Of pictures, where shapes are among what is asked."""
    if not any(one.kind == "shapes" for one in asked):
        return {}
    found = items_for(queue.project, item_ids)
    return {pk: (one.width, one.height) for pk, one in found.items() if one.width and one.height}


def _counted(queue: Queue) -> tuple[Question, ...]:
    asked = asked_of(queue)
    if not is_counted(asked):
        raise InvalidInput(
            "Gold needs answers that are exactly right or wrong: a question with classes. This queue asks only for "
            "shapes, numbers or texts; check a sample of its answers by review instead."
        )
    return asked


def _added(queue: Queue, known: Mapping[int, dict[str, Any]], by: User | None) -> AddedGold:
    turned = turn_into_gold(queue, known)
    new = add_tasks(queue=queue, items=[TaskSpec(item_id=pk, gold=answer) for pk, answer in known.items()])
    Gold.objects.filter(task_id__in=[*turned, *new.task_ids.values()]).update(set_by=by)
    found = AddedGold(task_ids=new.task_ids, n_turned=len(turned), n_known=new.n_known - len(turned))
    data = {"added": len(found.task_ids), "turned": found.n_turned, "known": found.n_known}
    record(project=queue.project, actor=by, action="queue.gold", subject=str(queue.public_id), data=data)
    return found
