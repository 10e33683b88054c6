"""Let a child process end when its parent is killed and cannot stop it any more."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def signal_when_parent_dies(number: signal.Signals) -> Callable[[], None]:
    """Return a function for subprocess's `preexec_fn`; on systems other than Linux it does nothing.

    Linux sends the signal when the *thread* that started the child ends, so start such children from the main thread.
    """
    parent = os.getpid()
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def prepare() -> None:
        if library is not None:
            library.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            # The parent may have died before the line above took effect.
            if os.getppid() != parent:
                os._exit(1)

    return prepare
