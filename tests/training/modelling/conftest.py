import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[3]
CLASSES = [{"key": "circle", "name": "Circle"}, {"key": "square", "name": "Square"}, {"key": "cross", "name": "Cross"}]


def draw(shape: int, rng: np.random.Generator, side: int = 32) -> Image.Image:
    """A picture with an alpha channel: the shape is the class, its place and colour are noise."""
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    left, top = (int(v) for v in rng.integers(2, 10, 2))
    box = (left, top, left + 18, top + 18)
    ink = (*(int(v) for v in rng.integers(0, 140, 3)), 255)
    if shape == 0:
        pen.ellipse(box, fill=ink)
    elif shape == 1:
        pen.rectangle(box, fill=ink)
    else:
        pen.line(box, fill=ink, width=4)
        pen.line((box[0], box[3], box[2], box[1]), fill=ink, width=4)
    return picture


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A folder with 108 pictures of three classes, two of each group, and their manifest rows."""
    folder = tmp_path_factory.mktemp("shapes")
    rng = np.random.default_rng(7)
    rows = []
    for index in range(108):
        group = index // 2
        split = "train" if group % 6 < 3 else "validation" if group % 6 < 5 else "test"
        shape = group % 3
        draw(shape, rng).save(folder / f"{index}.png")
        row = {"item": f"item{index}", "path": f"{index}.png", "split": split, "label": shape, "group": f"g{group}"}
        rows.append(row | {"labels": [shape] + ([] if shape else [2]), "weight": 1.0})
    # the class must not follow from the split
    for row in rows:
        number = int(row["group"][1:])
        row["split"] = "train" if number % 9 < 5 else "validation" if number % 9 < 8 else "test"
    return folder, rows


@pytest.fixture
def make_spec(pictures: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> Callable[..., Path]:
    """Write SPEC.json and a manifest without test rows (unless asked for) and return the path of the specification."""
    folder, rows = pictures

    def make(
        recipe: str, settings: dict[str, Any] | None = None, *, name: str = "spec", test: bool = False, **changes: Any
    ) -> Path:
        manifest = tmp_path / f"{name}.jsonl"
        kept = [row for row in rows if test or row["split"] != "test"]
        manifest.write_text("\n".join(json.dumps(row) for row in kept), "utf-8")
        spec = {
            "version": 1,
            "data": {"manifest": str(manifest), "folder": str(folder)},
            "task": {"kind": "single_choice", "classes": CLASSES},
            "recipe": {"name": recipe, "settings": settings or {}},
            "seed": 5,
            "threads": 1,
            "resamples": 60,
        }
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(spec | changes), "utf-8")
        return path

    return make


def start(spec: Path, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "training.modelling.run", str(spec), str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )


class Finished:
    def __init__(self, code: int, events: list[dict[str, Any]], errors: str) -> None:
        self.code, self.events, self.errors = code, events, errors

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == kind]


@pytest.fixture
def run_child() -> Callable[[Path, Path], Finished]:
    """Run a specification in a child process to its end."""

    def run(spec: Path, folder: Path) -> Finished:
        process = start(spec, folder)
        out, errors = process.communicate(timeout=240)
        return Finished(process.returncode, [json.loads(line) for line in out.splitlines()], errors)

    return run


@pytest.fixture
def start_child() -> Callable[[Path, Path], subprocess.Popen[str]]:
    return start
