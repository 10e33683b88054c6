import pytest

from config.launcher import stages
from config.launcher.stages import Skipped, Stage


def skip():
    raise Skipped("no Chromium")


@pytest.mark.parametrize(
    ("actions", "code", "summary"),
    [
        ([lambda: 0, lambda: 0], 0, "stages: 2 passed, 0 failed"),
        ([lambda: 0, lambda: 3, lambda: 0], 1, "stages: 2 passed, 1 failed"),
        ([lambda: 0, skip], 0, "stages: 1 passed, 0 failed, 1 skipped"),
    ],
)
def test_all_stages_run_and_the_last_line_sums_up(capsys, actions, code, summary):
    ran = stages.run_all([Stage(name=f"stage {n}", action=action) for n, action in enumerate(actions)])
    assert ran == code
    assert capsys.readouterr().out.splitlines()[-1] == summary


def test_a_skip_is_loud(capsys):
    stages.run_all([Stage(name="browser tests", action=skip)])
    assert capsys.readouterr().out.count("!!!! SKIPPED browser tests: no Chromium") == 2


def test_a_difference_fails_and_says_how_to_accept_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(stages, "PROJECT", tmp_path)
    committed, fresh = tmp_path / "schema.yaml", tmp_path / "fresh.yaml"
    fresh.write_text("a: 1\n")
    assert stages.same(committed, fresh) == 1
    committed.write_text("a: 2\n")
    assert stages.same(committed, fresh) == 1
    shown = capsys.readouterr().out
    assert "-a: 2" in shown
    assert "make baselines" in shown
    committed.write_text("a: 1\n")
    assert stages.same(committed, fresh) == 0


def test_a_missing_program_is_a_failure_with_a_sentence(capsys):
    assert stages.call(["no-such-program-anywhere"]) == 127
    assert "make setup" in capsys.readouterr().out
