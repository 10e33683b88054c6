"""Errors that a person can act on: domain errors and their form on the wire, problem+json (RFC 9457)."""

import logging
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"


class DomainError(Exception):
    """Something the domain refuses, told in a sentence that names the thing, the place and the remedy.

    Subclasses set `status`, a frozen `code` that clients translate, and `title`. Keyword arguments become members
    of the problem document.
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = "conflict"
    title: ClassVar[str] = "This cannot be done now"

    def __init__(self, detail: str, **context: Any) -> None:
        super().__init__(detail)
        self.context = context


class Conflict(DomainError):
    pass


class NotFound(DomainError):
    status = 404
    code = "not-found"
    title = "Not found"

    def __init__(self, detail: str = "There is nothing here that you may see.", **context: Any) -> None:
        super().__init__(detail, **context)


class Forbidden(DomainError):
    status = 403
    code = "forbidden"
    title = "Your role does not allow this"


class InvalidInput(DomainError):
    """Input that cannot be used. `errors` maps a field to its sentences."""

    status = 422
    code = "invalid-input"
    title = "The input cannot be used"

    def __init__(self, detail: str, *, errors: dict[str, list[str]] | None = None, **context: Any) -> None:
        if errors:
            context["errors"] = errors
        super().__init__(detail, **context)


def problem(status: int, code: str, title: str, detail: str, **context: Any) -> dict[str, Any]:
    """A problem document."""
    return {"type": f"/problems/{code}", "title": title, "status": status, "code": code, "detail": detail, **context}


def of_domain_error(error: DomainError) -> dict[str, Any]:
    """The problem document of a domain error."""
    return problem(error.status, error.code, error.title, str(error), **error.context)


def problem_response(error: DomainError) -> JsonResponse:
    """For thin Django views that do without DRF."""
    return JsonResponse(of_domain_error(error), status=error.status, content_type=CONTENT_TYPE)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's one place for errors. What is not known stays a loud 500."""
    body: dict[str, Any] | None = None
    headers: dict[str, str] = {}
    if isinstance(error, DomainError):
        body = of_domain_error(error)
    elif isinstance(error, Http404):
        body = of_domain_error(NotFound())
    elif isinstance(error, PermissionDenied):
        body = problem(
            403, "forbidden", "Your role does not allow this", str(error) or "Ask the project's owner for access."
        )
    elif isinstance(error, exceptions.APIException):
        body = _of_api_exception(error)
        if wait := getattr(error, "wait", None):
            headers["Retry-After"] = f"{wait:.0f}"
        if header := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = header
    if body is None:
        return None
    set_rollback()
    return Response(body, status=body["status"], content_type=CONTENT_TYPE, headers=headers)


def _of_api_exception(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        errors = _flatten(error.detail)
        first = next(iter(errors.items()), ("", ["The input cannot be used."]))
        detail = f"{first[0]}: {first[1][0]}" if first[0] else first[1][0]
        return problem(422, "invalid-input", "The input cannot be used", detail, errors=errors)
    codes: dict[int, tuple[str, str]] = {
        400: ("malformed-request", "The request cannot be read"),
        401: ("not-signed-in", "Sign in first"),
        403: ("forbidden", "Your role does not allow this"),
        404: ("not-found", "Not found"),
        405: ("method-not-allowed", "This address does not take that method"),
        406: ("not-acceptable", "Only JSON is offered"),
        415: ("unsupported-media-type", "This content type is not taken here"),
        429: ("too-many-requests", "Too many requests"),
    }
    code, title = codes.get(error.status_code, ("error", "The request failed"))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        code, title = codes[401]
        return problem(401, code, title, str(error.detail))
    return problem(error.status_code, code, title, str(error.detail))


def _flatten(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            found.update(_flatten(value, ".".join(part for part in (prefix, name) if part)))
        return found
    if isinstance(detail, list) and any(isinstance(part, dict | list) for part in detail):
        found = {}
        for index, value in enumerate(detail):
            found.update(_flatten(value, f"{prefix}[{index}]"))
        return found
    return {prefix: [str(part) for part in detail] if isinstance(detail, list) else [str(detail)]}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's page for a missing or wrong CSRF token, as a problem."""
    body = problem(403, "csrf", "The page is too old", "Reload the page and try again; what you entered is kept.")
    return JsonResponse(body, status=403, content_type=CONTENT_TYPE)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 outside of DRF."""
    return problem_response(NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort; the log has the trace."""
    body = problem(500, "server-error", "Something broke on the server", "It was logged. Try again in a moment.")
    return JsonResponse(body, status=500, content_type=CONTENT_TYPE)
