"""Progress as JSON lines, and the ways to stop a run."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import IO, Any, Self

CANCEL_FLAG = "cancel"  # the parent creates a file of this name in the run's folder
EVENTS_FILE = "events.jsonl"


class Cancelled(Exception):
    """The run was asked to stop; the message says by what."""


class Reporter:
    """Writes events to the real standard output and to events.jsonl; tells the run when to stop.

    Everything else that libraries print goes to standard error, so that each line on standard output is one JSON
    object.
    """

    def __init__(self, folder: Path, stream: IO[str]) -> None:
        self._flag = folder / CANCEL_FLAG
        self._stream = stream
        self._file = (folder / EVENTS_FILE).open("w", encoding="utf-8")
        self._parent = os.getppid()
        self._terminated = False

    @classmethod
    def on_stdout(cls, folder: Path) -> Self:
        """Take over standard output: keep a private copy of it and point file descriptor 1 at standard error."""
        sys.stdout.flush()
        private = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        reporter = cls(folder, private)
        signal.signal(signal.SIGTERM, lambda *_: reporter.terminate())
        return reporter

    def terminate(self) -> None:
        """Stop at the next check (what SIGTERM does)."""
        self._terminated = True

    def emit(self, event: str, **fields: Any) -> None:
        """Write one event. Raises Cancelled when nobody reads any more."""
        line = json.dumps({"event": event} | fields, ensure_ascii=False, allow_nan=False)
        self._file.write(line + "\n")
        self._file.flush()
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except BrokenPipeError as error:
            raise Cancelled("nobody reads the progress any more") from error

    def message(self, text: str) -> None:
        """Emit a sentence for people."""
        self.emit("message", text=text)

    def check(self) -> None:
        """Raise Cancelled when the flag file is there, SIGTERM came, or the parent process is gone.

        Costs about 5 microseconds.
        """
        if self._terminated:
            raise Cancelled("a termination signal")
        if self._flag.exists():
            raise Cancelled("the cancel flag")
        if os.getppid() != self._parent:
            raise Cancelled("the end of the process that started it")
