"""Where one installation on one machine keeps its things, and who may use them."""

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from config.launcher.binaries import SYSTEM_STATE, locate
from config.launcher.errors import LauncherError
from config.launcher.postgres import Cluster

PROJECT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, kw_only=True)
class Session:
    """What a running launcher tells others, and a later one that must clean up after it."""

    pid: int
    started: float
    token: str
    url: str
    database_port: int


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One checkout with its data under `var/`; as root the database lives where PostgreSQL's account may go."""

    project: Path = PROJECT

    @property
    def var(self) -> Path:
        return self.project / "var"

    @property
    def data(self) -> Path:
        return self.var / "data"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def database_home(self) -> Path:
        if os.geteuid() != 0:
            return self.var / "postgres"
        name = hashlib.sha256(os.fsencode(self.project)).hexdigest()[:16]
        return SYSTEM_STATE / name

    def prepare(self) -> None:
        """Make the folders; refuse those of somebody else."""
        self._check_owner()
        try:
            for folder in (self.var, self.data, self.logs, self.database_home):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LauncherError(f"The folder {error.filename} cannot be made: {error.strerror}.") from error
        self.data.chmod(0o700)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the installation's lock, which ends with this process however that ends."""
        with (self.var / "launcher.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                session = self.session()
                where = f" at {session.url} (process {session.pid})" if session else ""
                raise LauncherError(
                    f"Touchstone is already running here{where}. "
                    "Stop it with Ctrl-C in its terminal or with `make stop`."
                ) from error
            yield

    def is_locked(self) -> bool:
        if not (self.var / "launcher.lock").exists():
            return False
        with contextlib.suppress(LauncherError), self.locked():
            return False
        return True

    def cluster(self) -> Cluster:
        """The installation's database. Its port is that of the running session, or chosen at the next start."""
        session = self.session()
        return Cluster(
            home=self.database_home,
            binaries=locate(owner_of=self.database_home / "data"),
            settings=one_machine_settings(),
            port=session.database_port if session else 0,
        )

    def session(self) -> Session | None:
        """What the running launcher, or the last one when it was killed, wrote down."""
        try:
            return Session(**json.loads((self.var / "session.json").read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write_session(self, session: Session) -> None:
        scratch = self.var / "session.json.new"
        scratch.touch(mode=0o600)
        scratch.write_text(json.dumps(asdict(session)))
        scratch.rename(self.var / "session.json")

    def wipe(self) -> None:
        """Delete the database, the stored files and the logs. The caller has stopped everything."""
        self._check_owner()
        for folder in (self.database_home, self.data, self.logs):
            if folder.exists():
                shutil.rmtree(folder)
        (self.var / "session.json").unlink(missing_ok=True)

    def _check_owner(self) -> None:
        if not self.var.exists():
            return
        owner = self.var.stat().st_uid
        if owner != os.geteuid():
            raise LauncherError(
                f"The data in {self.var} belong to {_user_name(owner)}, and you are {_user_name(os.geteuid())}. "
                f"Start Touchstone as {_user_name(owner)}, or use a checkout of your own."
            )


def one_machine_settings() -> dict[str, str]:
    """PostgreSQL's memory for a machine that it shares with everything else."""
    memory_mib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "shared_buffers": f"{min(max(memory_mib // 16, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory_mib // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "checkpoint_timeout": "15min",
    }


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the user with number {uid}"
