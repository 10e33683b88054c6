"""Start the long-running processes, restart those that crash, and stop all of them within a bound."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.launcher import leftovers
from config.launcher.errors import LauncherError
from config.launcher.parent_death import signal_when_parent_dies

POLL_SECONDS = 0.1
STOP_SECONDS = 10.0
STEADY_SECONDS = 30.0
GIVE_UP_AFTER = 5
LOG_KEPT_BYTES = 10 * 2**20
TAIL_LINES = 15


class StopRequested(Exception):
    """Ctrl-C, SIGTERM or a closed terminal."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """A long-running process."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


@dataclass(kw_only=True)
class _Child:
    service: Service
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    crashes: int = 0
    start_again_at: float = 0.0


class Supervisor:
    """Runs services with one environment and one token; `say` shows a line to the person."""

    def __init__(
        self,
        *,
        token: str,
        environment: Mapping[str, str],
        folder: Path,
        logs: Path,
        say: Callable[[str], None] = print,
    ) -> None:
        self.environment = {**environment, leftovers.TOKEN: token}
        self.token = token
        self.folder = folder
        self.logs = logs
        self.say = say
        self._children: dict[str, _Child] = {}
        self._stop_signals = 0

    def listen_to_signals(self) -> None:
        """From now on Ctrl-C, SIGTERM and SIGHUP make the next `check` raise StopRequested."""

        def remember(number: int, frame: FrameType | None) -> None:
            self._stop_signals += 1

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, remember)

    def start(self, service: Service) -> None:
        child = _Child(service=service)
        self._children[service.name] = child
        self._spawn(child)

    def restart(self, name: str) -> None:
        """Stop one service and start it again, as after a change of the code."""
        child = self._children[name]
        leftovers.end(self.token, role=name, grace_seconds=STOP_SECONDS)
        if child.process:
            child.process.wait()
        self._spawn(child)

    def run_step(self, name: str, command: list[str], *, quiet: bool = True) -> None:
        """Run a command to its end while watching the services; what it prints goes to the person or into its log."""
        with self._open_log(name) as log:
            code = self._watch(self._popen(name, command, output=log.fileno() if quiet else None, folder=self.folder))
        if code != 0:
            tail = f" It said last:\n{self.tail(name)}" if quiet else ""
            raise LauncherError(f"The step `{name}` failed (exit code {code}).{tail}")

    def run_command(self, command: list[str]) -> int:
        """Run a person's command in the foreground, with the terminal, while watching the services."""
        try:
            process = subprocess.Popen(
                command, cwd=self.folder, env={**os.environ, **self.environment, leftovers.ROLE: "command"}
            )
        except OSError as error:
            raise LauncherError(f"The command `{command[0]}` cannot be run: {error.strerror}.") from error
        return self._watch(process)

    def _watch(self, process: subprocess.Popen[bytes]) -> int:
        try:
            while process.poll() is None:
                self.check()
                time.sleep(POLL_SECONDS)
        except (StopRequested, LauncherError):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            raise
        return process.returncode

    def wait_for(self, ready: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Wait until `ready` says so, while watching the services."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise LauncherError(f"{what} did not answer within {seconds:.0f} seconds. The logs are in {self.logs}.")
            time.sleep(POLL_SECONDS)

    def run_for_ever(self, each_turn: Callable[[], None] = lambda: None) -> None:
        """Watch until somebody wants to stop (StopRequested) or a service cannot be kept alive (LauncherError)."""
        while True:
            self.check()
            each_turn()
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Look at every service once: restart what ended, with growing pauses, and give up when it does not help."""
        if self._stop_signals:
            raise StopRequested
        now = time.monotonic()
        for child in self._children.values():
            if child.process is None:
                if now >= child.start_again_at:
                    self._spawn(child)
            elif (code := child.process.poll()) is not None:
                self._mourn(child, code)
            elif child.crashes and now - child.started > STEADY_SECONDS:
                child.crashes = 0

    def stop(self) -> None:
        """Ask all services to finish, end what they left, within about STOP_SECONDS. A second Ctrl-C hurries."""
        signals_before = self._stop_signals
        for child in self._children.values():
            if child.process and child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.process and child.process.poll() is None for child in self._children.values()):
            if time.monotonic() > deadline or self._stop_signals > signals_before:
                break
            time.sleep(POLL_SECONDS)
        # Children of children may outlive their parent. A job that one had claimed is claimed again later.
        leftovers.kill(self.token)
        for child in self._children.values():
            if child.process:
                child.process.wait()
        self._children.clear()

    def tail(self, name: str) -> str:
        """Return the last lines of a log, indented."""
        try:
            lines = (self.logs / f"{name}.log").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        return "\n".join(f"    {line}" for line in lines[-TAIL_LINES:])

    def _mourn(self, child: _Child, code: int) -> None:
        name = child.service.name
        child.process = None
        child.crashes += 1
        # Workers of a dead parent would go on with the port and the jobs of the new one.
        leftovers.end(self.token, role=name)
        if child.crashes >= GIVE_UP_AFTER:
            raise LauncherError(
                f"The process `{name}` stopped {child.crashes} times in a row (exit code {code}). "
                f"Its log {self.logs / name}.log ends with:\n{self.tail(name)}"
            )
        pause = 2.0 ** (child.crashes - 1)
        child.start_again_at = time.monotonic() + pause
        self.say(f"The process `{name}` stopped unexpectedly (exit code {code}); it starts again in {pause:.0f} s.")

    def _spawn(self, child: _Child) -> None:
        service = child.service
        with self._open_log(service.name) as log:
            child.process = self._popen(
                service.name,
                service.command,
                output=log.fileno(),
                folder=service.folder or self.folder,
                extra=service.environment,
            )
        child.started = time.monotonic()

    def _popen(
        self, name: str, command: list[str], *, output: int | None, folder: Path, extra: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **self.environment, **(extra or {}), leftovers.ROLE: name},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            # Ctrl-C in the terminal reaches only the launcher, which then stops everything in order.
            start_new_session=True,
            preexec_fn=signal_when_parent_dies(signal.SIGTERM),
        )

    def _open_log(self, name: str) -> "LogFile":
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_KEPT_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return LogFile(path)


class LogFile:
    """An append-only file for a child's output, with a line that says when the child was started."""

    def __init__(self, path: Path) -> None:
        self._handle = path.open("ab")
        self._handle.write(time.strftime("--- started %Y-%m-%d %H:%M:%S %z\n").encode())
        self._handle.flush()

    def fileno(self) -> int:
        return self._handle.fileno()

    def __enter__(self) -> "LogFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.close()
