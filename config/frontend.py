"""The single-page application: one index page for every address that is not the API's."""

import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from config.security_headers import page_policy

NONCE_MARK = "__CSP_NONCE__"
NOT_BUILT = "<!doctype html><title>Touchstone</title><p>The pages are not built yet. Run <code>make setup</code>."


@lru_cache(maxsize=2)
def _template(path: Path, changed_ns: int) -> str:
    return path.read_text(encoding="utf-8")


@require_safe
@ensure_csrf_cookie
def index(request: HttpRequest) -> HttpResponse:
    """The built page with a fresh style nonce. Never cached, so that a new build is met at once."""
    path = Path(settings.FRONTEND_DIST) / "index.html"
    try:
        html = _template(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return HttpResponse(NOT_BUILT, status=503)
    nonce = secrets.token_urlsafe(16)
    response = HttpResponse(html.replace(NONCE_MARK, nonce))
    response["Content-Security-Policy"] = page_policy(nonce)
    response["Cache-Control"] = "no-store"
    return response


def problem_page(request: HttpRequest) -> HttpResponse:
    """Where a problem's `type` points: the application explains it."""
    return index(request)
