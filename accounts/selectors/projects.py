"""Which projects a person may see, and as what."""

from collections.abc import Collection

from django.db.models import QuerySet

from accounts.models import ApiToken, Membership, Project, Role, User
from common.problems import Forbidden, NotFound


def projects_visible_to(user: User, token: ApiToken | None = None) -> QuerySet[Project]:
    """The user's projects; through a token that is bound to one, that one."""
    found: QuerySet[Project] = Project.objects.visible_to(user)
    return found.filter(pk=token.project_id) if token and token.project_id else found


def memberships_of(user: User, token: ApiToken | None = None) -> QuerySet[Membership]:
    """The user's memberships with their projects, by name; through a token that is bound to a project, that one."""
    found = Membership.objects.filter(user=user).select_related("project").order_by("project__name", "id")
    return found.filter(project_id=token.project_id) if token and token.project_id else found


def membership_for(user: User, slug: str, token: ApiToken | None = None) -> Membership:
    """The user's membership in the project. Raises NotFound for strangers and for a token of another project."""
    found = Membership.objects.select_related("project").filter(user=user, project__slug=slug).first()
    if found is None or (token is not None and token.project_id not in (None, found.project_id)):
        raise NotFound(f"There is no project “{slug}” that you may see.")
    return found


def project_for(user: User, slug: str, roles: Collection[str] = frozenset(Role)) -> Project:
    """The project, if the user is in it in one of these roles. Raises NotFound or Forbidden."""
    membership = membership_for(user, slug)
    if membership.role not in roles:
        raise Forbidden("Your role in this project does not allow this.")
    return membership.project


def members_of(project: Project) -> QuerySet[Membership]:
    return Membership.objects.filter(project=project).select_related("user").order_by("user__name", "id")


def users_in(project: Project, roles: Collection[str]) -> QuerySet[User]:
    """People of a project in one of these roles."""
    return User.objects.filter(memberships__project=project, memberships__role__in=roles, is_active=True)
