import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config import bootstrap
from config.bootstrap import SetupError

NO_VENV = """#!/bin/sh
echo "The virtual environment was not created successfully because ensurepip is not available."
exit 1
"""


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "PROJECT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "FRONTEND", tmp_path / "frontend")
    monkeypatch.setattr(bootstrap, "PICTURES", tmp_path / "pictures")
    monkeypatch.setattr(bootstrap, "STAMPS", tmp_path / ".venv" / "touchstone-stamps.json")
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("a==1\n")
    (tmp_path / "frontend" / "src").mkdir(parents=True)
    (tmp_path / "pictures").mkdir()
    for folder in ("frontend", "pictures"):
        (tmp_path / folder / "package-lock.json").write_text("{}")
    (tmp_path / "frontend" / "src" / "main.tsx").write_text("1")
    return tmp_path


def titles(*, dev=False):
    return [title.split(" (")[0] for title, _ in bootstrap._steps(dev=dev)]


@pytest.fixture(scope="module")
def empty_venv(tmp_path_factory):
    """Creating one takes seconds, so the tests share it."""
    folder = tmp_path_factory.mktemp("shared") / ".venv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "VENV", folder)
        bootstrap.create_venv()
    return folder


@pytest.fixture
def finished(checkout, empty_venv, monkeypatch):
    """A checkout on which every step has been done."""
    monkeypatch.setattr(bootstrap, "VENV", empty_venv)
    monkeypatch.setattr(bootstrap, "STAMPS", checkout / "stamps.json")
    bootstrap.write_stamp("requirements.txt", bootstrap.digest([checkout / "requirements.txt"]))
    for folder in ("frontend", "pictures"):
        bootstrap.write_stamp(f"npm {folder}", bootstrap.digest([checkout / folder / "package-lock.json"]))
        (checkout / folder / "node_modules").mkdir()
    bootstrap.write_stamp("frontend", bootstrap.digest(bootstrap.frontend_sources()))
    (checkout / "frontend" / "dist").mkdir()
    (checkout / "frontend" / "dist" / "index.html").write_text("")
    return checkout


def test_a_finished_checkout_has_nothing_to_do(finished):
    assert titles() == []
    assert titles(dev=True) == ["Installing 1 Python packages from requirements-dev.txt"]


def test_a_changed_lock_or_source_is_installed_or_built_again(finished):
    (finished / "requirements.txt").write_text("a==2\nb==1\n")
    (finished / "frontend" / "src" / "main.tsx").write_text("2")
    assert titles() == ["Installing 2 Python packages from requirements.txt", "Building the frontend"]


def test_a_changed_test_does_not_build_the_frontend(finished):
    (finished / "frontend" / "src" / "main.test.tsx").write_text("2")
    assert titles() == []


def test_a_moved_checkout_starts_over(finished, empty_venv, monkeypatch):
    moved = finished / "moved"
    moved.symlink_to(empty_venv)
    monkeypatch.setattr(bootstrap, "VENV", moved)
    assert titles()[0] == "Creating the virtual environment .venv"
    assert len(titles()) == 5


def test_a_python_without_venv_gets_the_line_that_installs_it(checkout, monkeypatch):
    python = checkout / "python"
    python.write_text(NO_VENV)
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(SetupError, match=r"comes without venv. Install it with: (sudo )?apt install python3.11-venv"):
        bootstrap.create_venv()
    assert not (checkout / ".venv").exists()


def test_a_taken_port_is_said_before_anything_is_installed(checkout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=f"Port {port} is taken by another program.*PORT={port + 1}"):
            bootstrap.setup(dev=False, port=str(port))
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("port", ["eight", "0", "70000"])
def test_a_port_that_is_none_is_said(port):
    with pytest.raises(SetupError, match="from 1 to 65535"):
        bootstrap.check_port(port)


def test_a_full_disk_is_said_before_anything_is_installed(checkout):
    with pytest.raises(SetupError, match=r"needs about 1000000\.0 GB of free disk space"):
        bootstrap.check_disk(1e6)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "WARNING: Retrying … NewConnectionError('…: Failed to establish')\nERROR: No matching distribution",
            "cannot be reached",
        ),
        ("npm error code ENOTFOUND", "cannot be reached"),
        ("npm error code EUSAGE\nnpm error A complete log of this run can be found in: x", "EUSAGE"),
        ("dist/ErrorState-1.js 1 kB\nA size budget is exceeded.", "It failed: A size budget is exceeded."),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "the disk is full"),
        ("Collecting a\nERROR: No matching distribution found for a==9\n", "No matching distribution found for a==9"),
    ],
)
def test_a_tools_output_becomes_one_sentence(output, sentence):
    explained = bootstrap.explain("It failed", output)
    assert sentence in explained
    assert "\n" not in explained


def test_a_package_whose_installation_was_cut_off_is_forgotten_and_a_whole_one_kept(checkout):
    packages = checkout / ".venv" / "lib" / "python3.11" / "site-packages"
    for name in ("whole", "cut", "unrecorded"):
        (packages / f"{name}-1.dist-info").mkdir(parents=True)
        (packages / f"{name}-1.dist-info" / "METADATA").write_text("")
    (packages / "whole.py").write_text("")
    for name in ("whole", "cut"):
        lines = [f"{name}.py,sha256=x,1", f"{name}-1.dist-info/METADATA,,", "__pycache__/x.pyc,,"]
        (packages / f"{name}-1.dist-info" / "RECORD").write_text("\n".join(lines))
    bootstrap.drop_half_installed()
    assert sorted(path.name for path in packages.glob("*.dist-info")) == ["whole-1.dist-info"]


def test_a_failing_tool_stops_the_setup_and_leaves_its_log(checkout):
    (checkout / ".venv").mkdir()
    log = checkout / ".venv" / "pip.log"
    with pytest.raises(SetupError, match=r"It failed: error: of its own The whole log is in .*pip\.log"):
        bootstrap.run([sys.executable, "-c", "print('error: of its own'); exit(2)"], log=log, what="It failed")
    assert log.read_text() == "error: of its own\n"


def test_another_python_is_told_so_in_one_sentence(tmp_path):
    """A Python of another version is imitated by the version that the script reads."""
    script = Path(bootstrap.__file__).read_text()
    code = "import sys; sys.version_info = (3, 9, 0); exec(compile(sys.stdin.read(), 'bootstrap.py', 'exec'))"
    done = subprocess.run([sys.executable, "-c", code], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Touchstone needs Python 3.11, and this is Python 3.9" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_checkout_of_somebody_else_is_told_so_in_one_sentence(checkout, monkeypatch, capsys):
    def refuse(**_):
        raise PermissionError(13, "Permission denied", str(checkout / ".venv"))

    monkeypatch.setattr(bootstrap, "setup", refuse)
    monkeypatch.setattr(sys, "argv", ["bootstrap", "setup"])
    assert bootstrap.main() == 1
    assert "cannot be written by you" in capsys.readouterr().err


def test_pythonpath_of_the_person_does_not_reach_the_tools(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    assert "PYTHONPATH" not in bootstrap.environment()
    assert bootstrap.environment()["PATH"] == os.environ["PATH"]
