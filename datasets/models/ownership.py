"""What every row that belongs to a project has in common."""

from typing import Self, TypeVar

from django.db import models

from accounts.models import User

Row = TypeVar("Row", bound=models.Model, covariant=True)


class ProjectRows(models.QuerySet[Row]):
    """Rows with a `project`. Every read of a view starts at visible_to."""

    def visible_to(self, user: User) -> Self:
        # A subquery, not a join: a join would double rows for filters that follow.
        return self.filter(project__in=user.memberships.values("project_id"))
