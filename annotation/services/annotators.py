"""Who labels in a project: made on first use, described by the lead."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import Membership, Project, User
from accounts.services.audit_trail import record
from annotation.models import Annotator, AnnotatorKind, AnnotatorState, Participation
from annotation.services.hot.policy import LABELLING_ROLES
from common.problems import InvalidInput

MAX_SKILLS = 50


def join_project(*, user_id: int, project_id: int) -> Annotator:
    """The user as an annotator of the project. The caller has checked the membership."""
    annotator, _ = Annotator.objects.get_or_create(project_id=project_id, user_id=user_id)
    return annotator


@transaction.atomic
def enrol(
    *,
    project: Project,
    user: User,
    kind: str = AnnotatorKind.STAFF,
    skills: Sequence[str] = (),
    is_simulated: bool = False,
    pseudonym: str | None = None,
    by: User | None = None,
) -> Annotator:
    """Make a member an annotator, or describe one anew. Raises InvalidInput for somebody who may not label here."""
    if not Membership.objects.filter(project=project, user=user, role__in=LABELLING_ROLES).exists():
        raise InvalidInput(f"{user} is no member of {project} who may label. Add them under Settings, Members first.")
    annotator, _ = Annotator.objects.get_or_create(project=project, user=user)
    annotator.is_simulated = is_simulated
    if pseudonym:
        annotator.pseudonym = pseudonym
    annotator.save(update_fields=["is_simulated", "pseudonym"])
    return change_annotator(annotator=annotator, kind=kind, skills=skills, by=by)


@transaction.atomic
def change_annotator(
    *,
    annotator: Annotator,
    kind: str | None = None,
    skills: Sequence[str] | None = None,
    state: str | None = None,
    by: User | None = None,
) -> Annotator:
    """Set kind, skills or state. Skills and kinds open and close queues at the annotator's next request."""
    if kind is not None:
        if kind not in AnnotatorKind.values:
            kinds = ", ".join(AnnotatorKind.values)
            raise InvalidInput(f"A kind is one of {kinds}.", errors={"kind": ["Unknown kind."]})
        annotator.kind = kind
    if state is not None:
        if state not in AnnotatorState.values:
            raise InvalidInput("The state is active or paused.", errors={"state": ["Unknown state."]})
        if state == AnnotatorState.ACTIVE:  # after a rest one starts anew
            Participation.objects.filter(annotator=annotator, gold_streak__gt=0).update(gold_streak=0)
        annotator.state = state
    if skills is not None:
        annotator.skills = clean_skills(skills)
    annotator.save(update_fields=["kind", "state", "skills"])
    record(
        project=annotator.project,
        actor=by,
        action="annotator.changed",
        subject=annotator.pseudonym,
        data={"kind": annotator.kind, "skills": annotator.skills, "state": annotator.state},
    )
    return annotator


def clean_skills(skills: Sequence[str]) -> list[str]:
    """Skills as short lower-case words, sorted. Raises InvalidInput."""
    cleaned = sorted({" ".join(str(skill).lower().split()) for skill in skills} - {""})
    if len(cleaned) > MAX_SKILLS or any(len(skill) > 40 for skill in cleaned):
        raise InvalidInput(
            f"Give at most {MAX_SKILLS} skills of at most 40 characters each.",
            errors={"skills": ["Too many or too long."]},
        )
    return cleaned
