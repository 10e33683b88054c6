"""Cases for reviewers, with what people answered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Project, User
from annotation.models import Assignment, Queue, ReviewCase
from common.problems import NotFound


@dataclass(frozen=True, kw_only=True)
class SentBack:
    """That a reviewer sent an answer back. x, y: pixels of the picture; None without a place."""

    destination: str
    comment: str
    x: float | None
    y: float | None
    by: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """What one annotator said, under their pseudonym. sent_back: it does not count any more, and why."""

    id: int
    pseudonym: str
    kind: str
    answer: dict[str, Any]
    comment: str
    flagged: bool
    round: int
    at: datetime | None
    sent_back: SentBack | None


def cases_of(
    user: User, project: Project, *, queue: Queue | None = None, state: str | None = None, reason: str | None = None
) -> QuerySet[ReviewCase]:
    """Review cases with their items and estimates; never the provenance, since audits are blind for reviewers too."""
    cases = ReviewCase.objects.visible_to(user).filter(project=project)
    if queue is not None:
        cases = cases.filter(queue=queue)
    if state:
        cases = cases.filter(state=state)
    if reason:
        cases = cases.filter(reason=reason)
    cases = cases.select_related("task__payload", "task__estimate", "queue__schema", "settled_by", "fixed_from")
    # Thousands of classes, once for each case and compared by DISTINCT: 10 s for 200 cases. Who needs them loads them.
    return cases.defer("queue__schema__document").distinct()


def case_for(user: User, project: Project, public_id: object) -> ReviewCase:
    """Raises NotFound."""
    found = cases_of(user, project).filter(public_id=str(public_id)).first()
    if found is None:
        raise NotFound("There is no review case here that you may see.")
    return found


def answers_to(cases: Sequence[ReviewCase]) -> dict[int, list[GivenAnswer]]:
    """Answers and skips by task, in the order in which they came, with those sent back; one query for all cases."""
    rows = (
        Assignment.objects.exclude(state="leased")
        .filter(task_id__in=[case.task_id for case in cases], submissions__revision=F("revision"))
        .order_by("submitted_at", "pk")
        .values_list(
            "task_id",
            "annotator__pseudonym",
            "annotator__kind",
            "submissions__answer",
            "submissions__comment",
            "submissions__flagged",
            "pk",
            "round",
            "submitted_at",
            *SENT_BACK,
        )
    )
    found: dict[int, list[GivenAnswer]] = defaultdict(list)
    for task_id, pseudonym, kind, answer, comment, flagged, pk, round_, at, *back in rows:
        sent_back = _sent_back(*back) if back[0] else None
        found[task_id].append(
            GivenAnswer(
                id=pk, pseudonym=pseudonym, kind=kind, answer=answer, comment=comment, flagged=flagged, round=round_,
                at=at, sent_back=sent_back,
            )
        )  # fmt: skip
    return found


SENT_BACK = [
    f"sent_back__{field}"
    for field in ("destination", "comment", "x", "y", "created_at", "returned_by__name", "returned_by__email")
]


def _sent_back(
    destination: str, comment: str, x: float | None, y: float | None, at: datetime, name: str | None, email: str | None
) -> SentBack:
    return SentBack(destination=destination, comment=comment, x=x, y=y, by=name or email, at=at)


def open_counts(project: Project) -> dict[int, int]:
    """Open cases by queue."""
    rows = Queue.objects.filter(project=project).annotate(n=Count("review_cases", filter=Q(review_cases__state="open")))
    return dict(rows.filter(n__gt=0).values_list("pk", "n"))
