"""The same import gives the same id in literally another database, written by another process."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tests.datasets import factories
from tests.datasets.import_and_freeze import import_and_freeze

COUNT = 60
KEYS = ["cat", "dog", "cow"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures with labels, groups, a resized copy of some, and the same bytes under two names."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    lines = ["file,label,group,장소"]
    for seed in range(COUNT):
        (pictures / f"{seed}.png").write_bytes(factories.picture(seed))
        lines.append(
            f"{seed}.png,{KEYS[seed % 3]},{f'site {seed // 4}' if seed % 3 else ''},{'서울' if seed % 2 else ''}"
        )
    for seed in range(0, COUNT, 6):
        (pictures / f"large-{seed}.png").write_bytes(factories.picture(seed, width=96, height=80))
        (pictures / f"again-{seed}.png").write_bytes(factories.picture(seed + 1))
        lines += [f"large-{seed}.png,{KEYS[seed % 3]},,", f"again-{seed}.png,{KEYS[(seed + 1) % 3]},,"]
    (pictures / "manifest.csv").write_text("\n".join(lines))
    return pictures


@pytest.fixture
def other_database() -> Iterator[str]:
    """The address of a new, empty database on the same server."""
    server = os.environ["DATABASE_URL"]
    name = f"elsewhere_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def frozen_elsewhere(folder: Path, database_url: str, data: Path) -> dict[str, Any]:
    environment = os.environ | {
        "DATABASE_URL": database_url, "DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.datasets.elsewhere", str(folder)]
    done = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
@pytest.mark.django_db
def test_the_same_import_on_another_database_gives_the_same_id(
    folder: Path, other_database: str, tmp_path: Path
) -> None:
    here = import_and_freeze(folder, slug="here")
    there = frozen_elsewhere(folder, other_database, tmp_path / "data")
    assert here["database"] != there["database"]
    assert here["first_item"] != there["first_item"]
    assert (there["id"], there["content_hash"]) == (here["id"], here["content_hash"])
    assert (there["splits"], there["groups"]) == (here["splits"], here["groups"])
    assert len(here["splits"]) == COUNT + COUNT // 6
    assert len(set(here["groups"].values())) < COUNT  # ties were found, and found alike


@pytest.mark.django_db
def test_an_import_that_differs_in_one_label_gives_another_id(folder: Path, tmp_path: Path) -> None:
    """The control: the test above could pass if the id depended on nothing."""
    changed = tmp_path / "changed"
    shutil.copytree(folder, changed)
    manifest = (changed / "manifest.csv").read_text()
    (changed / "manifest.csv").write_text(manifest.replace("\n0.png,cat,", "\n0.png,cow,", 1))
    one, other = import_and_freeze(folder, slug="one"), import_and_freeze(changed, slug="other")
    assert one["splits"] == other["splits"]
    assert one["content_hash"] != other["content_hash"]
