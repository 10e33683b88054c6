"""Who did what."""

from typing import Any

from accounts.models import AuditEntry, Project, User


def record(
    *, project: Project | None, actor: User | None, action: str, subject: str, data: dict[str, Any] | None = None
) -> AuditEntry:
    """Append a line, in the caller's transaction: it is true exactly when the deed is."""
    return AuditEntry.objects.create(project=project, actor=actor, action=action, subject=subject, data=data or {})
