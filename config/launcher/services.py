"""The processes of one installation: web, workers, beat; and the frontend's own server while developing."""

import os
import sys
from pathlib import Path

from config.bootstrap import node_folder
from config.launcher.supervisor import Service

WEB_WORKERS = 2
# Requests wait for the database most of the time; the connection pool of a web worker is smaller than this on purpose.
BLOCKING_THREADS = 8
# How long one gets for its request after SIGTERM; below the launcher's own limit.
DRAIN_SECONDS = 8
VITE_PORT = 5173


def web(*, host: str, port: int) -> Service:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
    command += ["--host", host, "--port", str(port), "--workers", str(WEB_WORKERS), "--no-ws"]
    command += ["--blocking-threads", str(BLOCKING_THREADS), "--respawn-failed-workers", "--respawn-interval", "1"]
    command += ["--workers-kill-timeout", str(DRAIN_SECONDS)]
    return Service(name="web", command=command, environment={"WEB_PROCESS": "1"})


def worker() -> Service:
    return _celery_worker("worker", queues="default", processes=2)


def bulk_worker() -> Service:
    """Work of minutes over many pictures, apart from what somebody waits for in front of a page.

    Of `encoding` it takes what no worker of its own is there for: a network may be installed at any time.
    """
    return _celery_worker("bulk", queues="imports,predictions,encoding", processes=2)


def training_worker() -> Service:
    return _celery_worker("training", queues="training", processes=1)


def encoder_worker() -> Service:
    """For an operator's networks, whose encoder stays in its memory; idle it would take 280 MB for nothing."""
    return _celery_worker("encoder", queues="encoding", processes=1)


def has_networks(folder: Path) -> bool:
    """Whether an operator has put something into the folder of networks."""
    return any(folder.glob("*/encoder.onnx"))


def beat() -> Service:
    return Service(name="beat", command=[*_celery(), "beat", "--loglevel", "INFO"])


def frontend_server(*, project: Path, port: int) -> Service:
    """Vite with hot reloading; it passes the API's paths on to the web process."""
    command = [str(node_folder() / "node"), "node_modules/vite/bin/vite.js", "--port", str(VITE_PORT), "--strictPort"]
    return Service(
        name="frontend",
        command=command,
        environment={"TOUCHSTONE_SERVER": f"http://127.0.0.1:{port}"},
        folder=project / "frontend",
    )


def _celery() -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config.celery:app"]


def _celery_worker(name: str, *, queues: str, processes: int) -> Service:
    command = [*_celery(), "worker", "--pool", "prefork", "--concurrency", str(processes), "--queues", queues]
    command += ["--hostname", f"{name}-{os.getpid()}@touchstone", "--loglevel", "INFO"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # Imported libraries keep what they have grown; a fresh process now and then gives it back.
    command += ["--max-tasks-per-child", "500"]
    return Service(name=name, command=command)
