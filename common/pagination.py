"""Keyset pagination: `{results, next}`; the cursor is opaque and the cost does not grow with depth."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.problems import InvalidInput

MAX_LIMIT = 500


def encode_cursor(values: Sequence[Any]) -> str:
    """Opaque text for the sort values of the last row."""
    return base64.urlsafe_b64encode(json.dumps(list(values), default=str).encode()).decode().rstrip("=")


def decode_cursor(text: str, length: int) -> list[Any]:
    """The sort values in a cursor. Raises InvalidInput for anything that we did not make."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise _unknown_cursor()
    return values


def parse_limit(text: str | None, default: int) -> int:
    """A page size from 1 to 500."""
    if text is None:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= MAX_LIMIT:
        raise InvalidInput(f"limit must be a whole number from 1 to {MAX_LIMIT}.", errors={"limit": ["Out of range."]})
    return int(text)


def after(ordering: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that follow `values` in `ordering` ("-id" descends). The last field must be unique; none may be null."""
    condition = Q()
    equal: dict[str, Any] = {}
    for name, value in zip(ordering, values, strict=True):
        field = name.lstrip("-")
        condition |= Q(**equal, **{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal[field] = value
    return condition


def _following(queryset: QuerySet[Any], names: tuple[str, ...], cursor: str) -> QuerySet[Any]:
    values = decode_cursor(cursor, len(names))
    try:
        return queryset.filter(after(names, values))
    except (ValueError, TypeError, ValidationError) as error:  # of another list, or made up
        raise _unknown_cursor() from error


def _unknown_cursor() -> InvalidInput:
    return InvalidInput(
        "The cursor is not one of ours. Start from the first page.", errors={"cursor": ["Unknown cursor."]}
    )


class KeysetPagination(BasePagination):
    """Reads `cursor` and `limit`; sorts by the view's `ordering` (a name or a tuple ending in a unique field)."""

    default_limit = 50

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        if not isinstance(queryset, QuerySet):
            raise TypeError("Keyset pages are made of querysets.")
        ordering = getattr(view, "ordering", "-id")
        names: tuple[str, ...] = (ordering,) if isinstance(ordering, str) else tuple(ordering)
        limit = parse_limit(request.query_params.get("limit"), self.default_limit)
        if cursor := request.query_params.get("cursor"):
            queryset = _following(queryset, names, cursor)
        rows = list(queryset.order_by(*names)[: limit + 1])
        self.next: str | None = None
        if len(rows) > limit:
            rows = rows[:limit]
            self.next = encode_cursor([_value(rows[-1], name.lstrip("-")) for name in names])
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.next})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": {"type": "string", "nullable": True}},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {"name": "cursor", "required": False, "in": "query", "schema": {"type": "string"}},
            {
                "name": "limit",
                "required": False,
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
            },
        ]


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row
