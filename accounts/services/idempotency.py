"""A repeated creating request gets the first one's answer."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import IdempotencyKey, User
from common.problems import InvalidInput

KEPT_FOR = timedelta(days=30)


class IdempotencyMismatch(InvalidInput):
    code = "idempotency-mismatch"
    title = "This key was used for another request"


def request_hash(path: str, body: Any) -> str:
    """What must be equal for two requests to be one."""
    return hashlib.sha256(json.dumps([path, body], sort_keys=True, default=str).encode()).hexdigest()


def once(*, user: User, key: str, digest: str, work: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """Run `work` once per user and key, its writes and the stored answer in one transaction.

    Two at once: the second waits on the unique key and then reads the first one's answer.
    """
    if not 1 <= len(key) <= 128:
        raise InvalidInput(
            "Idempotency-Key must have 1 to 128 characters.", errors={"Idempotency-Key": ["Bad length."]}
        )
    if stored := _stored(user, key, digest):
        return stored
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(user=user, key=key, request_hash=digest, status=0, body=None)
            status, body = work()
            IdempotencyKey.objects.filter(pk=row.pk).update(status=status, body=body)
            return status, body
    except IntegrityError:
        if stored := _stored(user, key, digest):
            return stored
        raise


def _stored(user: User, key: str, digest: str) -> tuple[int, Any] | None:
    row = IdempotencyKey.objects.filter(user=user, key=key).first()
    if row is None:
        return None
    if row.request_hash != digest:
        raise IdempotencyMismatch(
            "This Idempotency-Key came with another request before. Mint a new key for a new request."
        )
    return row.status, row.body


def prune() -> int:
    """Forget answers after 30 days."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
