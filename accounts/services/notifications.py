"""Lines behind the bell."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import Notification, Project, User


def notify(
    *,
    users: Iterable[User],
    code: str,
    project: Project | None = None,
    data: dict[str, Any] | None = None,
    link: str = "",
    dedupe: str | None = None,
) -> None:
    """Tell `users`; with `dedupe`, each of them only once."""
    Notification.objects.bulk_create(
        [
            Notification(user=user, project=project, code=code, data=data or {}, link=link, dedupe=dedupe)
            for user in users
        ],
        ignore_conflicts=True,
    )


def mark_read(*, user: User, project: Project) -> int:
    """Everything behind this user's bell in the project has been seen. Returns how many lines were new."""
    mine = Notification.objects.visible_to(user).filter(project=project)
    return mine.filter(read_at=None).update(read_at=timezone.now())
