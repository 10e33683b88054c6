"""The pictures that the documents name, from those that the browser tests took of every page."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from config.launcher.installation import PROJECT

TAKEN = PROJECT / "frontend" / "test-results" / "screenshots"
KEPT = PROJECT / "docs" / "screenshots"
PICTURE = re.compile(r"screenshots/([\w-]+\.png)\)")
# A page has few colours: a palette keeps a picture near 60 kB, so that the repository stays small.
COLOURS = 256


def named(documents: Iterable[Path]) -> set[str]:
    """File names of the pictures in Markdown documents."""
    return {name for document in documents for name in PICTURE.findall(document.read_text())}


def documents() -> list[Path]:
    return [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]


def keep() -> int:
    """Write every named picture into docs/screenshots; return 1 when the tests did not take one of them."""
    wanted = named(documents())
    missing = sorted(name for name in wanted if not (TAKEN / name).is_file())
    KEPT.mkdir(exist_ok=True)
    for name in sorted(wanted.difference(missing)):
        with Image.open(TAKEN / name) as picture:
            small = picture.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        small.save(KEPT / name, optimize=True)
    for stale in KEPT.glob("*.png"):
        if stale.name not in wanted:
            stale.unlink()
    for name in missing:
        print(f"No browser test takes the picture {name} that a document shows.", file=sys.stderr)
    return 1 if missing else 0
