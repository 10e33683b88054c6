from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import Project, Role
from tests.datasets import factories


@pytest.fixture
def project() -> Project:
    return factories.project()


@pytest.fixture
def client_of(project: Project) -> Callable[[Role], APIClient]:
    def make(role: Role) -> APIClient:
        client = APIClient()
        client.force_login(factories.member(project, role))
        return client

    return make


@pytest.fixture
def lead(client_of: Callable[[Role], APIClient]) -> APIClient:
    return client_of(Role.LEAD)
