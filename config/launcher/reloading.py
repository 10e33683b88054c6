"""Notice when Python code changes, so that `make run` can start the processes again."""

import time
from pathlib import Path

FOLDERS = ("config", "common", "accounts", "datasets", "annotation", "training", "auditing")
LOOK_EVERY_SECONDS = 1.0


class CodeWatch:
    """Compares the change times of the project's own Python files, at most once a second."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._seen = self._scan()
        self._next_look = time.monotonic() + LOOK_EVERY_SECONDS

    def changed(self) -> Path | None:
        """Return one file that was changed, added or removed since the last call, if any."""
        if time.monotonic() < self._next_look:
            return None
        now = self._scan()
        different = {path for path, _ in now.items() ^ self._seen.items()}
        self._seen = now
        self._next_look = time.monotonic() + LOOK_EVERY_SECONDS
        return min(different).relative_to(self._project) if different else None

    def _scan(self) -> dict[Path, int]:
        found = {}
        for folder in FOLDERS:
            for path in (self._project / folder).rglob("*.py"):
                try:
                    found[path] = path.stat().st_mtime_ns
                except FileNotFoundError:
                    continue
        return found
