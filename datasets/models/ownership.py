"""What every row that belongs to a project has in common."""

from typing import Any, Self

from django.db import models

from accounts.models import User


class ProjectRows(models.QuerySet[Any]):
    """Rows with a `project`. Every read of a view starts at visible_to."""

    def visible_to(self, user: User) -> Self:
        # A subquery, not a join: a join would double rows for filters that follow.
        return self.filter(project__in=user.memberships.values("project_id"))


ProjectManager = models.Manager.from_queryset(ProjectRows)
