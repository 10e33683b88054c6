"""A PostgreSQL cluster for one test run: fast because it may lose its data, and gone when the run is over."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psutil

from config.launcher.binaries import SYSTEM_STATE, Binaries, locate, world_traversable
from config.launcher.errors import LauncherError
from config.launcher.parent_death import signal_when_parent_dies
from config.launcher.postgres import START_SECONDS, Cluster

PREFIX = "touchstone-test-"
UNSAFE_AND_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "30min",
}


class ThrowawayCluster:
    """Reserve a port and an address at once, start when first needed, vanish at the end.

    The address is known before the server runs, so that settings can read it while a run that needs no database never
    starts one. The server ends with the process that started it, even when that is killed.
    """

    def __init__(self, *, home: Path, binaries: Binaries) -> None:
        self.home = home
        self._reservation: socket.socket | None = socket.socket()
        self._reservation.bind(("127.0.0.1", 0))
        self._cluster = Cluster(
            home=home / "postgres",
            binaries=binaries,
            settings=UNSAFE_AND_FAST,
            port=self._reservation.getsockname()[1],
        )
        self._server: subprocess.Popen[bytes] | None = None

    @classmethod
    def reserve(cls) -> Self:
        """Make the folder and the password, and sweep the folders of runs that were killed."""
        binaries = locate()
        base = _base_folder()
        sweep(base)
        home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
        home.chmod(0o711)
        me = psutil.Process()
        (home / "owner.json").write_text(json.dumps({"pid": me.pid, "started": me.create_time()}))
        (home / "postgres").mkdir()
        cluster = cls(home=home, binaries=binaries)
        cluster._cluster.prepare_home()
        return cluster

    @property
    def url(self) -> str:
        return self._cluster.url

    @property
    def is_started(self) -> bool:
        return self._server is not None

    def start(self) -> None:
        """Create and start the server unless it runs already. Call from the main thread."""
        if self._server is not None:
            return
        self._cluster.create(fast=True)
        self._cluster.write_settings()
        if self._reservation:
            self._reservation.close()
            self._reservation = None
        with (self.home / "server.log").open("wb") as log:
            self._server = subprocess.Popen(
                [self._cluster.binaries.program("postgres"), "-D", str(self._cluster.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=signal_when_parent_dies(signal.SIGQUIT),
                **self._cluster.identity(),
            )
        self._wait_until_ready()
        self._cluster.make_database()

    def remove(self) -> None:
        """Stop the server and delete everything."""
        if self._reservation:
            self._reservation.close()
            self._reservation = None
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGQUIT)
            try:
                self._server.wait(10)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait(10)
        shutil.rmtree(self.home, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        assert self._server is not None
        pid_file = self._cluster.data / "postmaster.pid"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._server.poll() is None:
            # The eighth line is the server's own word for its state.
            lines = pid_file.read_text().splitlines() if pid_file.exists() else []
            if len(lines) > 7 and lines[7].strip() == "ready":
                return
            time.sleep(0.02)
        said = (self.home / "server.log").read_text(errors="replace")[-2000:]
        self.remove()
        raise LauncherError(f"The PostgreSQL server for the tests did not start. It said:\n{said}")


def sweep(base: Path) -> None:
    """Delete the folders whose owner is dead. Their servers ended with their owners."""
    for home in base.glob(f"{PREFIX}*"):
        try:
            owner = json.loads((home / "owner.json").read_text())
            alive = psutil.pid_exists(owner["pid"]) and psutil.Process(owner["pid"]).create_time() == owner["started"]
            if not alive:
                shutil.rmtree(home, ignore_errors=True)
        except (OSError, ValueError, KeyError, psutil.Error):
            # Another user's folder, or one that is being made or removed at this moment.
            continue


def _base_folder() -> Path:
    base = Path(tempfile.gettempdir())
    if os.geteuid() == 0 and not world_traversable(base):
        return SYSTEM_STATE
    return base
