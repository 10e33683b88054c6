import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg

from config.launcher.throwaway import ThrowawayCluster, sweep

OWNER = """
from config.launcher.throwaway import ThrowawayCluster
import time
cluster = ThrowawayCluster.reserve()
cluster.start()
print(cluster.home, flush=True)
time.sleep(120)
"""


def servers_in(home):
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd().startswith(str(home)) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def test_the_address_is_known_before_the_server_runs_and_nothing_is_left_after_it():
    cluster = ThrowawayCluster.reserve()
    address = cluster.url
    assert servers_in(cluster.home) == []
    cluster.start()
    assert cluster.url == address
    with psycopg.connect(address) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    cluster.remove()
    assert not cluster.home.exists()
    assert servers_in(cluster.home) == []


def test_the_server_dies_with_a_killed_owner_and_the_next_session_sweeps_the_folder():
    with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True) as owner:
        home = Path(owner.stdout.readline().strip())
        assert servers_in(home)
        owner.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while servers_in(home) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert servers_in(home) == []
    assert home.exists()
    sweep(home.parent)
    assert not home.exists()


def test_a_living_session_is_not_swept():
    cluster = ThrowawayCluster.reserve()
    try:
        sweep(cluster.home.parent)
        assert cluster.home.exists()
    finally:
        cluster.remove()
