"""An S3-compatible server in a process of its own: bytes really travel over HTTP. Nothing is mocked on our side."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.launcher.parent_death import signal_when_parent_dies
from config.launcher.postgres import free_port

START_SECONDS = 60
LIFETIME_SECONDS = 3600


@dataclass(frozen=True)
class S3Server:
    """Where it listens; any credentials are accepted, and there are no buckets at first."""

    endpoint_url: str
    access_key: str = "test"
    secret_key: str = "test"
    region: str = "us-east-1"


@contextlib.contextmanager
def running_s3_server() -> Iterator[S3Server]:
    """Start one on a free port of 127.0.0.1, and end it with the block, with this process, or after an hour."""
    port = free_port()
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("s3_process.py")), str(port), str(LIFETIME_SECONDS)],
            env={**os.environ, "PYTHONPATH": ""},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=signal_when_parent_dies(signal.SIGKILL),
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _answers(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise RuntimeError(f"The S3 server did not start:\n{log.read()[-2000:]}")
                time.sleep(0.05)
            yield S3Server(endpoint_url=f"http://127.0.0.1:{port}")
        finally:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
