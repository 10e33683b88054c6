import io
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Job
from datasets.management.commands.import_items import WIDTH, Command
from datasets.models import Occurrence
from tests.datasets import factories

BEGAN = datetime(2026, 11, 22, tzinfo=UTC)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(**fields: int) -> str:
    command = Command(stderr=Terminal(), no_color=True)
    command._draw(Job(started_at=BEGAN, heartbeat_at=BEGAN + timedelta(seconds=30), **fields))
    return command.stderr.getvalue()  # type: ignore[no-any-return, attr-defined]


def test_the_bar_tells_how_much_is_done_and_how_long_it_takes_yet() -> None:
    line = drawn(done=300, total=1200)
    assert line.startswith("\r")
    assert (line.count("█"), line.count("░")) == (8, WIDTH - 8)
    assert "300 of 1,200" in line
    assert "90 s left" in line  # 30 s for a quarter
    assert "\n" not in line


def test_a_bar_of_what_nobody_counted_yet_is_empty_and_promises_nothing() -> None:
    line = drawn(done=0, total=0)
    assert (line.count("█"), line.count("░")) == (0, WIDTH)
    assert "left" not in line
    assert "of" not in line
    # A total that is only known afterwards does not divide by nothing either.
    assert "7 " in drawn(done=7, total=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("options", "bars"), [({}, True), ({"no_progress": True}, False)])
def test_on_a_terminal_the_bar_ends_full_and_the_report_follows(
    options: dict[str, bool], bars: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = factories.project()
    for seed in range(3):
        (tmp_path / f"{seed}.png").write_bytes(factories.picture(seed))
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    out, err = io.StringIO(), Terminal()
    call_command("import_items", project.slug, str(tmp_path), stdout=out, stderr=err, no_thumbnails=True, **options)
    assert ("█" * WIDTH + " 4 of 4" in err.getvalue()) == bars
    assert "3 imported, 0 duplicates, 0 known, 1 rejected" in out.getvalue()
    assert "torn.jpg: " in out.getvalue()
    assert Occurrence.objects.filter(project=project).count() == 3


@pytest.mark.django_db
def test_who_names_no_project_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no project nowhere"):
        call_command("import_items", "nowhere", str(tmp_path))
