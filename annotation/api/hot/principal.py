"""Who asks, remembered for a few seconds: the hot endpoints are asked several times a second by the same people.

A session that ends or a token that is revoked keeps working here for up to TTL_SECONDS; membership, role and state of
the annotator are read from the database every time.
"""

import hashlib
import time
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import CSRFCheck
from rest_framework.exceptions import AuthenticationFailed

from accounts.api.authentication import token_of
from accounts.models import Scope
from common.problems import DomainError, Forbidden

TTL_SECONDS = 10.0
MAX_REMEMBERED = 10_000
_remembered: dict[str, tuple[float, "Principal"]] = {}


@dataclass(frozen=True)
class Principal:
    """A user who may label. project_id: the only project of a token that is bound to one."""

    user_id: int
    project_id: int | None
    by_session: bool


class NotSignedIn(DomainError):
    status = 401
    code = "not-signed-in"
    title = "Sign in first"


class CsrfRefused(DomainError):
    status = 403
    code = "csrf"
    title = "The page is too old"


def principal_of(request: HttpRequest) -> Principal:
    """The asker. Raises NotSignedIn, Forbidden for a token without the scope, CsrfRefused."""
    key = _key(request)
    now = time.monotonic()
    known = _remembered.get(key) if key else None
    if known is not None and known[0] > now:
        principal = known[1]
    else:
        principal = _look_up(request)
        if key:
            if len(_remembered) >= MAX_REMEMBERED:
                _remembered.clear()
            _remembered[key] = (now + TTL_SECONDS, principal)
    if principal.by_session:
        _check_csrf(request)
    return principal


def forget() -> None:
    """Ask the database again, now."""
    _remembered.clear()


def _key(request: HttpRequest) -> str | None:
    secret = request.META.get("HTTP_AUTHORIZATION") or request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return hashlib.sha256(secret.encode()).hexdigest() if secret else None


def _look_up(request: HttpRequest) -> Principal:
    try:
        token = token_of(request)
    except AuthenticationFailed as error:
        raise NotSignedIn(str(error.detail)) from error
    if token is not None:
        if not {Scope.LABEL.value, Scope.WRITE.value} & set(token.scopes):
            raise Forbidden("This token lacks the scope label or write. Make one that has it.")
        return Principal(user_id=token.user_id, project_id=token.project_id, by_session=False)
    if not request.user.is_authenticated:
        raise NotSignedIn("Your session is over. Sign in again; your unsent answers are kept.")
    return Principal(user_id=request.user.pk, project_id=None, by_session=True)


def _check_csrf(request: HttpRequest) -> None:
    check = CSRFCheck(_go_on)
    check.process_request(request)
    if reason := check.process_view(request, _go_on, (), {}):
        raise CsrfRefused(f"Reload the page and try again; what you entered is kept. ({reason})")


def _go_on(request: HttpRequest) -> HttpResponse:
    """The view that the check stands before."""
    return HttpResponse(status=204)
