import os

import pytest

from config.launcher.errors import LauncherError
from config.launcher.installation import Installation, Session

SESSION = Session(pid=1, started=2.0, token="t", url="http://localhost:8000", database_port=5)


@pytest.fixture
def installation(tmp_path, monkeypatch):
    monkeypatch.setattr("config.launcher.installation.SYSTEM_STATE", tmp_path / "system")
    made = Installation(project=tmp_path / "checkout")
    made.project.mkdir()
    made.prepare()
    return made


def test_two_launchers_cannot_hold_one_installation(installation):
    with installation.locked():
        installation.write_session(SESSION)
        assert installation.is_locked()
        with (
            pytest.raises(
                LauncherError, match=r"already running here at http://localhost:8000 \(process 1\).*make stop"
            ),
            installation.locked(),
        ):
            pass
    assert not installation.is_locked()


def test_a_session_is_read_back_and_a_broken_one_is_none(installation):
    installation.write_session(SESSION)
    assert installation.session() == SESSION
    (installation.var / "session.json").write_text("{")
    assert installation.session() is None


def test_data_of_another_user_are_refused(installation, as_root):
    os.chown(installation.var, 12345, 12345)
    with pytest.raises(LauncherError, match="belong to the user with number 12345, and you are root"):
        installation.prepare()
    with pytest.raises(LauncherError, match="belong to the user with number 12345"):
        installation.wipe()
    assert installation.data.exists()


def test_wiping_takes_database_files_and_logs_and_nothing_else(installation):
    for folder in (installation.data, installation.logs, installation.database_home):
        (folder / "something").write_text("x")
    (installation.project / "manage.py").write_text("x")
    installation.wipe()
    assert not any(f.exists() for f in (installation.data, installation.logs, installation.database_home))
    assert (installation.project / "manage.py").exists()


def test_two_checkouts_have_two_databases(tmp_path):
    assert Installation(project=tmp_path / "a").database_home != Installation(project=tmp_path / "b").database_home


def test_stored_files_are_closed_to_others(installation):
    assert installation.data.stat().st_mode & 0o077 == 0
