import os

import pytest
from django.db import connection
from hypothesis import settings

from tests.support import database, schema_cache

# The same examples every time, and no assertion on the clock: a slow machine is not a failure.
settings.register_profile("touchstone", deadline=None, derandomize=True)
settings.load_profile("touchstone")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """pytest-django asks for this before it creates the test database: start the server now, not earlier."""
    database.start_database()
    if database.has_template():
        connection.settings_dict["TEST"]["TEMPLATE"] = schema_cache.TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """Keep the freshly migrated schema for the next session."""
    first_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0"
    if database.has_own_cluster() and not database.has_template() and first_worker:
        with django_db_blocker.unblock():
            connection.close()
            schema_cache.keep(os.environ["DATABASE_URL"], connection.settings_dict["NAME"])
