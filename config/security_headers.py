"""Headers that every answer carries."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit
from wsgiref.headers import Headers

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


def _object_origin() -> str:
    """Origin of the bucket that signed media addresses lead to, with a leading blank, or nothing."""
    store = settings.OBJECT_STORE
    if store["kind"] != "s3" or not store["endpoint_url"]:
        return ""
    parts = urlsplit(str(store["endpoint_url"]))
    return f" {parts.scheme}://{parts.netloc}"


def page_policy(nonce: str) -> str:
    """Content-Security-Policy of the application: no inline scripts, no eval; WebAssembly for ONNX in the browser."""
    media = _object_origin()
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            f"style-src 'self' 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",  # computed sizes and colours; scripts stay forbidden
            f"img-src 'self' data: blob:{media}",
            f"connect-src 'self'{media}",
            "worker-src 'self' blob:",
            "font-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


API_POLICY = "default-src 'none'; frame-ancestors 'none'"
SWAGGER_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)
# OpenCV makes functions from text, which nothing else may: so its worker, and no page, has a policy that lets it.
# `connect-src data:` because it fetches the WebAssembly that it carries in itself.
EVAL_WORKER = re.compile(r"/assets/grabcut\.worker-[A-Za-z0-9_-]{8,}\.js$")
EVAL_WORKER_POLICY = "default-src 'none'; script-src 'self' 'unsafe-eval'; connect-src data:"


def add_static_headers(headers: Headers, path: str, url: str) -> None:
    """Called by WhiteNoise for each built file."""
    if EVAL_WORKER.search(url):
        headers["Content-Security-Policy"] = EVAL_WORKER_POLICY


class SecurityHeadersMiddleware:
    """Sets what a view did not set itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = SWAGGER_POLICY if request.path == "/api/v1/docs" else API_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.path.startswith("/api/") and isinstance(response, HttpResponse):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
