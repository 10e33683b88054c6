"""`Idempotency-Key` on a DRF view that creates."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from accounts.models import User
from accounts.services.idempotency import once, request_hash


def answer_once(request: Request, work: Callable[[], Response]) -> Response:
    """Run `work` once for the request's Idempotency-Key and repeat its answer afterwards; without a key, just run it.

    Only answers of success are kept: an error rolls back and may be tried again with the same key.
    """
    key = request.headers.get("Idempotency-Key")
    user = request.user
    if key is None or not isinstance(user, User):
        return work()

    def kept() -> tuple[int, Any]:
        response = work()
        return response.status_code, json.loads(json.dumps(response.data, cls=JSONEncoder))

    status, body = once(user=user, key=key, digest=request_hash(request.path, request.data), work=kept)
    return Response(body, status=status)


class IdempotentCreateMixin(ABC):
    """For view sets whose `create` makes something."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return answer_once(request, lambda: self.perform(request, *args, **kwargs))

    @abstractmethod
    def perform(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make the thing and answer 201 (or 202 with a job)."""
