"""A PostgreSQL cluster in a folder: created, started on a free port of this machine, and stopped by us alone."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import psutil
import psycopg
from psycopg import sql

from config.launcher.binaries import POSTGRES_MAJOR, Binaries
from config.launcher.errors import LauncherError

DATABASE = "touchstone"
SUPERUSER = "touchstone"
START_SECONDS = 60
STOP_SECONDS = 30
START_ATTEMPTS = 4

# The password is 32 random bytes, which nobody can guess: stretching it would only cost CPU at every connection.
SCRAM_ITERATIONS = 1


class Identity(TypedDict):
    """Arguments of subprocess.Popen."""

    cwd: Path
    env: dict[str, str]
    user: int | None
    group: int | None
    extra_groups: list[str | int] | None


@dataclass(kw_only=True)
class Cluster:
    """One cluster under `home`: `home/data`, `home/password` and `home/server.log`.

    The caller holds a lock of its own: two launchers must not manage one home at once.
    """

    home: Path
    binaries: Binaries
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def url(self) -> str:
        """The DATABASE_URL of the running cluster."""
        return f"postgres://{SUPERUSER}:{self._password()}@127.0.0.1:{self.port}/{DATABASE}"

    def ensure_running(self) -> None:
        """Create the cluster if it is new, stop what a killed launcher left behind, start, and make the database."""
        self._check_owner()
        if not self.data.is_dir():
            self.create()
        self._check_version()
        self.stop()
        self._remove_stale_pid_file()
        self._start()
        self.make_database()

    def prepare_home(self) -> None:
        """Give the home to the account that runs PostgreSQL, and choose the password unless there is one."""
        self._own(self.home, mode=0o700)
        password_file = self.home / "password"
        if not password_file.exists():
            password_file.touch(mode=0o600)
            password_file.write_text(secrets.token_urlsafe(32))
        self._own(password_file, mode=0o600)

    def create(self, *, fast: bool = False) -> None:
        """Initialise the data folder beside its final place, so that an interruption leaves nothing half-made.

        fast: skip flushing to disk, for clusters that are thrown away.
        """
        unfinished = self.home / "data.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        self.prepare_home()
        arguments = ["-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8", "--locale=C", "--locale-provider=builtin"]
        arguments += [
            "--builtin-locale=C.UTF-8",
            "--auth=scram-sha-256",
            f"--pwfile={self.home / 'password'}",
            "--no-instructions",
        ]
        arguments += ["-c", f"scram_iterations={SCRAM_ITERATIONS}"]
        done = self.run("initdb", *arguments, *(["--no-sync"] if fast else []), timeout=300)
        if done.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise LauncherError(f"PostgreSQL could not create its data folder {self.data}: {_last_line(done.stdout)}")
        with (unfinished / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude_if_exists = 'touchstone.conf'\n")
        unfinished.rename(self.data)

    def write_settings(self) -> None:
        """Write the settings of this start; the port changes from start to start."""
        fixed = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
        }
        lines = [f"{name} = '{value}'" for name, value in (fixed | self.settings).items()]
        path = self.data / "touchstone.conf"
        path.write_text("\n".join(lines) + "\n")
        self._own(path, mode=0o600)

    def stop(self) -> None:
        """Stop the server if one runs on this data folder, whoever started it."""
        if not self.is_running():
            return
        self.run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", str(STOP_SECONDS), "stop")
        if self.is_running():
            self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "-t", str(STOP_SECONDS), "stop")

    def is_running(self) -> bool:
        return self.data.is_dir() and self.run("pg_ctl", "-D", str(self.data), "status").returncode == 0

    def run(self, name: str, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a PostgreSQL program as the right account with a clean environment."""
        # A server that pg_ctl starts would keep a pipe open for ever, so the output goes to a file.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self.binaries.program(name), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=timeout,
                check=False,
                **self.identity(),
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, stdout=output.read())

    def identity(self) -> Identity:
        """Give a PostgreSQL program its account, folder and environment."""
        account = self.binaries.account
        return {
            "cwd": self.home,
            "env": {"LC_ALL": "C", "PATH": os.defpath, "HOME": str(self.home)},
            "user": account.uid if account else None,
            "group": account.gid if account else None,
            "extra_groups": [] if account else None,
        }

    def _start(self) -> None:
        for attempt in range(START_ATTEMPTS):
            self.port = free_port(preferred=self.port)
            self.write_settings()
            self.log.touch()
            self._own(self.log, mode=0o600)
            seen = self.log.stat().st_size
            done = self.run(
                "pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", str(START_SECONDS), "start"
            )
            if done.returncode == 0:
                return
            said = self.log.read_bytes()[seen:].decode(errors="replace")
            if "Address already in use" in said:
                self.port = 0
            elif "shared memory block" not in said:
                break
            # The backends of a killed server need a moment to notice that it is gone.
            time.sleep(1 + attempt)
        raise LauncherError(f"PostgreSQL did not start: {_fatal_line(said)} The whole log is in {self.log}.")

    def make_database(self) -> None:
        """Create the database that the address names, unless it is there."""
        with psycopg.connect(self._maintenance_url(), autocommit=True, connect_timeout=10) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _maintenance_url(self) -> str:
        return self.url.removesuffix(DATABASE) + "postgres"

    def _password(self) -> str:
        try:
            return (self.home / "password").read_text()
        except FileNotFoundError as error:
            raise LauncherError(
                f"The password of the database in {self.home} is missing, so nobody can open it any more. "
                "`make demo-reset` starts over with an empty one."
            ) from error

    def _check_owner(self) -> None:
        """Refuse a folder of somebody else: PostgreSQL would, with a message that helps nobody."""
        expected = self.binaries.account.uid if self.binaries.account else os.geteuid()
        for path in (self.home, self.data):
            if path.exists() and (found := path.stat().st_uid) != expected and not (found == 0 == os.geteuid()):
                raise LauncherError(
                    f"The database folder {path} belongs to the user with number {found}, not to number {expected} "
                    "who would run PostgreSQL now. Start Touchstone as the user who made it."
                )

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(POSTGRES_MAJOR):
            raise LauncherError(
                f"The database in {self.data} was made by PostgreSQL {found}, and this release brings PostgreSQL "
                f"{POSTGRES_MAJOR}, which cannot read it. Dump it with the release that made it, or start over with "
                "`make demo-reset`."
            )

    def _remove_stale_pid_file(self) -> None:
        """Remove the pid file of a killed server whose process number now belongs to something else.

        PostgreSQL refuses to start when that number is alive. A server and all of its backends work inside the data
        folder, so when no process does, nothing can be using it.
        """
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists() and not any(_working_folder(process) == self.data for process in psutil.process_iter()):
            pid_file.unlink()

    def _own(self, path: Path, *, mode: int) -> None:
        if account := self.binaries.account:
            os.chown(path, account.uid, account.gid)
        path.chmod(mode)


def free_port(*, preferred: int = 0) -> int:
    """Return a port of 127.0.0.1 that nobody listens on, `preferred` if it is one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            # A port on which connections were closed a moment ago is free again for a server.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise LauncherError("This machine has no free port on 127.0.0.1.")


def _working_folder(process: psutil.Process) -> Path | None:
    try:
        return Path(process.cwd())
    except (psutil.Error, OSError):
        return None


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing."


def _fatal_line(text: str) -> str:
    for line in text.splitlines():
        if "FATAL:" in line or "PANIC:" in line:
            return line.split(":", 3)[-1].strip() + "."
    return _last_line(text)
