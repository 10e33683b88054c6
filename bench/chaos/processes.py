"""Web, worker and beat processes of one run, each started here, killed with -9 by its own id, and started again."""

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from config.launcher.parent_death import signal_when_parent_dies

READY_SECONDS = 120
ROOT = Path(__file__).resolve().parents[2]
GRANIAN = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application", "--host", "127.0.0.1"]
GRANIAN += ["--blocking-threads", "8", "--no-ws", "--respawn-failed-workers", "--respawn-interval", "1"]
CELERY = [sys.executable, "-m", "celery", "-A", "config.celery:app"]
WORKER = [*CELERY, "worker", "--pool", "prefork", "--concurrency", "1", "--queues", "default", "--loglevel", "WARNING"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Processes:
    """Web processes, one worker, one beat. Only ids that were started here are signalled.

    ports: a web server each, two on free ones unless told; workers: processes that serve behind each of them.
    """

    def __init__(
        self, *, logs: Path, extra: Mapping[str, str], ports: Sequence[int] | None = None, workers: int = 1
    ) -> None:
        self.logs = logs
        self.environment = {**os.environ, **extra}
        self.ports = list(ports or (free_port(), free_port()))
        web = [*GRANIAN, "--workers", str(workers)]
        self.commands = {f"web-{port}": [*web, "--port", str(port)] for port in self.ports}
        self.commands |= {"worker": WORKER, "beat": [*CELERY, "beat", "--loglevel", "WARNING"]}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.n_killed = {"web": 0, "web worker": 0, "worker": 0, "beat": 0}

    @property
    def webs(self) -> Sequence[str]:
        return [name for name in self.commands if name.startswith("web-")]

    def webs_up(self) -> Sequence[str]:
        """Those that answer: one that is killed while it starts never gets to anything that could be lost."""
        return [name for name, port in zip(self.webs, self.ports, strict=True) if answers(port)]

    def start_all(self) -> None:
        for name in self.commands:
            self.start(name)
        deadline = time.monotonic() + READY_SECONDS
        while not all(answers(port) for port in self.ports):
            if time.monotonic() > deadline:
                raise SystemExit(f"The web processes did not answer. Their logs are in {self.logs}.")
            time.sleep(0.2)

    def start(self, name: str) -> None:
        extra = {"WEB_PROCESS": "1"} if name in self.webs else {}
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.commands[name],
                cwd=ROOT,
                env={**self.environment, **extra},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=signal_when_parent_dies(signal.SIGKILL),  # noqa: PLW1509  (started from the main thread)
            )

    def kill(self, name: str) -> None:
        """kill -9 of a process and of what it has started, at one moment; then start it again."""
        process = self.running[name]
        for one in family(process.pid):
            with contextlib.suppress(psutil.Error):
                one.kill()
        process.wait()
        self.n_killed["web" if name in self.webs else name] += 1
        self.start(name)

    def revive(self) -> int:
        """Start again what has ended by itself, as the launcher does; returns how many.

        Granian gives up when its workers are killed faster than it believes in an accident.
        """
        ended = [name for name, process in self.running.items() if process.poll() is not None]
        for name in ended:
            self.start(name)
        return len(ended)

    def kill_web_child(self, dice: random.Random) -> None:
        """kill -9 of the process that serves; its parent starts another one."""
        children = family(self.running[dice.choice(self.webs)].pid)[1:]
        if children:
            with contextlib.suppress(psutil.Error):
                dice.choice(children).kill()
                self.n_killed["web worker"] += 1

    def end(self) -> None:
        for process in self.running.values():
            for one in family(process.pid):
                with contextlib.suppress(psutil.Error):
                    one.kill()
            process.wait()


def family(pid: int) -> list[psutil.Process]:
    """The process and its descendants; empty when it has ended."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
