"""Bring an installation up in the right order, and down again: what `demo`, `run` and `with-server` share."""

import contextlib
import http.client
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil

from config.launcher import broker, leftovers, schema, services
from config.launcher.errors import LauncherError
from config.launcher.installation import Installation, Session
from config.launcher.supervisor import StopRequested, Supervisor
from config.launcher.throwaway import ThrowawayCluster

READY_SECONDS = 120


def check_port(port: int, *, host: str = "127.0.0.1") -> None:
    """Refuse a port that somebody listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise LauncherError(f"Port {port} is reserved for root. Choose another: make demo PORT=8000") from error
        except OSError as error:
            raise LauncherError(
                f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}"
            ) from error


def environment_for(*, database_url: str, data: Path, port: int, public_url: str | None = None) -> dict[str, str]:
    """What every process of an installation on one machine is told; it wins over the person's own environment."""
    data.mkdir(parents=True, exist_ok=True)
    return {
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": "",
        "DATA_DIR": str(data),
        "PORT": str(port),
        "PUBLIC_URL": public_url or f"http://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def recover(installation: Installation) -> None:
    """End what a killed launcher left behind. The caller holds the lock, so nothing of it may be alive."""
    session = installation.session()
    if session and (count := leftovers.end(session.token)):
        print(f"Ended {count} processes that an earlier start had left behind.")


@contextlib.contextmanager
def running(
    installation: Installation,
    *,
    port: int,
    host: str = "127.0.0.1",
    public_url: str | None = None,
    extra: Mapping[str, str] | None = None,
) -> Iterator[Supervisor]:
    """Database, broker, migrations, web, workers and beat, under the installation's lock; stopped at the end."""
    installation.prepare()
    with installation.locked():
        recover(installation)
        check_port(port, host=host)
        token = secrets.token_hex(16)
        cluster = installation.cluster()
        supervisor = Supervisor(token=token, environment={}, folder=installation.project, logs=installation.logs)
        supervisor.listen_to_signals()
        if not cluster.data.is_dir():
            print("Creating the database …", flush=True)
        try:
            cluster.ensure_running()
            environment = environment_for(
                database_url=cluster.url, data=installation.data, port=port, public_url=public_url
            )
            supervisor.environment |= environment | dict(extra or {})
            installation.write_session(
                Session(
                    pid=os.getpid(),
                    started=psutil.Process().create_time(),
                    token=token,
                    url=environment["PUBLIC_URL"],
                    database_port=cluster.port,
                )
            )
            _start_all(supervisor, database_url=cluster.url, port=port, host=host)
            yield supervisor
        finally:
            print("Stopping …", flush=True)
            supervisor.stop()
            cluster.stop()
            (installation.var / "session.json").unlink(missing_ok=True)


def with_throwaway_database(command: list[str]) -> int:
    """Run a command with the address of an empty database that vanishes afterwards. Return its exit code."""
    return _with_throwaway(command, prepare=lambda supervisor, cluster, home: None)


def with_throwaway_server(command: list[str], *, demo: bool = False) -> int:
    """Run a command against a complete server, empty or with the demo in it; its address is in TOUCHSTONE_URL.

    The command has the server's own environment, so `manage.py` works in it.
    """

    def prepare(supervisor: Supervisor, cluster: ThrowawayCluster, home: Path) -> None:
        port = int(supervisor.environment["PORT"])
        supervisor.environment["TOUCHSTONE_URL"] = supervisor.environment["PUBLIC_URL"]
        supervisor.environment["TOUCHSTONE_PYTHON"] = sys.executable
        _start_all(supervisor, database_url=cluster.url, port=port, host="127.0.0.1")
        if demo:
            load_demo(supervisor, small=True)

    return _with_throwaway(command, prepare=prepare)


def _with_throwaway(command: list[str], *, prepare: Callable[[Supervisor, ThrowawayCluster, Path], None]) -> int:
    if not command:
        raise LauncherError("Say which command to run: python -m config.launcher with-test-db -- COMMAND")
    installation = Installation()
    cluster = ThrowawayCluster.reserve()
    home = Path(tempfile.mkdtemp(prefix="touchstone-run-"))
    logs = home / "log"
    logs.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    supervisor = Supervisor(
        token=secrets.token_hex(16),
        environment=environment_for(database_url=cluster.url, data=home / "data", port=port),
        folder=installation.project,
        logs=logs,
    )
    supervisor.listen_to_signals()
    try:
        cluster.start()
        prepare(supervisor, cluster, home)
        code = supervisor.run_command(command)
        if code != 0:
            _keep_logs(logs, installation.var / "test-log")
        return code
    except LauncherError:
        _keep_logs(logs, installation.var / "test-log")
        raise
    except StopRequested:
        return 130
    finally:
        supervisor.stop()
        cluster.remove()
        shutil.rmtree(home, ignore_errors=True)


def load_demo(supervisor: Supervisor, *, small: bool = False) -> None:
    """Load the demo through the running server; what is there already stays. It prints its own progress."""
    supervisor.run_step("load_demo", manage("load_demo", *(["--small"] if small else [])), quiet=False)


def _start_all(supervisor: Supervisor, *, database_url: str, port: int, host: str) -> None:
    broker.ensure_installed(database_url)
    wanted = schema.fingerprint(supervisor.folder)
    if schema.recorded(database_url) != wanted:
        print("Preparing the database …", flush=True)
        supervisor.run_step("migrate", manage("migrate", "--noinput"))
        schema.record(database_url, wanted)
    print("Starting web, workers and beat …", flush=True)
    supervisor.start(services.web(host=host, port=port))
    supervisor.wait_for(lambda: _answers(port), what="The web process", seconds=READY_SECONDS)
    # After the web process: on a small machine, four programs that load at once make everybody wait.
    start_workers(supervisor)


def start_workers(supervisor: Supervisor) -> None:
    """Those that every installation has, and one for encoders where a network of the operator's is installed."""
    for service in (services.worker(), services.bulk_worker(), services.training_worker(), services.beat()):
        supervisor.start(service)
    if services.has_networks(_networks(supervisor.environment)):
        supervisor.start(services.encoder_worker())


def _networks(environment: Mapping[str, str]) -> Path:
    """Where the web process will look for networks of the operator's; as `config.environment` reads it."""
    named = environment.get("ASSIST_MODELS") or os.environ.get("ASSIST_MODELS")
    return Path(named) if named else Path(environment["DATA_DIR"]) / "assist-models"


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 400  # with https in PUBLIC_URL it redirects
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _keep_logs(logs: Path, target: Path) -> None:
    """The folder of a throw-away server vanishes, but a failure wants its logs."""
    if any(logs.iterdir()):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(logs, target)
        print(f"The logs of the server are in {target}.", file=sys.stderr)
