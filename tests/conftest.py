import pytest

from tests.support import database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """pytest-django asks for this before it creates the test database: start the server now, not earlier."""
    database.start_database()
