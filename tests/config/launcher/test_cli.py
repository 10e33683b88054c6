import pytest

from config.launcher import cli
from config.launcher.installation import Installation


@pytest.fixture
def stopped(tmp_path, monkeypatch):
    """A checkout in which nothing was ever started."""
    monkeypatch.setattr("config.launcher.installation.SYSTEM_STATE", tmp_path / "system")
    monkeypatch.setattr(cli, "Installation", lambda: Installation(project=tmp_path))
    return tmp_path


@pytest.mark.parametrize("command", [["env"], ["manage", "check"], ["postgres", "psql"]])
def test_what_needs_a_running_server_says_so_when_there_is_none(stopped, capsys, command):
    assert cli.main(command) == 1
    assert "not running here. Start it with `make demo`" in capsys.readouterr().err


def test_stopping_and_resetting_nothing_is_no_error(stopped, capsys):
    assert cli.main(["stop"]) == 0
    assert cli.main(["reset"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Touchstone is not running here.",
        "Touchstone is not running here.",
        "There is nothing to delete.",
    ]


def test_a_command_that_is_none_is_said(capsys):
    assert cli.main(["with-test-db", "--"]) == 1
    assert "Say which command to run" in capsys.readouterr().err
    assert cli.main(["with-test-db", "--", "no-such-program-anywhere"]) == 1
    assert "`no-such-program-anywhere` cannot be run" in capsys.readouterr().err


def test_the_exit_code_of_a_wrapped_command_is_passed_on():
    assert cli.main(["with-test-db", "--", "sh", "-c", 'test -n "$DATABASE_URL" && exit 7']) == 7


@pytest.mark.parametrize("port", ["http", "0", "65536"])
def test_a_port_that_is_none_is_refused(port, capsys):
    with pytest.raises(SystemExit):
        cli.main(["demo", "--port", port])
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err


def test_logins_are_shown_as_the_demo_wrote_them(tmp_path):
    logins = tmp_path / "demo-logins.json"
    assert cli._login_lines(logins) == []
    logins.write_text('[{"role": "lead", "email": "lead@example.org", "password": "p"}]')
    (line,) = cli._login_lines(logins)
    assert line.split() == ["lead", "lead@example.org", "p"]
