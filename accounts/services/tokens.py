"""Keys for programs."""

import hashlib
import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import ApiToken, Project, Scope, User
from accounts.services.audit_trail import record
from common.problems import DomainError, InvalidInput

LONGEST_KEY = 128


class TokenMadeAlready(DomainError):
    code = "token-made-already"
    title = "This request made a token already"


@transaction.atomic
def create_token(
    *,
    user: User,
    name: str,
    scopes: list[str],
    project: Project | None = None,
    expires_at: datetime | None = None,
    request_key: str | None = None,
) -> tuple[ApiToken, str]:
    """A token and its text, which is shown once. Raises InvalidInput for unknown scopes or a past expiry.

    request_key: names the request. Its repeat (a double click, an answer that got lost) makes no second token and
    raises TokenMadeAlready: the text cannot be told again, since it is kept nowhere.
    """
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        raise InvalidInput(
            f"Choose scopes among {', '.join(Scope.values)}.", errors={"scopes": [f"Unknown: {', '.join(unknown)}."]}
        )
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput("The expiry lies in the past.", errors={"expires_at": ["In the past."]})
    if request_key is not None and not 1 <= len(request_key) <= LONGEST_KEY:
        raise InvalidInput(
            f"Idempotency-Key must have 1 to {LONGEST_KEY} characters.", errors={"Idempotency-Key": ["Bad length."]}
        )
    text = f"tst_{secrets.token_urlsafe(32)}"
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(
                user=user,
                project=project,
                name=name,
                prefix=text[:12],
                scopes=sorted(set(scopes)),
                expires_at=expires_at,
                digest=hashlib.sha256(text.encode()).hexdigest(),
                request_key=request_key,
            )
    except IntegrityError as error:
        there = ApiToken.objects.filter(user=user, request_key=request_key).first()
        if request_key is None or there is None:
            raise
        raise TokenMadeAlready(
            f"This request made the token {there.prefix}… already, and its text was shown then, once. If you do not "
            "have it, revoke that token and make another.",
            token=str(there.public_id),
            prefix=there.prefix,
        ) from error
    record(project=project, actor=user, action="token.created", subject=token.prefix, data={"scopes": token.scopes})
    return token, text


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """End a token at once."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    record(project=token.project, actor=by, action="token.revoked", subject=token.prefix)
