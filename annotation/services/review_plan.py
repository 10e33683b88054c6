"""Which finished tasks a reviewer sees: a random share, from which quality is estimated, and those that people dispute.

A task is in the random share when a hash of its id and the queue's secret falls below the share. So drawing again draws
the same; a greater share adds tasks to those drawn; and the probability stored with each is the true one: that of the
greatest share under which the task was considered.

What is disputed is measured by agreement, 0 to 1. For choices it is the share of the most frequent answer. Shapes,
numbers and texts are compared two by two (`annotation.agreement.answer_agreement`), several questions one by one;
there, what agrees enough becomes a label without a reviewer, unless classes differ: those wait for the consensus
(`settle_free_answers`).
"""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from accounts.services.audit_trail import record
from accounts.services.jobs import Claim, create_job
from annotation.models import GOLD_LANE, Queue, ReviewCase, ReviewPlan, Task
from annotation.services.acceptance import settle_free_answers
from annotation.services.asking import asked_of, labels_at_once
from common.problems import Conflict, InvalidInput

DRAW_REVIEW = "annotation.draw_review"
STEP = 50_000
STEP_COMPARED = 500  # tasks whose answers are compared two by two: some ms each

# 32 bits of the hash, as a number from 0 up to 1. Given answers only: a task that a reviewer closed empty has none.
_FINISHED = f"""
SELECT id, project_id, queue_id, ('x' || substr(md5(%(seed)s || ':' || id), 1, 8))::bit(32)::bigint / 4294967296.0 AS u
FROM annotation_task
WHERE queue_id = %(queue)s AND lane < {GOLD_LANE} AND n_done > 0 AND (n_done >= k OR closed) AND {{which}}
"""

_DRAW = """
INSERT INTO annotation_reviewcase
  (public_id, created_at, project_id, queue_id, task_id, reason, state, note, n_returns, inclusion_probability,
   sampled_at)
SELECT gen_random_uuid(), now(), project_id, queue_id, id, 'sampled', 'open', '', 0, %(share)s, now()
FROM ({finished}) finished WHERE u < %(share)s
ON CONFLICT (task_id) DO UPDATE SET
  inclusion_probability = greatest(annotation_reviewcase.inclusion_probability, excluded.inclusion_probability),
  sampled_at = COALESCE(annotation_reviewcase.sampled_at, excluded.sampled_at)
WHERE annotation_reviewcase.inclusion_probability IS NULL
   OR annotation_reviewcase.inclusion_probability < excluded.inclusion_probability
"""

# The share of the most frequent answer. Skips are no answers; what was sent back does not count.
_DISPUTED = """
INSERT INTO annotation_reviewcase
  (public_id, created_at, project_id, queue_id, task_id, reason, state, note, n_returns)
SELECT gen_random_uuid(), now(), project_id, queue_id, id, 'disagreement', 'open', '', 0
FROM (
  SELECT f.id, f.project_id, f.queue_id, max(said.n) / sum(said.n) AS top FROM ({finished}) f
  CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM annotation_assignment x
    JOIN annotation_submission s ON s.assignment_id = x.id AND s.revision = x.revision
    WHERE x.task_id = f.id AND x.state = 'submitted' GROUP BY s.answer
  ) said GROUP BY f.id, f.project_id, f.queue_id
) weighed WHERE top < %(agreement_below)s
ON CONFLICT (task_id) DO NOTHING
"""


@transaction.atomic
def plan_review(*, queue: Queue, share: float, agreement_below: float | None, by: User) -> ReviewPlan:
    """Set what is reviewed from now on, and start a job that looks through the tasks that are finished already.

    share: of the finished tasks, drawn at random, 0 to 1. agreement_below: review tasks whose answers agree less; 1 is
    every disagreement. None is none, but where answers are compared everything that differs is reviewed then.
    Raises InvalidInput, Conflict in an audit.
    """
    if queue.is_audit:
        raise Conflict("An audit is a random sample already. Plan reviews in queues that label.")
    if not 0 <= share <= 1:
        raise InvalidInput("The share is from 0 to 1.", errors={"share": ["From 0 to 1."]})
    if agreement_below is not None and not 0 < agreement_below <= 1:
        sentence = "Give a share above 0, up to 1, or nothing."
        raise InvalidInput(sentence, errors={"agreement_below": [sentence]})
    plan, _ = ReviewPlan.objects.get_or_create(queue=queue, defaults={"seed": secrets.token_hex(16)})
    plan.share, plan.agreement_below, plan.changed_by = share, agreement_below, by
    plan.job = create_job(project=queue.project, kind=DRAW_REVIEW, payload={"queue": queue.pk}, by=by)
    plan.save()
    said = {"share": share, "agreement_below": agreement_below}
    record(project=queue.project, actor=by, action="review.planned", subject=str(queue.public_id), data=said)
    return plan


def perform_draw(claim: Claim) -> dict[str, Any]:
    """Look through the finished tasks in steps of ids. May be killed and repeated: the same tasks are drawn."""
    plan = ReviewPlan.objects.select_related("queue").get(queue_id=claim.job.payload["queue"])
    step = STEP_COMPARED if labels_at_once(asked_of(plan.queue)) else STEP
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM annotation_task WHERE queue_id = %s", [plan.queue_id])
        first, last = cursor.fetchone()
    new = 0
    if first is not None:
        for start in range(first, last + 1, step):
            with transaction.atomic():
                claim.hold()
                new += _look_through(plan, start, start + step - 1)
            claim.beat(done=min(start + step - first, last + 1 - first), total=last + 1 - first, message="drawing")
    return {"new": new, "share": plan.share}


def _look_through(plan: ReviewPlan, low: int, high: int) -> int:
    """Tasks from one id to another. Where answers are compared, labels and cases of those finished are made anew."""
    found = _consider(plan, "id BETWEEN %(low)s AND %(high)s", {"low": low, "high": high})
    if not labels_at_once(asked_of(plan.queue)):
        return found
    cases = ReviewCase.objects.filter(queue=plan.queue, task_id__gte=low, task_id__lte=high)
    before = cases.count()
    tasks = Task.objects.filter(queue=plan.queue, pk__gte=low, pk__lte=high, open=False)
    settle_free_answers(queue_id=plan.queue_id, task_ids=list(tasks.values_list("pk", flat=True)))
    return found + max(0, cases.count() - before)


@transaction.atomic
def consider_finished(*, queue_id: int, task_ids: Sequence[int]) -> int:
    """Put finished tasks before a reviewer as the queue's plan says. Returns how many cases are new or newly drawn."""
    plan = ReviewPlan.objects.select_related("queue").filter(queue_id=queue_id).first()
    return _consider(plan, "id = ANY(%(tasks)s)", {"tasks": list(task_ids)}) if plan else 0


def _consider(plan: ReviewPlan, which: str, narrowed: dict[str, Any]) -> int:
    finished = _FINISHED.format(which=which)
    params = {
        "queue": plan.queue_id, "seed": plan.seed, "share": plan.share, "agreement_below": plan.agreement_below,
        **narrowed,
    }  # fmt: skip
    found = 0
    with connection.cursor() as cursor:
        if plan.agreement_below is not None and not labels_at_once(asked_of(plan.queue)):
            cursor.execute(_DISPUTED.format(finished=finished), params)
            found += cursor.rowcount
        if plan.share > 0:
            cursor.execute(_DRAW.format(finished=finished), params)
            found += cursor.rowcount
    return found
