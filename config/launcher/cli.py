"""`python -m config.launcher COMMAND`: what the Makefile calls."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from config.launcher import schema, server
from config.launcher.binaries import locate
from config.launcher.errors import LauncherError
from config.launcher.installation import Installation, Session
from config.launcher.reloading import CodeWatch
from config.launcher.services import VITE_PORT, frontend_server
from config.launcher.supervisor import STOP_SECONDS, StopRequested, Supervisor

DEFAULT_PORT = 8000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a foreseeable problem is a sentence on standard error and exit code 1."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.action(options)
        return code
    except LauncherError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def demo(options: argparse.Namespace) -> int:
    """Everything, with the demo's data in it."""

    def load(installation: Installation, supervisor: Supervisor) -> None:
        server.load_demo(supervisor)
        _welcome(installation, options.port)
        supervisor.run_for_ever()

    return _serve(options, load, public_url=os.environ.get("PUBLIC_URL"))


def run(options: argparse.Namespace) -> int:
    """Everything, starting again when the code changes, with the frontend's own server before it."""

    def develop(installation: Installation, supervisor: Supervisor) -> None:
        supervisor.start(frontend_server(project=installation.project, port=options.port))
        watch = CodeWatch(installation.project)
        print(f"\nTouchstone is at http://localhost:{VITE_PORT} and restarts when the code changes. Ctrl-C stops it.")

        def restart_when_changed() -> None:
            if changed := watch.changed():
                print(f"{changed} changed: starting again …", flush=True)
                for name in ("web", "worker", "bulk", "training", "beat"):
                    supervisor.restart(name)

        supervisor.run_for_ever(each_turn=restart_when_changed)

    server.check_port(VITE_PORT)
    return _serve(options, develop, public_url=f"http://localhost:{VITE_PORT}", extra={"DEBUG": "1"})


def stop(options: argparse.Namespace) -> int:
    """Stop the running launcher of this installation, and wait until it has stopped everything."""
    installation = Installation()
    if not installation.is_locked():
        print("Touchstone is not running here.")
        return 0
    launcher = _launcher_process(installation.session())
    if launcher is None:
        raise LauncherError("Touchstone is just starting or stopping. Try again in a moment.")
    launcher.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 3 * STOP_SECONDS + 30
    while installation.is_locked():
        if time.monotonic() > deadline:
            raise LauncherError(f"Touchstone (process {launcher.pid}) did not stop. `kill -9 {launcher.pid}` ends it.")
        time.sleep(0.2)
    print("Stopped.")
    return 0


def reset(options: argparse.Namespace) -> int:
    """Stop, and delete the database, the stored files and the logs."""
    installation = Installation()
    stop(options)
    if not installation.var.exists():
        print("There is nothing to delete.")
        return 0
    installation.prepare()
    with installation.locked():
        server.recover(installation)
        installation.cluster().stop()
        installation.wipe()
    print("Deleted the database, the stored files and the logs. `make demo` starts over.")
    return 0


def show_environment(options: argparse.Namespace) -> int:
    """Print what a shell needs to talk to the running installation."""
    for name, value in _environment_of_running().items():
        print(f"export {name}='{value}'")
    return 0


def manage(options: argparse.Namespace) -> int:
    """Run manage.py against the running installation."""
    environment = {**os.environ, **_environment_of_running()}
    if options.arguments[:1] == ["migrate"]:
        # Whatever it does, the next start looks again.
        schema.forget(environment["DATABASE_URL"])
    return subprocess.run(server.manage(*options.arguments), env=environment, check=False).returncode


def postgres_program(options: argparse.Namespace) -> int:
    """Run psql, pg_dump or another of PostgreSQL's programs against the running installation."""
    if not options.arguments:
        raise LauncherError("Say which program to run: python -m config.launcher postgres psql")
    address = urlsplit(_environment_of_running()["DATABASE_URL"])
    connection = {
        "PGHOST": str(address.hostname),
        "PGPORT": str(address.port),
        "PGUSER": str(address.username),
        "PGPASSWORD": str(address.password),
        "PGDATABASE": address.path.lstrip("/"),
    }
    program = locate().program(options.arguments[0])
    if not Path(program).exists():
        raise LauncherError(f"PostgreSQL has no program {options.arguments[0]}.")
    return subprocess.run([program, *options.arguments[1:]], env={**os.environ, **connection}, check=False).returncode


def with_test_database(options: argparse.Namespace) -> int:
    return server.with_throwaway_database(options.arguments)


def with_server(options: argparse.Namespace) -> int:
    return server.with_throwaway_server(options.arguments, demo=options.demo)


def _serve(
    options: argparse.Namespace,
    body: Callable[[Installation, Supervisor], None],
    *,
    public_url: str | None,
    extra: dict[str, str] | None = None,
) -> int:
    installation = Installation()
    try:
        with server.running(
            installation, port=options.port, host=options.host, public_url=public_url, extra=extra
        ) as supervisor:
            body(installation, supervisor)
    except StopRequested:
        print("Stopped. Your data are kept; the same command starts again.")
    return 0


def _environment_of_running() -> dict[str, str]:
    installation = Installation()
    session = installation.session()
    if session is None or _launcher_process(session) is None:
        raise LauncherError("Touchstone is not running here. Start it with `make demo` or `make run` first.")
    port = int(session.url.rsplit(":", 1)[-1]) if session.url.rsplit(":", 1)[-1].isdigit() else DEFAULT_PORT
    return server.environment_for(
        database_url=installation.cluster().url, data=installation.data, port=port, public_url=session.url
    )


def _launcher_process(session: Session | None) -> psutil.Process | None:
    """The process that wrote the session down, unless it is gone and its number belongs to another one."""
    try:
        process = psutil.Process(session.pid) if session else None
    except psutil.NoSuchProcess:
        return None
    return process if process and session and abs(process.create_time() - session.started) < 1 else None


def _welcome(installation: Installation, port: int) -> None:
    print(f"\nTouchstone is at {os.environ.get('PUBLIC_URL') or f'http://localhost:{port}'}")
    for line in _login_lines(installation.data / "demo-logins.json"):
        print(f"    {line}")
    print("Ctrl-C stops it; your data are kept.", flush=True)


def _login_lines(path: Path) -> list[str]:
    """The demo writes a list of objects with `role`, `email` and `password`."""
    try:
        logins = json.loads(path.read_text())
        return [f"{login['role']:<11} {login['email']:<28} {login['password']}" for login in logins]
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return []


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.launcher", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, action in {"demo": demo, "run": run}.items():
        command = commands.add_parser(name, help=action.__doc__)
        command.add_argument("--port", type=_port, default=DEFAULT_PORT)
        command.add_argument("--host", default="127.0.0.1", help="address to listen on")
        command.set_defaults(action=action)
    for name, plain in {"stop": stop, "reset": reset, "env": show_environment}.items():
        commands.add_parser(name, help=plain.__doc__).set_defaults(action=plain)
    described = {
        "manage": (manage, manage.__doc__),
        "postgres": (postgres_program, postgres_program.__doc__),
        "with-test-db": (with_test_database, server.with_throwaway_database.__doc__),
        "with-server": (with_server, server.with_throwaway_server.__doc__),
    }
    for name, (wrapping, text) in described.items():
        command = commands.add_parser(name, help=text)
        if wrapping is with_server:
            command.add_argument("--demo", action="store_true", help="with the demo's data in it")
        command.add_argument("arguments", nargs=argparse.REMAINDER)
        command.set_defaults(action=_without_dashes(wrapping))
    return parser


def _without_dashes(action: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    def call(options: argparse.Namespace) -> int:
        if options.arguments[:1] == ["--"]:
            options.arguments = options.arguments[1:]
        return action(options)

    return call


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")
    return int(text)
