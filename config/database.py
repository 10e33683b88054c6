"""From DATABASE_URL to Django's and kombu's connection settings."""

from typing import Any
from urllib.parse import unquote, urlsplit

from config.environment import Environment


def database_settings(env: Environment) -> dict[str, Any]:
    """Django's DATABASES entry. The web process pools; workers connect for each job and let go."""
    parts = urlsplit(env.database_url)
    options: dict[str, Any] = {"prepare_threshold": 2}
    if env.web_process:
        options["pool"] = {"min_size": 1, "max_size": env.pool_size, "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
        "TEST": {"NAME": "test_touchstone"},
    }


def libpq_conninfo(env: Environment) -> str:
    """The same database as a libpq string: the form that the pgmq transport takes."""
    parts = urlsplit(env.database_url)
    fields = {
        "host": parts.hostname or "",
        "port": str(parts.port or 5432),
        "dbname": unquote(parts.path.lstrip("/")),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or "unused"),
    }
    return " ".join(f"{name}='{value}'" for name, value in fields.items() if value)
