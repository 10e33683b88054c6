"""Queues as leads see them, and as the annotators whose work they are see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from accounts.models import Membership, Project, User
from annotation.models import LEADING, Annotator, ConsensusRun, Participation, Queue, QueueState, SkipTo, Submission
from common.problems import NotFound

RECENT = timedelta(hours=1)
SPARK_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Counters of a queue. eta_seconds: at the rate of the last hour; None when nothing moved.

    n_slots: labels wanted, without the n_saved that early stops made needless. n_past: labels of rounds that are over.
    """

    n_tasks: int
    n_slots: int
    n_saved: int
    n_done: int
    n_past: int
    n_completed: int
    n_skipped: int
    n_gold_answers: int
    n_annotators: int
    last_at: datetime | None
    last_hour: int
    eta_seconds: int | None


def queues_of(user: User, project: Project) -> QuerySet[Queue]:
    """Queues of a project with their summed counters: a few rows an annotator, never a count over tasks."""

    def total(field: str) -> Coalesce:
        sums = Participation.objects.filter(queue=OuterRef("pk")).values("queue").annotate(total=Sum(field))
        return Coalesce(Subquery(sums.values("total")), 0)

    return (
        Queue.objects.visible_to(user)
        .filter(project=project)
        .select_related("schema", "project")
        .defer("schema__document")
        .annotate(
            sum_done=total("n_done"),
            sum_saved=total("n_saved"),
            sum_completed=total("n_completed") + F("n_closed") - F("n_reopened"),
        )
    )


def queue_for(user: User, project: Project, public_id: UUID | str) -> Queue:
    """A queue that the user may see: reviewers and researchers all, annotators those that admit them.

    Raises NotFound.
    """
    queue = Queue.objects.filter(project=project, public_id=public_id).select_related("schema", "project").first()
    if queue is not None:
        if Queue.objects.visible_to(user).filter(pk=queue.pk).exists():
            return queue
        annotator = Annotator.objects.filter(project=project, user=user).first()
        if Membership.objects.filter(project=project, user=user).exists() and admits(queue, annotator):
            return queue
    raise NotFound("There is no queue here that you may see.")


def admits(queue: Queue, annotator: Annotator | None) -> bool:
    """By kind and skills; somebody who has not labelled yet has no skills and is staff."""
    kind = annotator.kind if annotator else "staff"
    skills = set(annotator.skills) if annotator else set()
    return (not queue.kinds or kind in queue.kinds) and set(queue.skills) <= skills


def progress(queue: Queue) -> Progress:
    sums = Participation.objects.filter(queue=queue).aggregate(
        done=Sum("n_done", default=0),
        saved=Sum("n_saved", default=0),
        past=Sum("n_past", default=0),
        completed=Sum("n_completed", default=0),
        skipped=Sum("n_skipped", default=0),
        gold=Sum("n_gold", default=0),
        people=Count("pk"),
        last=Max("last_at"),
    )
    recent = 0
    if sums["last"] and sums["last"] > timezone.now() - RECENT:
        people = list(Participation.objects.filter(queue=queue).values_list("annotator_id", flat=True))
        recent = Submission.objects.filter(
            annotator_id__in=people, queue=queue, created_at__gt=timezone.now() - RECENT, revision=1
        ).count()
    wanted = queue.n_slots - sums["saved"]
    left = max(wanted - sums["done"], 0)
    return Progress(
        n_tasks=queue.n_tasks,
        n_slots=wanted,
        n_saved=sums["saved"],
        n_done=sums["done"],
        n_past=sums["past"],
        n_completed=sums["completed"] + queue.n_closed - queue.n_reopened,
        n_skipped=sums["skipped"],
        n_gold_answers=sums["gold"],
        n_annotators=sums["people"],
        last_at=sums["last"],
        last_hour=recent,
        eta_seconds=round(left / recent * RECENT.total_seconds()) if recent else None,
    )


def labels_per_day(
    annotators: Sequence[int], *, queue: Queue | None = None, days: int = SPARK_DAYS
) -> dict[int, list[tuple[date, int]]]:
    """First submissions a day of each annotator, every day of the last `days` (UTC)."""
    today = timezone.now().date()
    start = today - timedelta(days=days - 1)
    rows = Submission.objects.filter(annotator_id__in=annotators, revision=1, created_at__date__gte=start)
    if queue is not None:
        rows = rows.filter(queue=queue)
    counted = {
        (annotator_id, day): n
        for annotator_id, day, n in rows.annotate(day=TruncDate("created_at"))
        .values_list("annotator_id", "day")
        .annotate(n=Count("pk"))
    }
    every_day = [start + timedelta(days=i) for i in range(days)]
    return {one: [(day, counted.get((one, day), 0)) for day in every_day] for one in annotators}


def latest_run(queue: Queue) -> ConsensusRun | None:
    """The consensus run that finished last."""
    return ConsensusRun.objects.finished().filter(queue=queue).select_related("job").order_by("-finished_at").first()


@dataclass(frozen=True, kw_only=True)
class QueueCard:
    """A queue as an annotator's card. remaining: at most so many tasks are left for this person."""

    queue: Queue
    role: str
    remaining: int
    n_done: int
    n_skipped: int
    last_at: datetime | None


def my_queues(user: User, project: Project | None = None) -> list[QueueCard]:
    """Open and paused queues that admit the user, over all projects or in one; last worked on first."""
    memberships = Membership.objects.filter(user=user).exclude(role="researcher")
    if project is not None:
        memberships = memberships.filter(project=project)
    roles = dict(memberships.values_list("project_id", "role"))
    queues = Queue.objects.filter(project_id__in=roles).exclude(state=QueueState.CLOSED).select_related("project")
    annotators = {one.project_id: one for one in Annotator.objects.filter(user=user, project_id__in=roles)}
    mine = {
        row.queue_id: row for row in Participation.objects.filter(annotator__user=user, queue__project_id__in=roles)
    }
    done = dict(
        Participation.objects.filter(queue__in=queues)
        .values_list("queue")
        .annotate(done=Sum(F("n_done") + F("n_saved")))
    )
    cards = []
    for queue in queues.prefetch_related("lanes"):
        annotator = annotators.get(queue.project_id)
        role = roles[queue.project_id]
        if role not in LEADING and not admits(queue, annotator):
            continue
        cards.append(_card(queue, role, annotator, mine.get(queue.pk), done.get(queue.pk, 0)))
    return sorted(cards, key=lambda card: (-(card.last_at.timestamp() if card.last_at else 0), -card.queue.pk))


def _card(queue: Queue, role: str, annotator: Annotator | None, own: Participation | None, done: int) -> QueueCard:
    skills = set(annotator.skills) if annotator else set()
    eligible = sum(
        lane.n_tasks
        for lane in queue.lanes.all()
        if not lane.is_gold and (role in LEADING or set(lane.skills) <= skills)
    )
    skipped = own.n_skipped if own and queue.skip_to != SkipTo.ME_LATER else 0
    seen = (own.n_done if own else 0) + skipped
    return QueueCard(
        queue=queue,
        role=role,
        remaining=max(0, min(eligible - seen, queue.n_slots - done)),
        n_done=own.n_done + own.n_past if own else 0,
        n_skipped=own.n_skipped if own else 0,
        last_at=own.last_at if own else None,
    )


def counts_by_state(project: Project) -> dict[str, Any]:
    """For the home page: open queues, labels wanted and given."""
    queues = Queue.objects.filter(project=project)
    wanted = queues.filter(~Q(state=QueueState.CLOSED)).aggregate(n=Count("pk"), slots=Sum("n_slots", default=0))
    done = Participation.objects.filter(queue__in=queues.filter(~Q(state=QueueState.CLOSED))).aggregate(
        n=Sum("n_done", default=0), saved=Sum("n_saved", default=0)
    )
    return {"n_open": wanted["n"], "n_slots": wanted["slots"] - done["saved"], "n_done": done["n"]}


def running_consensus(queue: Queue) -> ConsensusRun | None:
    """A run whose job has not ended."""
    unfinished = ConsensusRun.objects.filter(queue=queue, job__state__in=["queued", "running"])
    return unfinished.select_related("job").order_by("-pk").first()


def n_accepted(queue: Queue) -> int:
    """Items whose estimate became a label."""
    return queue.estimates.filter(accepted_at__isnull=False).count()
