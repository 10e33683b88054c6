"""next, submit, heartbeat, release: plain Django views around prepared statements."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.models import User
from annotation.api.hot import schema
from annotation.api.hot.principal import Principal, principal_of
from annotation.api.hot.reading import Body, body_of, submission, text, tokens, whole
from annotation.api.pictures import work_item
from annotation.services.hot import policy
from annotation.services.hot.leasing import Lease, next_leases
from annotation.services.hot.submitting import submit
from annotation.services.hot.upkeep import heartbeat, release
from common.problems import DomainError, problem, problem_response

P = ParamSpec("P")
Handler = Callable[Concatenate[Principal, Body, P], tuple[int, Any]]


def hot(handler: Handler[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Authenticate, read, call, show. CSRF is checked here, and only for sessions."""

    @csrf_exempt
    @wraps(handler)
    def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            body = problem(405, "method-not-allowed", "This address does not take that method", "Use POST.")
            return HttpResponse(
                json.dumps(body), status=405, content_type="application/problem+json", headers={"Allow": "POST"}
            )
        try:
            status, answer = handler(principal_of(request), body_of(request), *args, **kwargs)
        except DomainError as error:
            response = problem_response(error)
            if error.status == 401:
                response.headers["WWW-Authenticate"] = "Session"
            return response
        return HttpResponse(json.dumps(answer, separators=(",", ":")), status=status, content_type="application/json")

    return view


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@schema.described("nextTasks", schema.NextRequestSerializer, schema.NextSerializer)
@hot
def next_view(who: Principal, body: Body, queue: UUID, slug: str | None = None) -> tuple[int, Any]:
    found = next_leases(
        user_id=who.user_id,
        queue=queue,
        want=whole(body, "want", 0, 1000, 1),
        holding=tokens(body, "holding"),
        tab=text(body, "tab", 64),
        slug=slug,
        project_id=who.project_id,
    )
    return 200, {
        "leases": _leases(who, found.project_id, found.leases),
        "lost": [str(token) for token in found.lost],
        "remaining": found.remaining,
        "message": found.message,
        "advice": found.advice,
        "guideline": found.guideline,
        "policy": policy.as_json(),
    }


def _leases(who: Principal, project_id: int, leases: Sequence[Lease]) -> list[dict[str, Any]]:
    user = User(pk=who.user_id)
    return [
        {
            "lease": str(lease.token),
            "task": lease.task,
            "expires_at": stamp(lease.expires_at),
            "item": work_item(user, project_id, lease.item),
            "previous": None,
            "remark": lease.remark,
        }
        for lease in leases
    ]


@schema.described(
    "submitAnswer", schema.SubmissionRequestSerializer, {201: schema.ReceiptSerializer, 200: schema.ReceiptSerializer}
)
@hot
def submit_view(who: Principal, body: Body) -> tuple[int, Any]:
    receipt = submit(user_id=who.user_id, project_id=who.project_id, new=submission(body))
    return 201 if receipt.created else 200, {
        "id": str(receipt.id),
        "task": receipt.task,
        "revision": receipt.revision,
        "editable_until": stamp(receipt.editable_until),
    }


@schema.described("renewLeases", schema.LeaseListRequestSerializer, schema.HeartbeatSerializer)
@hot
def heartbeat_view(who: Principal, body: Body) -> tuple[int, Any]:
    kept, lost = heartbeat(user_id=who.user_id, tab=text(body, "tab", 64), leases=tokens(body, "leases"))
    return 200, {
        "leases": [{"lease": str(row["lease"]), "expires_at": stamp(row["expires_at"])} for row in kept],
        "lost": [str(token) for token in lost],
    }


@schema.described("releaseLeases", schema.LeaseListRequestSerializer, schema.ReleasedSerializer)
@hot
def release_view(who: Principal, body: Body) -> tuple[int, Any]:
    return 200, {"released": [str(token) for token in release(user_id=who.user_id, leases=tokens(body, "leases"))]}
