"""Keys for programs."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import ApiToken, Project, Scope, User
from accounts.services.audit_trail import record
from common.problems import InvalidInput


@transaction.atomic
def create_token(
    *, user: User, name: str, scopes: list[str], project: Project | None = None, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token and its text, which is shown once. Raises InvalidInput for unknown scopes or a past expiry."""
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        raise InvalidInput(
            f"Choose scopes among {', '.join(Scope.values)}.", errors={"scopes": [f"Unknown: {', '.join(unknown)}."]}
        )
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput("The expiry lies in the past.", errors={"expires_at": ["In the past."]})
    text = f"tst_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user,
        project=project,
        name=name,
        prefix=text[:12],
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    record(project=project, actor=user, action="token.created", subject=token.prefix, data={"scopes": token.scopes})
    return token, text


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """End a token at once."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    record(project=token.project, actor=by, action="token.revoked", subject=token.prefix)
