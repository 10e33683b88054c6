"""Who is asking: a browser's session, or a program's token."""

import hashlib
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts.models import ApiToken, User

TOUCH_EVERY = timedelta(minutes=5)


def token_of(request: HttpRequest | Request) -> ApiToken | None:
    """The token in the Authorization header. None without one; raises AuthenticationFailed for a bad one."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _, text = header.partition(" ")
    if scheme.lower() not in {"bearer", "token"}:
        return None
    digest = hashlib.sha256(text.strip().encode()).hexdigest()
    token = ApiToken.objects.usable().select_related("user", "project").filter(digest=digest).first()
    if token is None:
        raise exceptions.AuthenticationFailed(
            "This token is unknown, revoked or expired. Make a new one under Settings."
        )
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - TOUCH_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


class TokenAuthentication(authentication.BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        token = token_of(request)
        return None if token is None else (token.user, token)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """Session with CSRF; answers 401, not 403, so that the page can ask to sign in again in place."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return build_bearer_security_scheme_object(header_name="Authorization", token_prefix="Bearer")


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
