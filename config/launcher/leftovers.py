"""Find and end processes that this launcher, or one that was killed, started. Never any other.

Every process that a launcher starts carries the launcher's random token in its environment, and so do its descendants.
A process number can be reused and a command line can be alike; this token cannot.
"""

import contextlib
import time

import psutil

TOKEN = "TOUCHSTONE_LAUNCH"
ROLE = "TOUCHSTONE_PROCESS"


def processes_of(token: str, *, role: str | None = None) -> list[psutil.Process]:
    """Return the living processes that carry the token, and the role if one is given; never this process."""
    found = []
    me = psutil.Process()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            environment = process.environ()
            ours = environment.get(TOKEN) == token and role in (None, environment.get(ROLE))
            if ours and process != me and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def end(token: str, *, role: str | None = None, grace_seconds: float = 3.0) -> int:
    """Ask these processes to stop, then kill what remains. Return how many there were."""
    found = processes_of(token, role=role)
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    deadline = time.monotonic() + grace_seconds
    while processes_of(token, role=role):
        if time.monotonic() > deadline:
            kill(token, role=role)
            break
        time.sleep(0.1)
    return len(found)


def kill(token: str, *, role: str | None = None) -> None:
    """Kill at once, again until none is left: a process may have started another in between."""
    for _ in range(20):
        remaining = processes_of(token, role=role)
        if not remaining:
            return
        for process in remaining:
            with contextlib.suppress(psutil.Error):
                process.kill()
        time.sleep(0.05)
