"""Every view of a project starts here: strangers meet 404, members of the wrong role a sentence."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.utils.functional import cached_property
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from accounts.models import ApiToken, Membership, Project, Role, Scope, User
from accounts.selectors.projects import membership_for
from common.problems import Forbidden, InvalidInput

EVERYONE = frozenset(Role)
LEADS = frozenset({Role.OWNER, Role.LEAD})
REVIEWERS = LEADS | {Role.REVIEWER}
READERS = REVIEWERS | {Role.RESEARCHER}  # whoever may see data and numbers; annotators see their own work only
LABELLERS = REVIEWERS | {Role.ANNOTATOR}


def require_scope(request: Request, *, write: bool, accepted: Collection[str] = ()) -> None:
    """A token may do no more than its scopes. Raises Forbidden."""
    token = request.auth
    if not isinstance(token, ApiToken):
        return
    needed = {Scope.WRITE.value} if write else {Scope.WRITE.value, Scope.READ.value}
    if not (needed | set(accepted)) & set(token.scopes):
        raise Forbidden(
            f"This token lacks the scope {' or '.join(sorted(needed | set(accepted)))}. Make one that has it."
        )


class ProjectView(GenericViewSet[Any]):
    """Base of views below `projects/{slug}/`.

    `roles_read` and `roles_write` name who may use safe and unsafe methods; `scopes` names token scopes accepted
    beside read and write. `self.project` and `self.membership` are resolved before the handler runs.
    Plain views can be made of it too: define `get`, `post`, … and route `View.as_view({"get": "list"})`.
    """

    roles_read: ClassVar[Collection[str]] = READERS
    roles_write: ClassVar[Collection[str]] = LEADS
    scopes: ClassVar[Collection[str]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise InvalidInput("The address has a NUL character in it. Remove it.")
        write = request.method not in SAFE_METHODS
        allowed = self.roles_for(request, write=write)
        if self.membership.role not in allowed:
            names = ", ".join(str(Role(role).label).lower() for role in Role.values if role in allowed)
            raise Forbidden(
                f"In this project you are {self.membership.get_role_display().lower()}; this needs {names}."
            )
        require_scope(request, write=write, accepted=self.scopes)

    def roles_for(self, request: Request, *, write: bool) -> Collection[str]:
        """Who may; a view that differs by action overrides it."""
        return self.roles_write if write else self.roles_read

    @cached_property
    def membership(self) -> Membership:
        token = self.request.auth
        return membership_for(self.user, self.kwargs["slug"], token if isinstance(token, ApiToken) else None)

    @property
    def project(self) -> Project:
        return self.membership.project

    @property
    def user(self) -> User:
        user = self.request.user
        assert isinstance(user, User)  # IsAuthenticated ran before
        return user
