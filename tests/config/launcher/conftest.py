import os
import shutil
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


@pytest.fixture
def as_root():
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
