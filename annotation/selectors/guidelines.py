"""What annotators are told in a queue, and who has been shown it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Project, User
from annotation.models import Acknowledgement, Guideline, GuidelineExample, Queue
from common.problems import InvalidInput
from datasets.selectors.filters import ItemFilter, items_matching
from datasets.selectors.items import items_for

MAX_HISTORY = 50


@dataclass(frozen=True, kw_only=True)
class ShownGuideline:
    """The latest revision. changed_at: None where nobody has written instructions yet."""

    revision: int
    instructions: str
    note: str = ""
    changed_at: datetime | None = None
    examples: Sequence[GuidelineExample] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.instructions.strip() and not self.examples


def guideline_of(queue: Queue) -> ShownGuideline:
    """What the queue shows now."""
    row = Guideline.objects.filter(queue=queue, revision=queue.instructions_revision).first()
    if row is None:
        return ShownGuideline(revision=queue.instructions_revision, instructions=queue.instructions)
    return ShownGuideline(
        revision=row.revision,
        instructions=row.instructions,
        note=row.note,
        changed_at=row.created_at,
        examples=list(row.examples.order_by("place")),
    )


def items_of(project: Project, guideline: ShownGuideline) -> dict[int, Any]:
    """The items of the examples, by id."""
    return items_for(project, [one.item_id for one in guideline.examples])


def item_ids_of(project: Project, hashes: Sequence[str]) -> dict[str, int]:
    """Ids of items by their hash. Raises InvalidInput for one that the project does not have."""
    found = items_matching(project, ItemFilter()).filter(sha256__in=set(hashes))
    known = dict(found.values_list("sha256", "pk"))
    for place, sha256 in enumerate(hashes):
        if sha256 not in known:
            sentence = f"There is no item {sha256[:12]}… in this project."
            raise InvalidInput(sentence, errors={f"examples[{place}].item": [sentence]})
    return known


def acknowledged_revision(queue: Queue, user: User) -> int | None:
    """The latest revision that the user has been shown; None before the first."""
    mine = Acknowledgement.objects.filter(queue=queue, annotator__user=user).order_by("-revision")
    return mine.values_list("revision", flat=True).first()


def revisions_of(queue: Queue) -> list[Guideline]:
    """Revisions with `n_read`, how many annotators were shown each; the latest first."""
    read = Acknowledgement.objects.filter(queue=OuterRef("queue"), revision=OuterRef("revision"))
    counted = read.order_by().values("revision").annotate(n=Count("pk")).values("n")
    rows = Guideline.objects.filter(queue=queue).select_related("created_by").annotate(
        n_read=Coalesce(Subquery(counted), 0)
    )  # fmt: skip
    return list(rows.order_by("-revision")[:MAX_HISTORY])
