"""Domain objects as the shapes of `serializers.py`."""

from collections.abc import Sequence
from typing import Any

from accounts.models import Membership, User
from annotation.api.pictures import work_item
from annotation.models import ConsensusRun, Queue, ReviewCase, ReviewPlan, Submission, TaskPayload
from annotation.selectors.people import Person, own_quality
from annotation.selectors.queues import QueueCard
from annotation.selectors.review import GivenAnswer
from annotation.selectors.review_quality import ReviewedQuality
from annotation.services.answers import show_answer
from annotation.services.asking import asked_of, why_not_counted
from annotation.services.consensus import preview_acceptance
from annotation.services.hot.policy import EDIT_WINDOW
from common.numerics.estimate import Estimate

PREVIEWED = (0.7, 0.8, 0.9, 0.95, 0.99)


def item_of(user: User, project_id: int, payload: TaskPayload) -> dict[str, Any]:
    row = {
        name: getattr(payload, name)
        for name in ("item_id", "sha256", "kind", "media_type", "object_key", "width", "height", "name")
    }
    return work_item(user, project_id, row)


def own_submission(user: User, submission: Submission) -> dict[str, Any]:
    assignment = submission.assignment
    first = assignment.submitted_at or submission.created_at
    return {
        "id": submission.pk,
        "task": assignment.task_id,
        "lease": assignment.token,
        "revision": submission.revision,
        "answer": show_answer(submission.answer),
        "comment": submission.comment,
        "flagged": submission.flagged,
        "submitted_at": submission.created_at,
        "editable_until": first + EDIT_WINDOW,
        "item": item_of(user, submission.project_id, assignment.task.payload),
    }


def days(per_day: Sequence[tuple[Any, int]]) -> list[dict[str, Any]]:
    return [{"day": day, "n": n} for day, n in per_day]


def person(one: Person) -> dict[str, Any]:
    annotator = one.annotator
    return {
        "id": annotator.public_id,
        "pseudonym": annotator.pseudonym,
        "name": annotator.user.name if annotator.user else None,
        "user": annotator.user.public_id if annotator.user else None,
        "kind": annotator.kind,
        "is_simulated": annotator.is_simulated,
        "skills": annotator.skills,
        "state": annotator.state,
        "n_done": one.n_done,
        "n_gold": one.n_gold,
        "n_skipped": one.n_skipped,
        "hours": round(one.hours, 4),
        "last_at": one.last_at,
        "reliability": one.reliability.as_json(),
        "gold": one.gold.as_json(),
        "agreement": one.agreement.as_json(),
        "seconds_per_label": one.throughput.median_seconds.as_json(),
        "labels_per_hour": one.throughput.labels_per_hour.as_json(),
        "per_day": days(one.per_day),
        "questions": [
            {
                "queue": on.queue,
                "question": on.question,
                "titles": dict(on.title),
                "reliability": on.reliability.as_json(),
                "agreement": on.agreement.as_json(),
                "gold": on.gold.as_json(),
            }
            for on in one.questions
        ],
    }


def case(user: User, one: ReviewCase, answers: Sequence[GivenAnswer]) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "queue": one.queue.public_id,
        "queue_name": one.queue.name,
        "reason": one.reason,
        "disputed": one.disputed,
        "state": one.state,
        "created_at": one.created_at,
        "item": item_of(user, one.project_id, one.task.payload),
        "answers": [_given(given) for given in answers],
        "n_returns": one.n_returns,
        "is_sampled": one.inclusion_probability is not None,
        "estimate": _estimate(one),
        "answer": show_answer(one.answer) if one.answer else None,
        "fixed_from": one.fixed_from.assignment_id if one.fixed_from else None,
        "note": one.note,
        "settled_by": str(one.settled_by) if one.settled_by else None,
        "settled_at": one.settled_at,
    }


def _given(one: GivenAnswer) -> dict[str, Any]:
    back = vars(one.sent_back) if one.sent_back else None
    return {**vars(one), "answer": show_answer(one.answer), "sent_back": back}


def _estimate(one: ReviewCase) -> dict[str, Any] | None:
    found = getattr(one.task, "estimate", None)
    if found is None:
        return None
    return {
        "answer": show_answer(found.answer),
        "posterior": found.posterior,
        "entropy": found.entropy,
        "n": found.n,
        "distribution": [
            {"key": key, "probability": p} for key, p in sorted(found.distribution.items(), key=lambda pair: -pair[1])
        ],
        "parts": [
            {"question": question, "posterior": found.parts[question]["posterior"], "n": found.parts[question]["n"]}
            for question in one.queue.asked_keys
            if question in (found.parts or {})
        ],
        "unsettled": found.unsettled,
    }


def reviewed(plan: ReviewPlan | None, found: ReviewedQuality) -> dict[str, Any]:
    running = plan.job if plan and plan.job and plan.job.state in ("queued", "running") else None
    return {
        "share": plan.share if plan else 0.0,
        "agreement_below": plan.agreement_below if plan else None,
        "running_job": running.public_id if running else None,
        "n_drawn": found.n_drawn,
        "n_settled": found.n_settled,
        "quality": found.estimate.as_json(),
        "annotators": [
            {
                "id": one.annotator.public_id,
                "pseudonym": one.annotator.pseudonym,
                "kind": one.annotator.kind,
                "quality": one.estimate.as_json(),
            }
            for one in found.annotators
        ],
    }


def consensus(queue: Queue, run: ConsensusRun | None, running: ConsensusRun | None, n_accepted: int) -> dict[str, Any]:
    result = run.result if run else {}
    settings = result.get("settings", {})
    previews = preview_acceptance(queue, *PREVIEWED) if run else []
    return {
        "run": run.public_id if run else None,
        "method": run.method if run else None,
        "computed_at": run.finished_at if run else None,
        "strength": settings.get("strength"),
        "strength_reason": settings.get("strength_reason"),
        "n_answers": result.get("n_answers", 0),
        "n_items": result.get("n_items", 0),
        "n_accepted": n_accepted,
        "running_job": running.job.public_id if running and running.job else None,
        "preview": [{"threshold": threshold, **vars(one)} for threshold, one in zip(PREVIEWED, previews, strict=False)],
    }


def agreement(queue: Queue, run: ConsensusRun | None) -> dict[str, Any]:
    result = run.result if run else {}
    asked = asked_of(queue)
    reason = why_not_counted(asked) or "agreement is computed together with the consensus; start it once"
    if "questions" in result:
        reason = "each question has its own agreement"
    unknown = Estimate.unknown(reason).as_json()
    figures = result.get("agreement") or dict.fromkeys(("krippendorff_alpha", "fleiss_kappa", "observed"), unknown)
    return {
        "computed_at": run.finished_at if run else None,
        "n_answers": result.get("n_answers", 0),
        "n_items": result.get("n_items", 0),
        "n_abstained": result.get("n_abstained", 0),
        "figures": figures,
        "questions": [
            {
                "question": one.key,
                "titles": dict(one.title),
                "n_answers": result["questions"][one.key]["n_answers"],
                "n_abstained": result["questions"][one.key]["n_abstained"],
                "figures": result["questions"][one.key]["agreement"],
            }
            for one in asked
            if one.key in result.get("questions", {})
        ],
    }


def my_work(user: User, cards: Sequence[QueueCard], memberships: Sequence[Membership]) -> dict[str, Any]:
    return {
        "queues": [
            {
                "id": card.queue.public_id,
                "project": card.queue.project.slug,
                "project_name": card.queue.project.name,
                "name": card.queue.name,
                "purpose": "audit" if card.queue.is_audit else "labeling",
                "state": card.queue.state,
                "remaining": card.remaining,
                "n_done": card.n_done,
                "n_skipped": card.n_skipped,
                "last_at": card.last_at,
            }
            for card in cards
        ],
        "continue_with": next(
            (card.queue.public_id for card in cards if card.last_at and card.remaining and card.queue.state == "open"),
            None,
        ),
        "quality": [
            {
                "project": one.project.slug,
                "project_name": one.project.name,
                "reliability": own_quality(user, one.project).as_json(),
            }
            for one in memberships
        ],
    }
