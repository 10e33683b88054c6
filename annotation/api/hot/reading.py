"""Bodies of the hot endpoints, read by hand: a serializer costs more than the work it guards."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from annotation.services.hot.submitting import NewSubmission, Suggestion
from common.parsing import is_suspect
from common.problems import DomainError, InvalidInput
from common.texts import writable_json

MAX_BODY = 8 * 1024 * 1024  # 10,000 outlined polygons are some 2 MB
MAX_COMMENT = 4000
MAX_TOKENS = 200
MAX_DURATION_MS = 24 * 3600 * 1000
MAX_BIGINT = 2**63 - 1

FIELDS = ("kind", "classes", "reason", "number", "text", "shapes", "answers")

Body = Mapping[str, Any]


class MalformedRequest(DomainError):
    status = 400
    code = "malformed-request"
    title = "The request cannot be read"


def body_of(request: HttpRequest) -> Body:
    """The JSON object in the request."""
    if len(request.body) > MAX_BODY:
        raise InvalidInput(f"The request is larger than {MAX_BODY // 1024 // 1024} MB.")
    try:
        found = json.loads(request.body or b"{}")
    except ValueError as error:
        raise MalformedRequest(f"The body is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise MalformedRequest("The body must be a JSON object.")
    # Half a character in a comment must not cost the answer: it is replaced, not refused.
    return writable_json(found) if is_suspect(request.body) else found


def wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(f"{field}: {sentence}", errors={field: [sentence]})


def whole(body: Body, field: str, low: int, high: int, default: int | None = None) -> int:
    value = body.get(field, default)
    if isinstance(value, str) and value.isdecimal() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise wrong(field, f"Give a whole number from {low} to {high}.")
    return value


def uuid_of(body: Body, field: str) -> UUID:
    return _uuid(body.get(field), field)


def _uuid(value: object, field: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise wrong(field, "Give a UUID.") from None


def tokens(body: Body, field: str) -> list[UUID]:
    value = body.get(field) or []
    if not isinstance(value, list) or len(value) > MAX_TOKENS:
        raise wrong(field, f"Give a list of at most {MAX_TOKENS} leases.")
    return [_uuid(one, field) for one in value]


def text(body: Body, field: str, longest: int) -> str:
    value = body.get(field) or ""
    if not isinstance(value, str) or len(value) > longest:
        raise wrong(field, f"Give a text of at most {longest} characters.")
    return value


def moment(body: Body, field: str) -> datetime | None:
    value = body.get(field)
    if value is None:
        return None
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise wrong(field, "Give a time in ISO 8601, like 2026-05-01T12:00:00Z.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def submission(body: Body) -> NewSubmission:
    """A submission as sent. Raises InvalidInput that names the field; the answer itself is checked by the service."""
    flagged = body.get("flagged", False)
    if not isinstance(flagged, bool):
        raise wrong("flagged", "Give true or false.")
    answer = body.get("answer")
    if not isinstance(answer, dict):
        raise wrong("answer", "Give the answer as an object.")
    return NewSubmission(
        id=uuid_of(body, "id"),
        lease=uuid_of(body, "lease"),
        task=whole(body, "task", 1, MAX_BIGINT),
        revision=whole(body, "revision", 1, 1000, 1),
        schema_version=whole(body, "schema_version", 1, 2**31 - 1),
        answer=_plain(answer),
        comment=text(body, "comment", MAX_COMMENT),
        flagged=flagged,
        started_at=moment(body, "started_at"),
        duration_ms=min(whole(body, "duration_ms", 0, MAX_BIGINT, 0), MAX_DURATION_MS),
        tab=text(body, "tab", 64),
        suggestion=_suggestion(body),
    )


def _suggestion(body: Body) -> Suggestion | None:
    """What a model said, when it was shown."""
    found = body.get("suggestion")
    if found is None:
        return None
    sentence = "Give the model, its classes, their probability and whether they were confirmed."
    if not isinstance(found, dict):
        raise wrong("suggestion", sentence)
    classes, probability, confirmed = found.get("classes"), found.get("probability"), found.get("confirmed")
    if not isinstance(classes, list) or not 0 < len(classes) <= MAX_TOKENS or not isinstance(confirmed, bool):
        raise wrong("suggestion", sentence)
    if not all(isinstance(key, str) and 0 < len(key) <= 120 for key in classes):
        raise wrong("suggestion", sentence)
    if isinstance(probability, bool) or not isinstance(probability, int | float) or not 0 <= probability <= 1:
        raise wrong("suggestion", sentence)
    model = _uuid(found.get("model"), "suggestion")
    return Suggestion(model=model, classes=classes, probability=float(probability), confirmed=confirmed)


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """Without what only other kinds of answers carry, so that equal answers are equal."""
    return {key: answer[key] for key in FIELDS if answer.get(key) not in (None, [], "")}
