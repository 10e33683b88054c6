import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parents[2]


def pins(name):
    lines = (PROJECT / name).read_text().splitlines()
    return {canonical(line.split("==")[0]): line.split("==")[1].split()[0] for line in lines if "==" in line}


def canonical(name):
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_no_host_and_no_folder(file):
    for line in (PROJECT / file).read_text().splitlines():
        requirement = line.split("#")[0].strip()
        assert requirement == "" or re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+", requirement), line


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    main, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    for wanted, locked in ((project["dependencies"], main), (project["optional-dependencies"]["dev"], main | dev)):
        for requirement in map(Requirement, wanted):
            assert locked[canonical(requirement.name)] in requirement.specifier, f"run `make lock`: {requirement}"


def test_the_two_locks_agree():
    main, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: dev[name] for name in main.keys() & dev.keys()} == {
        name: main[name] for name in main.keys() & dev.keys()
    }


def test_the_frontends_lock_holds_the_optional_packages_of_every_platform():
    """`npm ci` refuses a lock without them, on every platform."""
    packages = json.loads((PROJECT / "frontend" / "package-lock.json").read_text())["packages"]
    locked = {path.rsplit("node_modules/", 1)[-1] for path in packages}
    wanted = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    assert wanted - locked == set()
