import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from config.launcher.binaries import locate
from config.launcher.postgres import Cluster


@pytest.fixture
def open_folder():
    """A folder that PostgreSQL's account can reach when the tests run as root; pytest's own is closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="touchstone-launcher-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster(open_folder):
    home = open_folder / "home"
    home.mkdir()
    made = Cluster(home=home, binaries=locate(), settings={"fsync": "off"})
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def own_signals():
    """A launcher that runs inside the test takes over the signals; the tests want theirs back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def as_root():
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
