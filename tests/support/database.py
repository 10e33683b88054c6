"""pytest plugin: a PostgreSQL cluster of its own for every session without a DATABASE_URL.

Loaded with `-p` (see pyproject.toml), because pytest-django imports the settings, and they the environment, before any
conftest.py is read. The address is chosen at once; the server starts when the first test asks for a database.
"""

import os
import signal
import threading
from collections.abc import Generator
from types import FrameType

import pytest

from config.launcher.errors import LauncherError
from config.launcher.throwaway import ThrowawayCluster
from tests.support import schema_cache

_cluster: ThrowawayCluster | None = None

# Marks for the workers of pytest-xdist, which inherit the environment.
OWN_CLUSTER = "TOUCHSTONE_TEST_CLUSTER"
TEMPLATE_READY = "TOUCHSTONE_TEST_TEMPLATE"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """A wrapper runs before pytest-django's own hook."""
    global _cluster
    # The workers of pytest-xdist inherit the controller's environment.
    if "DATABASE_URL" not in os.environ:
        try:
            _cluster = ThrowawayCluster.reserve()
        except LauncherError as error:
            raise pytest.UsageError(str(error)) from error
        os.environ["DATABASE_URL"] = _cluster.url
        os.environ[OWN_CLUSTER] = "1"
        os.environ.setdefault("DATA_DIR", str(_cluster.home / "data"))
        early_config.add_cleanup(_remove)
        _turn_sigterm_into_an_orderly_end()
    os.environ.setdefault("SECRET_KEY", "a-key-for-tests-that-protects-nothing")
    os.environ.setdefault("PUBLIC_URL", "http://localhost:8000")
    # Nothing that a test sends may reach a worker: tests run the jobs themselves.
    os.environ.setdefault("CELERY_BROKER_URL", "memory://")
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    # With pytest-xdist the workers come and go; the server must belong to the controller.
    if getattr(config.option, "numprocesses", None):
        start_database()


def start_database() -> None:
    """Start the session's cluster, if it has one that does not run yet, with a migrated template if one was kept."""
    if _cluster and not _cluster.is_started:
        _cluster.start()
        if schema_cache.restore(_cluster.url):
            os.environ[TEMPLATE_READY] = "1"


def has_template() -> bool:
    return TEMPLATE_READY in os.environ


def has_own_cluster() -> bool:
    return OWN_CLUSTER in os.environ


def _remove() -> None:
    global _cluster
    if _cluster:
        _cluster.remove()
        _cluster = None
        for name in ("DATABASE_URL", OWN_CLUSTER, TEMPLATE_READY):
            os.environ.pop(name, None)


def _turn_sigterm_into_an_orderly_end() -> None:
    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, interrupt)
