"""Imports from a folder or an upload, done here and now."""

from pathlib import Path
from typing import Any

from accounts.models import Project
from datasets.models import Import
from datasets.services.imports import ImportRequest, request_import
from tests.datasets import factories
from tests.datasets.runs import finish


def start(project: Project, path: Path | None = None, source: Any = None, **request: Any) -> Import:
    request = {"path": str(path)} | request if path else request
    source = source or factories.source(project)
    return request_import(project=project, source=source, request=ImportRequest(**request), by=None, trusted_path=True)


def run(project: Project, path: Path | None = None, source: Any = None, **request: Any) -> Import:
    found = start(project, path, source, **request)
    job = finish(found.job)
    assert job.state == "succeeded", job.error
    found.refresh_from_db()
    return found


def outcomes(found: Import) -> dict[str, tuple[str, str]]:
    return {row.name: (row.outcome, row.code) for row in found.files.all()}


def fill(folder: Path, count: int, first: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(first, first + count):
        (folder / f"{seed:04}.png").write_bytes(factories.picture(seed))
