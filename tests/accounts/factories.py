from itertools import count
from typing import Any

from accounts.models import Membership, Project, Role, User

_numbers = count(1)


def make_user(name: str = "Ada", **fields: Any) -> User:
    n = next(_numbers)
    return User.objects.create(email=f"{name.lower()}{n}@example.org", name=name, **fields)


def make_project(name: str = "Leaves") -> Project:
    return Project.objects.create(name=name, slug=f"{name.lower()}-{next(_numbers)}")


def make_member(project: Project, role: str = Role.LEAD, name: str = "Ada") -> User:
    user = make_user(name)
    Membership.objects.create(user=user, project=project, role=role)
    return user
