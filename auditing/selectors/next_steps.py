"""What to do next, ranked: each step with its reason and one button."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.models import Project, Role
from annotation.selectors import queues, review
from auditing.models import (
    AuditKind,
    AuditSchedule,
    HardSampleBatch,
    RetrainSuggestion,
    SuggestionState,
)
from auditing.selectors.loop import Loop
from common.said import NOTHING, Phrase, Said
from datasets.selectors import briefs, counts
from training.selectors.waiting import waiting_for_a_person

# What a reviewer may do; everything else is for those who lead.
FOR_REVIEWERS = {"settle-disputes", "label", "judge-audit", "look-at-fall"}
# What nobody is led to while a project is stopped: learning, releasing, and looking for reasons to do so.
AFTER_STOP = {"train-first", "train-again", "register", "release", "retrain", "audit", "audit-due", "mine"}
RETRAIN = Phrase("next.retrain", "Retrain?")
HASTE = {"bad": 100, "due": 80, "warning": 60, "start": 40, "grow": 20}


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """One thing to do.

    code: what clients translate, with `data`; reason: the sentence in English; link: below the project; urgency:
    higher first; said: a reason that more than one code and `data` go into.
    """

    code: str
    urgency: int
    reason: str
    link: str
    data: dict[str, Any] = field(default_factory=dict)
    said: Said = NOTHING


def next_steps(project: Project, loop: Loop, role: Role = Role.LEAD) -> list[NextStep]:
    """The most urgent first; equal ones in the order of the loop. Only what somebody with this role may do."""
    found = [
        *_define(project),
        *_begin(loop),
        *_label(project),
        *_freeze(project, loop),
        *_train(project),
        *_watch(project, loop),
        *_judge(loop),
        *_feed(project, loop),
    ]
    decision = briefs.stopped(project)
    if decision is not None:
        found = [step for step in found if step.code not in AFTER_STOP]
        found.append(_stopped(decision))
    if role not in {Role.OWNER, Role.LEAD}:
        found = [step for step in found if step.code in FOR_REVIEWERS]
    return sorted(found, key=lambda step: -step.urgency)


def _stopped(decision: Any) -> NextStep:
    return NextStep(
        code="stopped", urgency=HASTE["warning"], link="brief",
        data={"name": decision.signed_name, "reason": decision.decision_reason},
        reason=f"{decision.signed_name} stopped the project: {decision.decision_reason} Sign a new brief to go on.",
    )  # fmt: skip


def _begin(loop: Loop) -> Iterator[NextStep]:
    empty = {station.key for station in loop.stations if station.light == "empty"}
    if "data" in empty:
        yield NextStep(
            code="import", urgency=HASTE["start"], link="data/import",
            reason="There are no pictures yet. Import some to look at and to label.",
        )  # fmt: skip
    elif {"labels", "version"} <= empty:
        yield NextStep(
            code="open-queue", urgency=HASTE["start"], link="label",
            reason="Pictures are here and nobody is asked what is on them. Open a labeling queue.",
        )  # fmt: skip


def _define(project: Project) -> Iterator[NextStep]:
    brief = briefs.current(project)
    if brief is None or brief.state == "draft":
        yield NextStep(
            code="sign-brief", urgency=HASTE["warning"], link="brief",
            reason="Nobody has signed what the model is for and whom its errors harm.",
        )  # fmt: skip


def _label(project: Project) -> Iterator[NextStep]:
    work = queues.counts_by_state(project)
    left = max(work["n_slots"] - work["n_done"], 0)
    disputed = sum(review.open_counts(project).values())
    if disputed:
        yield NextStep(
            code="settle-disputes", urgency=HASTE["warning"] + 5, link="review", data={"n": disputed},
            reason=f"{disputed:,} items are disputed; an expert's answer settles each of them.",
        )  # fmt: skip
    if left:
        yield NextStep(
            code="label", urgency=HASTE["grow"], link="label", data={"n": left},
            reason=f"{left:,} answers are still wanted in {work['n_open']} open queues.",
        )  # fmt: skip


def _freeze(project: Project, loop: Loop) -> Iterator[NextStep]:
    latest = counts.latest_frozen(project)
    labelled = counts.labels(project, since=latest.created_at if latest else project.created_at)
    if latest is None and labelled.total:
        yield NextStep(
            code="freeze-first", urgency=HASTE["start"], link="versions", data={"n": labelled.total},
            reason=f"{labelled.total:,} labels wait to be frozen into a first version.",
        )  # fmt: skip
    elif latest is not None and labelled.recent >= max(50, labelled.total // 10):
        yield NextStep(
            code="freeze-again", urgency=HASTE["grow"] + 5, link="versions", data={"n": labelled.recent},
            reason=f"{labelled.recent:,} labels are newer than {latest}.",
        )  # fmt: skip
    if latest is not None and next(s for s in loop.stations if s.key == "model").light == "empty":
        yield NextStep(
            code="train-first", urgency=HASTE["start"], link="models", data={"version": str(latest)},
            reason=f"{latest} is frozen and nothing has learned from it. Baselines come first.",
        )  # fmt: skip


def _train(project: Project) -> Iterator[NextStep]:
    waiting = waiting_for_a_person(project)
    if waiting.unlearned is not None:
        yield NextStep(
            code="train-again", urgency=HASTE["grow"] + 5, link="models", data={"version": waiting.unlearned},
            reason=f"{waiting.unlearned} is frozen and no model has learned from it.",
        )  # fmt: skip
    if waiting.run is not None:
        yield NextStep(
            code="register", urgency=HASTE["start"] + 5, link=f"models/runs/{waiting.run.public_id}",
            data={"version": str(waiting.run.version), "recipe": waiting.run.recipe},
            reason=f"A run on {waiting.run.version} beats its baseline and is not registered as a model.",
        )  # fmt: skip
    if waiting.candidate is not None:
        yield NextStep(
            code="release", urgency=HASTE["start"] + 10, link=f"models/{waiting.candidate.public_id}",
            data={"model": str(waiting.candidate)},
            reason=f"{waiting.candidate} is a candidate. Take it through the release gate, or leave the champion.",
        )  # fmt: skip


def _watch(project: Project, loop: Loop) -> Iterator[NextStep]:
    for suggestion in RetrainSuggestion.objects.filter(project=project, state=SuggestionState.OPEN).order_by("id"):
        said = Said.stored(suggestion.evidence) + RETRAIN()
        yield NextStep(
            code="retrain", urgency=HASTE["bad"], link="production", data={"suggestion": str(suggestion.public_id)},
            reason=said.sentence, said=said,
        )  # fmt: skip
    being_audited = {audit.endpoint_id for audit, _ in loop.running if audit.kind == AuditKind.RANDOM}
    for name, verdict in loop.verdicts.items():
        if verdict.code in {"unaudited", "drifted-unaudited", "audit-old"}:
            if name not in loop.answering or loop.endpoint_ids[name] in being_audited:
                continue
            urgency = HASTE["due"] + (10 if verdict.code == "drifted-unaudited" else 0)
            yield NextStep(
                code="audit",
                urgency=urgency,
                link="production?tab=audits",
                data={"endpoint": name},
                reason=verdict.sentence,
                said=verdict.said,
            )
        elif verdict.light == "bad":
            yield NextStep(
                code="look-at-fall", urgency=HASTE["bad"] - 5, link="production", data={"endpoint": name},
                reason=verdict.sentence, said=verdict.said,
            )  # fmt: skip
    late = AuditSchedule.objects.filter(project=project, is_active=True, next_due_at__lt=timezone.now())
    for schedule in late.select_related("endpoint").order_by("id"):
        yield NextStep(
            code="audit-due", urgency=HASTE["due"], link="production?tab=audits",
            data={"endpoint": schedule.endpoint.name},
            reason=f"The regular audit of {schedule.endpoint.name} is due.",
        )  # fmt: skip


def _judge(loop: Loop) -> Iterator[NextStep]:
    for audit, waiting in loop.running:
        if waiting:
            yield NextStep(
                code="judge-audit", urgency=HASTE["due"], link=f"production/audits/{audit.public_id}",
                data={"n": waiting, "name": audit.name},
                reason=f"{waiting:,} items of “{audit.name}” still wait for an answer.",
            )  # fmt: skip
        else:
            yield NextStep(
                code="complete-audit", urgency=HASTE["due"] - 5, link=f"production/audits/{audit.public_id}",
                data={"name": audit.name}, reason=f"Every item of “{audit.name}” is judged. Read it and complete it.",
            )  # fmt: skip


def _feed(project: Project, loop: Loop) -> Iterator[NextStep]:
    waiting = HardSampleBatch.objects.filter(project=project, samples__fate="waiting").distinct()
    for batch in waiting.order_by("id"):
        yield NextStep(
            code="send-hard-samples", urgency=HASTE["warning"], link="production", data={"batch": str(batch.public_id)},
            reason="Hard samples were found and wait to be sent to an audit or to a labeling queue.",
        )  # fmt: skip
    if loop.answering and not HardSampleBatch.objects.filter(project=project).exists():
        yield NextStep(
            code="mine", urgency=HASTE["grow"] + 10, link="production",
            reason="Production has inputs that the model finds hard. Find them, and let people label them.",
        )  # fmt: skip
