from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Project, User
from accounts.services.audit_trail import record
from common.problems import Conflict, DomainError, InvalidInput
from datasets.brief_form.checks import clean_answers, figures, missing_for_signature
from datasets.brief_form.templates import TEMPLATES
from datasets.models import Brief
from datasets.selectors.briefs import stopped


class ProjectStopped(DomainError):
    code = "project-stopped"
    title = "The project was stopped"


def refuse_when_stopped(project: Project, what: str) -> None:
    """Raises ProjectStopped, naming who stopped the project and why. what: a plural, such as "Runs"."""
    decision = stopped(project)
    if decision is not None and decision.decided_at is not None:
        raise ProjectStopped(
            f"{what} are refused: {decision.signed_name} stopped the project on {decision.decided_at:%d %B %Y}, "
            f"because: {decision.decision_reason.rstrip('.')}. Write and sign a new brief to go on; labeling may go on "
            "without."
        )


@transaction.atomic
def save_draft(*, project: Project, answers: dict[str, Any], template: str = "", by: User | None) -> Brief:
    """Write the draft; a signed or stopped brief is followed by a new revision. Raises InvalidInput by field."""
    cleaned, errors = clean_answers(answers)
    if errors:
        key, sentences = next(iter(errors.items()))
        raise InvalidInput(f"{key}: {sentences[0]}", errors={f"answers.{k}": v for k, v in errors.items()})
    if template and template not in {one.key for one in TEMPLATES}:
        raise InvalidInput(f"There is no template {template!r}.", errors={"template": ["Unknown template."]})
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    brief = Brief.objects.filter(project=project, state=Brief.State.DRAFT).first()
    if brief is None:
        last = Brief.objects.filter(project=project).aggregate(last=Max("revision"))["last"] or 0
        brief = Brief(project=project, revision=last + 1, created_by=by)
    brief.answers, brief.template = cleaned, template or brief.template
    _copy_figures(brief)
    brief.save()
    return brief


@transaction.atomic
def sign_brief(*, project: Project, name: str, by: User, seen: datetime | None = None) -> Brief:
    """A named person stands for it. seen: updated_at of the draft that the person read.

    Raises InvalidInput while something that matters is not answered, Conflict when the draft changed since it was read.
    """
    brief = _draft(project, seen)
    missing = missing_for_signature(brief.answers)
    if missing:
        raise InvalidInput(
            f"Before it can be signed the brief needs: {', '.join(missing)}.",
            errors={f"answers.{key}": ["Needed for a signature."] for key in missing},
        )
    return _decide(brief, Brief.State.SIGNED, name, "", by)


@transaction.atomic
def stop_brief(*, project: Project, name: str, reason: str, by: User, seen: datetime | None = None) -> Brief:
    """A named person ends the project here, with the reason. seen: as in `sign_brief`.

    A signed brief can be stopped, too: the signed revision stays as it is, and one that says the same is stopped.
    """
    if not reason.strip():
        raise InvalidInput("Say why the project stops.", errors={"reason": ["A reason is needed."]})
    return _decide(_to_stop(project, seen, by), Brief.State.STOPPED, name, reason.strip(), by)


def _to_stop(project: Project, seen: datetime | None, by: User) -> Brief:
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    newest: Brief | None = Brief.objects.filter(project=project).order_by("-revision").first()
    if newest is None or newest.state != Brief.State.SIGNED:
        return _draft(project, seen)
    if seen is not None and newest.updated_at != seen:
        raise Conflict("Somebody changed the brief after you read it. Read it again, then decide.")
    again = Brief(
        project=project, revision=newest.revision + 1, template=newest.template, answers=newest.answers, created_by=by
    )
    _copy_figures(again)
    return again


def _draft(project: Project, seen: datetime | None) -> Brief:
    brief: Brief | None = Brief.objects.select_for_update().filter(project=project, state=Brief.State.DRAFT).first()
    if brief is None:
        raise Conflict("There is no draft to decide on. Write or change the brief first.")
    if seen is not None and brief.updated_at != seen:
        raise Conflict("Somebody changed the brief after you read it. Read it again, then decide.")
    return brief


def _decide(brief: Brief, state: str, name: str, reason: str, by: User) -> Brief:
    if not name.strip():
        raise InvalidInput("Sign with your name.", errors={"name": ["A name is needed."]})
    brief.state, brief.signed_name, brief.decision_reason = state, name.strip(), reason
    brief.decided_by, brief.decided_at = by, timezone.now()
    brief.save()
    record(
        project=brief.project, actor=by, action=f"brief.{state}", subject=f"revision {brief.revision}",
        data={"name": brief.signed_name, "reason": reason},
    )  # fmt: skip
    return brief


def _copy_figures(brief: Brief) -> None:
    found = figures(brief.answers)
    brief.task_kind, brief.class_of_concern = found.task_kind, found.class_of_concern
    brief.positive_share, brief.cases_per_day = found.positive_share, found.cases_per_day
    brief.lifetime_days = found.lifetime_days
