import os
import secrets
import signal
import subprocess
import sys
import time

import psutil
import pytest

from config.launcher import leftovers, supervisor
from config.launcher.errors import LauncherError
from config.launcher.supervisor import Service, StopRequested, Supervisor

SLEEPER = "import time; time.sleep(120)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(120)"
)
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"], start_new_session=True)
print(child.pid, flush=True)
time.sleep(120)
"""
LAUNCHER = """
import sys, time
from pathlib import Path
from config.launcher.supervisor import Service, Supervisor
made = Supervisor(token=sys.argv[1], environment={}, folder=Path(sys.argv[2]), logs=Path(sys.argv[2]))
made.start(Service(name="child", command=[sys.executable, "-c", "import time; time.sleep(120)"]))
print("started", flush=True)
time.sleep(120)
"""


@pytest.fixture
def said():
    return []


@pytest.fixture
def watcher(tmp_path, said):
    made = Supervisor(token=secrets.token_hex(8), environment={}, folder=tmp_path, logs=tmp_path, say=said.append)
    yield made
    leftovers.kill(made.token)


def python(name, code):
    return Service(name=name, command=[sys.executable, "-c", code])


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_a_crashed_service_starts_again(watcher, said):
    watcher.start(python("web", SLEEPER))
    (first,) = leftovers.processes_of(watcher.token)
    first.kill()

    def restarted():
        watcher.check()
        return any(process.pid != first.pid for process in leftovers.processes_of(watcher.token))

    until(restarted)
    assert said == ["The process `web` stopped unexpectedly (exit code -9); it starts again in 1 s."]


def test_a_service_that_never_lives_is_given_up_with_its_last_words(watcher, monkeypatch, said):
    monkeypatch.setattr(supervisor, "GIVE_UP_AFTER", 2)
    watcher.start(python("web", "print('the reason'); raise SystemExit(3)"))
    with pytest.raises(LauncherError, match=r"`web` stopped 2 times in a row \(exit code 3\)(.|\n)*the reason"):
        watcher.run_for_ever()
    assert len(said) == 1


def test_what_a_crashed_parent_leaves_is_ended_before_it_starts_again(watcher, tmp_path):
    watcher.start(python("web", PARENT))
    log = tmp_path / "web.log"
    until(lambda: len(log.read_text().splitlines()) == 2)
    orphan = psutil.Process(int(log.read_text().splitlines()[1]))
    watcher.start(python("worker", SLEEPER))
    next(p for p in leftovers.processes_of(watcher.token, role="web") if p.pid != orphan.pid).kill()
    until(lambda: (watcher.check(), len(log.read_text().splitlines()) == 4)[1])
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
    assert len(leftovers.processes_of(watcher.token, role="worker")) == 1


def test_stop_ends_the_deaf_and_the_grandchildren_within_its_bound_and_nobody_else(watcher, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)
    watcher.start(python("deaf", STUBBORN))
    watcher.start(python("parent", PARENT))
    until(
        lambda: (
            "deaf\n" in (tmp_path / "deaf.log").read_text()
            and len((tmp_path / "parent.log").read_text().splitlines()) == 2
        )
    )
    with subprocess.Popen([sys.executable, "-c", SLEEPER], start_new_session=True) as stranger:
        watcher.stop()
        assert stranger.poll() is None
        stranger.kill()
    assert leftovers.processes_of(watcher.token) == []


def test_children_end_when_the_launcher_is_killed(tmp_path):
    token = secrets.token_hex(8)
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, token, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as launcher:
        assert launcher.stdout.readline() == "started\n"
        assert len(leftovers.processes_of(token)) == 1
        launcher.kill()
    until(lambda: leftovers.processes_of(token) == [])


def test_leftovers_are_known_by_their_token_alone(tmp_path):
    token = secrets.token_hex(8)
    command = [sys.executable, "-c", SLEEPER]
    with (
        subprocess.Popen(command, env={**os.environ, leftovers.TOKEN: token}) as ours,
        subprocess.Popen(command, env={**os.environ, leftovers.TOKEN: "of somebody else"}) as theirs,
    ):
        until(lambda: [process.pid for process in leftovers.processes_of(token)] == [ours.pid])
        assert leftovers.end(token) == 1
        assert ours.wait(10) == -signal.SIGTERM
        assert theirs.poll() is None
        theirs.kill()


def test_a_signal_asks_to_stop_at_the_next_look(watcher):
    watcher.listen_to_signals()
    watcher.check()
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(StopRequested):
        watcher.run_for_ever()


def test_a_failing_step_shows_its_last_lines(watcher):
    with pytest.raises(LauncherError, match=r"`migrate` failed \(exit code 1\)(.|\n)*ValueError: no such table"):
        watcher.run_step("migrate", [sys.executable, "-c", "raise ValueError('no such table')"])


def test_steps_and_services_share_the_environment_but_not_each_others(watcher, tmp_path):
    watcher.environment["DATABASE_URL"] = "postgres://here"
    show = "import os; print(os.environ['DATABASE_URL'], os.environ.get('WEB_PROCESS'))"
    watcher.run_step("plain", [sys.executable, "-c", show])
    watcher.start(Service(name="web", command=[sys.executable, "-c", show], environment={"WEB_PROCESS": "1"}))
    until(lambda: len((tmp_path / "web.log").read_text().splitlines()) == 2)
    assert (tmp_path / "plain.log").read_text().splitlines()[1] == "postgres://here None"
    assert (tmp_path / "web.log").read_text().splitlines()[1] == "postgres://here 1"


def test_a_long_log_makes_room(watcher, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "LOG_KEPT_BYTES", 10)
    (tmp_path / "step.log").write_text("more than ten bytes")
    watcher.run_step("step", [sys.executable, "-c", "print('new')"])
    assert (tmp_path / "step.log.1").read_text() == "more than ten bytes"
    assert (tmp_path / "step.log").read_text().endswith("new\n")
