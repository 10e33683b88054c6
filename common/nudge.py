"""How the outbox wakes its courier: told once by config, so that nobody below config knows the broker."""

from collections.abc import Callable

_nudge: Callable[[], None] | None = None


def register_nudge(nudge: Callable[[], None] | None) -> None:
    """Set what `wake` calls."""
    global _nudge
    _nudge = nudge


def wake() -> None:
    """Wake the courier now; without one the sweep delivers."""
    if _nudge is not None:
        _nudge()
