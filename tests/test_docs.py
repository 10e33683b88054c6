"""The documents say what the code does: problems, events, settings, decisions."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from common import jobs_registry
from common.problems import DomainError
from config.launcher import screenshots

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "datasets", "annotation", "training", "auditing")
SERVICE_PACKAGES = ("services", "selectors", "events", "api")


@pytest.fixture(scope="module", autouse=True)
def everything_imported():
    for app in APPS:
        for package in SERVICE_PACKAGES:
            try:
                module = importlib.import_module(f"{app}.{package}")
            except ModuleNotFoundError:
                continue
            for info in pkgutil.walk_packages(getattr(module, "__path__", []), f"{module.__name__}."):
                importlib.import_module(info.name)


def problems():
    found, waiting = [], [DomainError]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if not cls.__module__.startswith("tests."):
            found.append(cls)
    return found


def test_every_problem_code_is_documented_and_means_one_thing():
    text = (ROOT / "docs" / "problems.md").read_text()
    owners = {}
    for cls in problems():
        own = "code" in vars(cls)
        if own:
            assert cls.code not in owners, f"{cls} and {owners[cls.code]} share the code {cls.code}"
            owners[cls.code] = cls
        assert f"`{cls.code}`" in text, f"docs/problems.md lacks {cls.code}"


def test_every_event_has_a_row_with_its_receivers():
    text = (ROOT / "docs" / "events.md").read_text()
    rows = {line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `")}
    for app in APPS:
        module = importlib.import_module(f"{app}.events")
        for name, cls in inspect.getmembers(module, inspect.isclass):
            if cls.__module__ != module.__name__:
                continue
            assert name in rows, f"docs/events.md lacks {name}"
            for receiver in jobs_registry.SUBSCRIPTIONS.get(cls.NAME, []):
                assert f"`{receiver}`" in rows[name], f"docs/events.md does not name {receiver} as a receiver of {name}"


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "index.md").read_text()
    for page in sorted((ROOT / "docs").glob("*.md")):
        assert page.name == "index.md" or f"({page.name})" in index, f"docs/index.md does not link {page.name}"


def test_every_decision_has_a_number_and_a_status():
    numbers = []
    for record in sorted((ROOT / "docs" / "adr").glob("*.md")):
        first = record.read_text().splitlines()[0]
        assert "Status:" in first, record.name
        numbers.append(record.name[:4])
    assert len(set(numbers)) == len(numbers)


def test_every_picture_in_the_documents_is_there():
    missing = screenshots.named(screenshots.documents()) - {path.name for path in screenshots.KEPT.glob("*.png")}
    assert not missing, f"`make screenshots` takes them: {sorted(missing)}"


def test_every_target_of_make_in_the_documents_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        (page.name, target)
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"(?:^ {4}|`)make ([a-z][a-z-]*)", page.read_text(), re.MULTILINE)
    }
    assert named
    assert not {(page, target) for page, target in named if target not in targets}


def test_every_target_of_make_that_a_document_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    pages = [
        ROOT / "README.md",
        ROOT / "ARCHITECTURE.md",
        ROOT / "frontend" / "README.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
    for page in pages:
        # In code only, a span or an indented line: elsewhere "make" is a verb.
        for target in re.findall(r"(?:`|^ {2,})make ([a-z-]+)", page.read_text(), re.MULTILINE):
            assert target in targets, f"{page.relative_to(ROOT)} names `make {target}`, which does not exist"


def test_every_command_that_a_document_runs_through_the_launcher_exists():
    commands = get_commands()
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for command in re.findall(r"config\.launcher manage ([a-z_]+)", page.read_text()):
            assert command in commands, f"{page.name} names the command {command}, which does not exist"
