"""The child process that trains: started, read line by line, asked to stop, and made to.

TensorFlow deadlocks for ever in a process that was forked after using it, and costs 600 MB: it never enters a worker.
"""

import json
import logging
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from django.conf import settings

logger = logging.getLogger(__name__)

CANCEL_FLAG = "cancel"  # training/modelling/progress.py looks for a file of this name in the run's folder
LOG_NAME = "stderr.log"
FLAG_SECONDS = 20.0
TERMINATE_SECONDS = 5.0
# The web process answers people while this computes. `nice` becomes the command, so the process id is the child's.
_POLITE = (nice, "-n", "5") if (nice := shutil.which("nice")) else ()


class ChildProcess:
    """`python -m MODULE ARGUMENTS` in a process group of its own, so that its helpers end with it."""

    def __init__(self, module: str, arguments: list[str], folder: Path) -> None:
        self.folder = folder
        self._log = (folder / LOG_NAME).open("wb")
        self._process = subprocess.Popen(
            [*_POLITE, sys.executable, "-m", module, *arguments],
            cwd=settings.BASE_DIR,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,
        )
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def events(self, *, tick_seconds: float) -> Iterator[dict[str, Any] | None]:
        """Progress objects as they come; None when nothing came for `tick_seconds`.

        Ends when the child closes its output.
        """
        while True:
            try:
                line = self._lines.get(timeout=tick_seconds)
            except queue.Empty:
                yield None
                continue
            if line is None:
                return
            if (event := _parse(line)) is not None:
                yield event

    def wait(self) -> int:
        """The exit status, after the output ended; a child that closed its output but lives on is killed."""
        try:
            return self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.wait()

    def stop(self) -> None:
        """Ask by the flag, then by SIGTERM, then kill."""
        (self.folder / CANCEL_FLAG).touch()
        if self._ended_within(FLAG_SECONDS):
            return
        self._signal(signal.SIGTERM)
        if not self._ended_within(TERMINATE_SECONDS):
            self.kill()
            self._process.wait()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def last_words(self, lines: int = 20) -> str:
        """The end of the child's error output, for the log and for the failure of a run."""
        text = (self.folder / LOG_NAME).read_text("utf-8", errors="replace")
        return "\n".join(text.strip().splitlines()[-lines:])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.kill()
            self._process.wait()
        self._reader.join(timeout=5)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()

    def _read(self, stream: IO[bytes]) -> None:
        for line in stream:
            self._lines.put(line)
        self._lines.put(None)

    def _ended_within(self, seconds: float) -> bool:
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            logger.info("Process group %s is already gone.", self._process.pid)


def child_environment() -> dict[str, str]:
    """The parent's environment without its secrets: a training process needs neither database nor bucket."""
    secret = {"DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "S3_ACCESS_KEY", "S3_SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in secret}
    return kept | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(settings.BASE_DIR)}


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        logger.warning("Not a progress line: %r", line[:200])
        return None
    return event if isinstance(event, dict) else None
