"""Signing in and out with a browser session."""

from typing import Any

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.api.permissions import require_scope
from accounts.api.serializers import FirstPasswordIn, PasswordIn, PreferencesIn, SessionOut, SignIn
from accounts.models import ApiToken, User
from accounts.selectors.projects import memberships_of
from accounts.services import passwords, sign_in_limits
from common.problems import DomainError, Forbidden


class WrongCredentials(DomainError):
    status = 401
    code = "wrong-credentials"
    title = "Wrong address or password"


class SignInThrottle(BaseThrottle):
    """Slows down guessing, over all web processes."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method != "POST":
            return True
        self._wait = sign_in_limits.wait_before(email=_email_in(request), machine=self.get_ident(request) or "")
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait


def _email_in(request: Request) -> str:
    return str(request.data.get("email", ""))[:254] if isinstance(request.data, dict) else ""


def session_of(request: Request) -> dict[str, Any]:
    user = request.user
    if not isinstance(user, User):
        return {"user": None, "memberships": [], "preferences": {}}
    token = request.auth if isinstance(request.auth, ApiToken) else None
    return {"user": user, "memberships": memberships_of(user, token), "preferences": user.preferences}


class PasswordThrottle(BaseThrottle):
    """Guessing a password or the secret of a link is slowed down as signing in is."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self._wait = sign_in_limits.wait_before(email=_who(request), machine=self.get_ident(request) or "")
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait


def _who(request: Request) -> str:
    if isinstance(request.user, User):
        return request.user.email
    return str(request.data.get("user", ""))[:254] if isinstance(request.data, dict) else ""


def _was_no_guess(request: Request) -> None:
    sign_in_limits.give_back(email=_who(request), machine=PasswordThrottle().get_ident(request) or "")


class PasswordView(APIView):
    throttle_classes = (PasswordThrottle,)

    @extend_schema(operation_id="session_change_password", request=PasswordIn, responses={204: None}, tags=["accounts"])
    def post(self, request: Request) -> Response:
        """Change the own password: this session goes on, those elsewhere end."""
        user = request.user
        if not isinstance(user, User) or isinstance(request.auth, ApiToken):
            raise Forbidden("A token cannot change a password. Sign in with a browser.")
        form = PasswordIn(data=request.data)
        form.is_valid(raise_exception=True)
        changed = passwords.change_password(
            user=user, current=form.validated_data["current_password"], new=form.validated_data["new_password"]
        )
        _was_no_guess(request)
        update_session_auth_hash(request._request, changed)
        return Response(status=204)


class FirstPasswordView(APIView):
    permission_classes = (AllowAny,)
    throttle_classes = (PasswordThrottle,)

    @extend_schema(
        operation_id="session_choose_password", request=FirstPasswordIn, responses={204: None}, tags=["accounts"]
    )
    def post(self, request: Request) -> Response:
        """Choose a password by a link that was given out; it works once."""
        form = FirstPasswordIn(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        passwords.choose_password(user_id=told["user"], secret=told["key"], password=told["password"])
        _was_no_guess(request)
        return Response(status=204)


class SessionView(APIView):
    permission_classes = (AllowAny,)
    throttle_classes = (SignInThrottle,)

    @extend_schema(operation_id="session_get", responses=SessionOut, tags=["accounts"])
    def get(self, request: Request) -> Response:
        """Who is signed in, and their projects."""
        get_token(request._request)  # the cookie that the next POST needs
        return Response(SessionOut(session_of(request)).data)

    @extend_schema(operation_id="session_sign_in", request=SignIn, responses=SessionOut, tags=["accounts"])
    def post(self, request: Request) -> Response:
        """Sign in."""
        form = SignIn(data=request.data)
        form.is_valid(raise_exception=True)
        user = authenticate(
            request._request,
            username=form.validated_data["email"].strip().lower(),
            password=form.validated_data["password"],
        )
        if user is None:
            raise WrongCredentials("This e-mail address and password do not belong together. Check both and try again.")
        sign_in_limits.give_back(email=_email_in(request), machine=SignInThrottle().get_ident(request) or "")
        login(request._request, user)
        request.user = user
        return Response(SessionOut(session_of(request)).data)

    @extend_schema(operation_id="session_sign_out", request=None, responses={204: None}, tags=["accounts"])
    def delete(self, request: Request) -> Response:
        """Sign out."""
        logout(request._request)
        return Response(status=204)

    @extend_schema(operation_id="session_preferences", request=PreferencesIn, responses=SessionOut, tags=["accounts"])
    def patch(self, request: Request) -> Response:
        """Change the signed-in person's language and preferences (merged key by key)."""
        form = PreferencesIn(data=request.data)
        form.is_valid(raise_exception=True)
        user = request.user
        if not isinstance(user, User):
            raise WrongCredentials("Sign in first.")
        require_scope(request, write=True)
        user.locale = form.validated_data.get("locale", user.locale)
        user.preferences = {**user.preferences, **form.validated_data.get("preferences", {})}
        user.save(update_fields=["locale", "preferences"])
        return Response(SessionOut(session_of(request)).data)
