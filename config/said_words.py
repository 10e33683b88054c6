"""Write frontend/src/locales/en/said.json from the phrases in the code; the other languages are written by people."""

import importlib
import json
import os
from pathlib import Path
from typing import Any

import django

from common.said import Phrase

PROJECT = Path(__file__).parents[1]
TARGET = PROJECT / "frontend/src/locales/en/said.json"
ROOTS = ("annotation", "datasets", "training", "auditing")


def english_words() -> dict[str, Any]:
    """Every phrase by its code, nested at the dots."""
    for path in sorted(path for root in ROOTS for path in (PROJECT / root).rglob("*.py")):
        if "common.said" in path.read_text(encoding="utf-8"):
            importlib.import_module(".".join(path.relative_to(PROJECT).with_suffix("").parts))
    out: dict[str, Any] = {}
    for code, phrase in sorted(Phrase.known.items()):
        *above, last = code.split(".")
        at = out
        for part in above:
            at = at.setdefault(part, {})
        at[last] = phrase.for_locale()
    return out


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    TARGET.write_text(json.dumps(english_words(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
