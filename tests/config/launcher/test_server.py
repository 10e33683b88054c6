import json
import socket
import subprocess
import sys

import pytest

from config.launcher import server
from config.launcher.errors import LauncherError
from config.launcher.installation import PROJECT

# Asks the web process, then waits until beat has sent a message and a worker has taken it.
PROBE = """
import json, os, time, urllib.request
import psycopg
with urllib.request.urlopen(os.environ["TOUCHSTONE_URL"] + "/healthz", timeout=30) as answer:
    health = json.load(answer)
deadline = time.monotonic() + 120
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
    while time.monotonic() < deadline:
        sent, waiting = connection.execute(
            "SELECT sum(total_messages), sum(queue_length) FROM pgmq.metrics_all() WHERE queue_name = 'default'"
        ).fetchone()
        if sent and not waiting:
            break
        time.sleep(0.2)
print(json.dumps({"health": health, "sent": int(sent or 0), "waiting": int(waiting or 0)}))
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_whole_server_answers_and_its_workers_take_what_beat_sends():
    done = subprocess.run(
        [sys.executable, "-m", "config.launcher", "with-server", "--", sys.executable, "-c", PROBE],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["health"] == {"status": "ok"}
    assert seen["sent"] > 0
    assert seen["waiting"] == 0


def test_a_taken_port_is_refused_with_the_next_one_as_advice():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LauncherError, match=f"Port {port} is taken.*PORT={port + 1}"):
            server.check_port(port)
    server.check_port(port)


def test_every_process_is_told_the_same_and_the_persons_own_settings_do_not_count(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://production")
    told = server.environment_for(database_url="postgres://here", data=tmp_path / "data", port=8001)
    assert told["DATABASE_URL"] == "postgres://here"
    assert told["CELERY_BROKER_URL"] == ""
    assert told["PUBLIC_URL"] == "http://localhost:8001"
    assert (tmp_path / "data").is_dir()
