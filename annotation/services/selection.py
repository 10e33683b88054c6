"""Which items go into a queue, as a description that a job can carry out, again if need be."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Job, User
from accounts.services.jobs import Claim, create_job
from annotation.models import Queue
from annotation.services.tasks import BATCH, TaskSpec, add_tasks
from common.problems import InvalidInput
from datasets.selectors import items, schemas, versions
from datasets.selectors.filters import ItemFilter, condition_from, items_matching

FILL_QUEUE = "annotation.fill_queue"
LISTS = ("sources", "populations", "kinds", "issues", "without_issues", "classes")
FIELDS = {
    *LISTS, "item_ids", "hashes", "labelled", "schema", "question", "name_contains", "version", "split", "group",
    "conditions", "sample", "seed", "priority",
}  # fmt: skip


@transaction.atomic
def fill_queue(*, queue: Queue, selection: Mapping[str, Any], by: User | None = None) -> Job:
    """Start a job that adds the selected items. Raises InvalidInput for a selection that cannot be read.

    selection: sources, populations, kinds, issues, without_issues, classes (lists), item_ids or hashes (certain items),
    labelled (true: has a current label), schema and question (that classes and labelled are about; the queue's own when
    left out), name_contains, version (birds@v3), split, group, conditions (as in a recipe), sample (how many, drawn by
    seed), priority.
    """
    wanted = read_selection(queue, selection)
    items_matching(queue.project, wanted)  # refuses unknown names now rather than in the job
    return create_job(
        project=queue.project, kind=FILL_QUEUE, payload={"queue": queue.pk, "selection": dict(selection)}, by=by
    )


def read_selection(queue: Queue, selection: Mapping[str, Any]) -> ItemFilter:
    if unknown := set(selection) - FIELDS:
        sentence = f"A selection has no {', '.join(sorted(unknown))}; it may have {', '.join(sorted(FIELDS))}."
        raise InvalidInput(sentence, errors={"selection": [sentence]})
    lists: dict[str, Any] = {name: tuple(selection[name]) for name in LISTS if selection.get(name)}
    schema, question = _labels_meant(queue, selection) if "labelled" in selection or "classes" in lists else (None, "")
    ids = selection.get("item_ids")
    if hashes := selection.get("hashes"):
        ids = [item.pk for item in items.by_hashes(queue.project, hashes).values()]
    version = selection.get("version")
    return ItemFilter(
        **lists,
        conditions=tuple(condition_from(one) for one in selection.get("conditions") or []),
        version=versions.version_for(queue.project, version) if version else None,
        split=selection.get("split") or "",
        group=selection.get("group") or "",
        name_contains=selection.get("name_contains") or "",
        labelled=selection.get("labelled"),
        schema=schema,
        question=question,
        item_ids=tuple(ids) if ids is not None else None,
    )


def _labels_meant(queue: Queue, selection: Mapping[str, Any]) -> tuple[Any, str]:
    """A datasets.LabelSchema and the key of one of its questions."""
    if not selection.get("schema"):
        return queue.schema, selection.get("question") or queue.question
    schema = schemas.schema_for(queue.project, selection["schema"])
    return schema, schemas.question(schema, selection.get("question") or "").key


def count_selected(queue: Queue, selection: Mapping[str, Any]) -> int:
    """How many items the selection has now, before a sample is drawn."""
    return items_matching(queue.project, read_selection(queue, selection)).count()


def perform_fill(claim: Claim) -> dict[str, Any]:
    """Add tasks in batches. Killed and started again, it finds what is there already and adds the rest."""
    queue = Queue.objects.select_related("project", "schema").get(pk=claim.job.payload["queue"])
    selection = claim.job.payload["selection"]
    ids = _selected_ids(queue, selection)
    priority = float(selection.get("priority") or 0)
    n_new = n_known = 0
    for start in range(0, len(ids), BATCH):
        claim.beat(done=start, total=len(ids), message=f"{start:,} of {len(ids):,} items")
        specs = [TaskSpec(item_id=item_id, priority=priority) for item_id in ids[start : start + BATCH]]
        added = add_tasks(queue=queue, items=specs)
        n_new, n_known = n_new + len(added.task_ids), n_known + added.n_known
    claim.beat(done=len(ids), total=len(ids), message="")
    return {"selected": len(ids), "added": n_new, "known": n_known}


def _selected_ids(queue: Queue, selection: Mapping[str, Any]) -> list[int]:
    rows = items_matching(queue.project, read_selection(queue, selection)).order_by("pk")
    sample = selection.get("sample")
    if sample is None:
        return list(rows.values_list("pk", flat=True))
    seed = int(selection.get("seed") or 0)
    # By a hash of seed and content: the same draw on every machine, and items that come later keep their place.
    drawn = sorted(
        rows.values_list("sha256", "pk"), key=lambda row: hashlib.sha256(f"{seed}:{row[0]}".encode()).digest()
    )
    return sorted(pk for _, pk in drawn[: int(sample)])
