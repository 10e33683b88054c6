"""Kombu's pgmq transport, told to come up for air: a worker acknowledges between two waits for messages.

Celery's loop for transports without an event loop waits two seconds for a message before it looks at what its
processes have finished. Until then a finished message fills a place, so that a worker of two processes took one message
a second at best. Here it looks several times a second.
"""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, pgmq

LONGEST_WAIT_SECONDS = 0.2


class Transport(pgmq.Transport):
    """The same, with short waits."""

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:  # type: ignore[override]
        wait = LONGEST_WAIT_SECONDS if timeout is None else min(timeout, LONGEST_WAIT_SECONDS)
        super().drain_events(connection, timeout=wait)  # type: ignore[no-untyped-call]


def register() -> None:
    """Let addresses that begin with pgmq:// use this transport."""
    TRANSPORT_ALIASES["pgmq"] = f"{Transport.__module__}:{Transport.__name__}"
