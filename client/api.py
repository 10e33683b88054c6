"""A small Python client of the HTTP API: sign in or bring a token, ask, page, wait for jobs."""

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

FINISHED = {"succeeded", "failed", "cancelled"}


class ProblemError(Exception):
    """The server's problem document as an exception: `status`, `code`, `detail` and the whole `body`."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{body.get('title', 'Error')} ({status}): {body.get('detail', '')}")
        self.status = status
        self.code = str(body.get("code", "error"))
        self.detail = str(body.get("detail", ""))
        self.body = body


class Touchstone:
    """One connection to a server, as one person. Not for sharing between threads.

    >>> stone = Touchstone("http://localhost:8000", token="tst_…")  # doctest: +SKIP
    >>> for version in stone.pages("projects/emoji/versions"):      # doctest: +SKIP
    ...     print(version["name"])
    """

    def __init__(self, base_url: str, *, token: str | None = None, timeout_seconds: float = 60.0) -> None:
        self.base_url = base_url.rstrip("/")
        self.timeout_seconds = timeout_seconds
        self.http = requests.Session()
        # Only reads are repeated by themselves; writes carry an Idempotency-Key when the caller may repeat them.
        retry = Retry(total=3, backoff_factor=0.2, status_forcelist=(502, 503, 504), allowed_methods=("GET",))
        self.http.mount(self.base_url, HTTPAdapter(max_retries=retry))
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"

    @classmethod
    def signed_in(cls, base_url: str, email: str, password: str) -> Self:
        """A client with a browser-like session. Raises ProblemError for wrong credentials."""
        client = cls(base_url)
        client.get("session")  # brings the CSRF cookie
        client.post("session", {"email": email, "password": password})
        return client

    def request(self, method: str, path: str, **options: Any) -> Any:
        """Ask `path` below /api/v1/ (or an absolute path). Returns the JSON answer, or None for an empty one."""
        url = self.base_url + (path if path.startswith("/") else f"/api/v1/{path}")
        headers = dict(options.pop("headers", None) or {})
        if token := self.http.cookies.get("csrftoken"):
            headers.setdefault("X-CSRFToken", str(token))
            headers.setdefault("Referer", self.base_url)
        answer = self.http.request(method, url, headers=headers, timeout=self.timeout_seconds, **options)
        if answer.status_code >= 400:
            raise ProblemError(answer.status_code, _problem_of(answer))
        return answer.json() if answer.content else None

    def get(self, path: str, **params: Any) -> Any:
        return self.request("GET", path, params=params)

    def download(self, url: str) -> bytes:
        """The bytes behind an address that an answer contained (`/media/…`, or a bucket's)."""
        whole = url if "://" in url else self.base_url + url
        answer = self.http.get(whole, timeout=self.timeout_seconds)
        if answer.status_code >= 400:
            raise ProblemError(answer.status_code, _problem_of(answer))
        return answer.content

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """POST once: the Idempotency-Key (minted here unless given) makes a repeat harmless."""
        return self.request("POST", path, json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())})

    def put(self, path: str, body: Any) -> Any:
        return self.request("PUT", path, json=body)

    def patch(self, path: str, body: Any) -> Any:
        return self.request("PATCH", path, json=body)

    def pages(self, path: str, **params: Any) -> Iterator[Any]:
        """Every row of a keyset-paginated list."""
        while True:
            page = self.get(path, **params)
            yield from page["results"]
            if page["next"] is None:
                return
            params["cursor"] = page["next"]

    def wait(
        self,
        project: str,
        job: dict[str, Any],
        *,
        every_seconds: float = 0.5,
        give_up_after_seconds: float = 1800,
        progress: Callable[[dict[str, Any]], None] | None = None,
    ) -> dict[str, Any]:
        """Follow a job to its end. Raises ProblemError when it failed, TimeoutError when it takes too long."""
        deadline = time.monotonic() + give_up_after_seconds
        while True:
            found: dict[str, Any] = self.get(f"projects/{project}/jobs/{job['id']}")
            if progress:
                progress(found)
            if found["state"] == "failed":
                raise ProblemError(int(found["error"].get("status", 500)), found["error"])
            if found["state"] in FINISHED:
                return found
            if time.monotonic() > deadline:
                raise TimeoutError(f"Job {found['kind']} is still {found['state']} after {give_up_after_seconds:.0f} s")
            time.sleep(every_seconds)


def _problem_of(answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    return {"title": answer.reason, "detail": answer.text[:200], "code": "error"}
