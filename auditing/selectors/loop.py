"""The loop as one picture: eight stations, each with a live figure, a light and the reason for it in words."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Project
from annotation.selectors import queues, review
from auditing.models import Audit, AuditKind, HardSample
from auditing.selectors import loop_words as words
from auditing.selectors.audits import judged_random_audits, latest_of_model, running_audits
from auditing.selectors.expected import promised_accuracy
from auditing.selectors.production import PredictionsMade, predictions_made
from auditing.selectors.verdict import Light, Verdict, still_right
from common.said import NOTHING, Said
from datasets.selectors import briefs, counts
from datasets.selectors.drift import latest_production_look
from training.selectors import endpoints, overview

WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Station:
    """figure: the number in large; unit: what it counts, a code to translate; flow: how many came this week."""

    key: str
    light: Light
    figure: str
    unit: str
    said: Said
    link: str
    flow: int | None = None
    estimate: dict[str, Any] | None = None

    @property
    def sentence(self) -> str:
        return self.said.sentence


@dataclass(frozen=True, kw_only=True)
class Loop:
    """stations in the order of the loop; verdicts: one an endpoint, by its name.

    running: audits, with how many items wait; answering: endpoints that have answered anything; endpoint_ids: by name.
    """

    stations: list[Station]
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    running: list[tuple[Audit, int]] = field(default_factory=list)
    answering: frozenset[str] = frozenset()
    endpoint_ids: dict[str, int] = field(default_factory=dict)


def loop_of(project: Project) -> Loop:
    """Where the project stands, station by station."""
    since = timezone.now() - WEEK
    found = endpoints.all_endpoints(project)
    judged = judged_random_audits(project)
    running = running_audits(project)
    made = predictions_made(project, since=since.date())
    verdicts = {one.name: _verdict(project, one, judged) for one in found if one.model_version_id}
    return Loop(
        stations=[
            _define(project),
            _data(project, since),
            _labels(project, since),
            _version(project),
            _model(project),
            _production(made, verdicts),
            _audit(judged, running, {one.model_version_id for one in found}),
            _hard_samples(project, since),
        ],
        verdicts=verdicts,
        running=running,
        answering=frozenset(one.name for one in found if one.pk in made.endpoints),
        endpoint_ids={one.name: one.pk for one in found},
    )


def _verdict(project: Project, endpoint: Any, judged: list[Audit]) -> Verdict:
    own = [audit for audit in judged if audit.endpoint_id == endpoint.pk]
    promised = promised_accuracy(endpoint.model_version)
    return still_right(
        audit=latest_of_model(own, endpoint.model_version_id),
        expected=promised[0].as_json() if promised else None,
        look=latest_production_look(project, version=str(endpoint.model_version.run.version)),
    )


def _define(project: Project) -> Station:
    brief = briefs.current(project)
    if brief is None:
        return Station(
            key="define", light="empty", figure="—", unit="brief", link="brief",
            said=words.NO_BRIEF(),
        )  # fmt: skip
    lights: dict[str, Light] = {"draft": "warning", "signed": "good", "stopped": "bad"}
    phrase = words.BRIEF[str(brief.state)]
    return Station(
        key="define", light=lights[str(brief.state)], figure=f"r{brief.revision}", unit="brief", link="brief",
        said=phrase(name=brief.signed_name) if phrase.fields else phrase(),
    )  # fmt: skip


def _data(project: Project, since: Any) -> Station:
    found = counts.items(project, since=since)
    if not found.total:
        return Station(key="data", light="empty", figure="0", unit="items", link="data", said=words.NO_ITEMS())
    rejected = words.REJECTED(rejected=found.rejected) if found.rejected else NOTHING
    return Station(
        key="data", light="good", figure=f"{found.total:,}", unit="items", link="data", flow=found.recent,
        said=words.ITEMS(items=found.total, sources=found.sources) + rejected,
    )  # fmt: skip


def _labels(project: Project, since: Any) -> Station:
    labelled = counts.labels(project, since=since)
    work = queues.counts_by_state(project)
    disputed = sum(review.open_counts(project).values())
    left = max(work["n_slots"] - work["n_done"], 0)
    if not labelled.total and not work["n_open"]:
        return Station(key="labels", light="empty", figure="0", unit="labels", link="label", said=words.NO_LABELS())
    light: Light = "warning" if disputed else "good"
    if disputed:
        rest = words.WANTED_DISPUTED(left=left, disputed=disputed) if left else words.ALL_DISPUTED(disputed=disputed)
    else:
        rest = words.WANTED(left=left) if left else words.ALL_THERE()
    return Station(
        key="labels", light=light, figure=f"{labelled.total:,}", unit="labels", link="label", flow=labelled.recent,
        said=words.LABELS(labels=labelled.total, rest=rest),
    )  # fmt: skip


def _version(project: Project) -> Station:
    latest = counts.latest_frozen(project)
    if latest is None:
        return Station(
            key="version", light="empty", figure="—", unit="version", link="versions",
            said=words.NO_VERSION(),
        )  # fmt: skip
    newer = counts.labels(project, since=latest.created_at).recent
    return Station(
        key="version", light="good", figure=str(latest), unit="version", link=f"versions/{latest}", flow=newer,
        said=words.VERSION(version=str(latest), newer=newer),
    )  # fmt: skip


def _model(project: Project) -> Station:
    found = overview.best_model(project)
    if found is None:
        return Station(
            key="model",
            light="empty",
            figure="—",
            unit="model",
            link="models",
            said=words.NO_MODEL(),
        )  # fmt: skip
    light: Light = "good" if found.beats_baseline else "warning"
    return Station(
        key="model", light=light, figure=found.name, unit="model", link=f"models/{found.public_id}",
        estimate=found.estimate, said=found.said,
    )  # fmt: skip


def _production(made: PredictionsMade, verdicts: dict[str, Verdict]) -> Station:
    if not made.total:
        return Station(
            key="production", light="empty", figure="0", unit="predictions", link="production",
            said=words.NO_TRAFFIC(),
        )  # fmt: skip
    worst = min(verdicts.values(), key=lambda one: ("bad", "warning", "empty", "good").index(one.light), default=None)
    return Station(
        key="production",
        light=worst.light if worst else "warning",
        figure=f"{made.total:,}",
        unit="predictions",
        link="production",
        flow=made.lately,
        said=worst.said if worst else words.NOBODY_IN_CHARGE(),
    )


def _audit(judged: list[Audit], running: list[tuple[Audit, int]], in_charge: set[int | None]) -> Station:
    """The latest random audit that has a number. Hard samples are never one."""
    waiting = [n for audit, n in running if audit.kind == AuditKind.RANDOM]
    if not judged:
        light: Light = "warning" if waiting else "empty"
        return Station(
            key="audit", light=light, figure="…" if waiting else "—", unit="accuracy", link="production?tab=audits",
            said=words.FIRST_AUDIT() if waiting else words.NO_AUDIT(),
        )  # fmt: skip
    latest = judged[-1]
    result: dict[str, Any] = latest.result or {}
    more = words.STILL_WANTED(n=sum(waiting)) if sum(waiting) else NOTHING
    is_old = latest.model_version_id not in in_charge
    replaced = words.REPLACED(model=str(latest.model_version)) if is_old else NOTHING
    return Station(
        key="audit", light="warning" if more or replaced else "good", figure=f"{result['accuracy']['value']:.1%}",
        unit="accuracy", link=f"production/audits/{latest.public_id}", estimate=result["accuracy"],
        said=Said.stored(result) + replaced + more,
    )  # fmt: skip


def _hard_samples(project: Project, since: Any) -> Station:
    rows = HardSample.objects.filter(batch__project=project)
    total, waiting = rows.count(), rows.filter(fate="waiting").count()
    if not total:
        return Station(
            key="hard_samples", light="empty", figure="0", unit="hard_samples", link="production",
            said=words.NO_HARD(),
        )  # fmt: skip
    told = words.HARD_WAITING(n=total, waiting=waiting) if waiting else words.HARD_SENT(n=total)
    return Station(
        key="hard_samples", light="warning" if waiting else "good", figure=f"{total:,}", unit="hard_samples",
        link="production", flow=rows.filter(created_at__gte=since).count(),
        said=told,
    )  # fmt: skip
