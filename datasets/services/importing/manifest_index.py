"""A manifest's rows by file name, on disk: a million rows must not lie in memory while the files are walked."""

import json
import posixpath
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import BinaryIO

from common.problems import InvalidInput
from common.texts import writable
from datasets.formats.attributes import AttributeInference, AttributeSpec
from datasets.formats.manifest_row import ManifestRow, RejectedRow, UnreadableManifest
from datasets.formats.manifests import manifest_format, read_manifest

BATCH = 1000


def _key(name: str) -> str:
    """A path to look up by. JSON may hold half a surrogate pair, which SQLite refuses: such a name finds no file."""
    return posixpath.normpath(name).encode("utf-8", "replace").decode()


class ManifestIndex:
    """Rows of one manifest. Use as a context manager; the file behind it goes with it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.attributes: tuple[AttributeSpec, ...] = ()
        self._file = tempfile.NamedTemporaryFile(prefix="touchstone-manifest-")  # noqa: SIM115
        # The journal would only protect a file that is worthless after a crash.
        self._database = sqlite3.connect(self._file.name, isolation_level=None, check_same_thread=False)
        self._database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
        self._database.execute("CREATE TABLE row (file TEXT, line INTEGER, content TEXT, seen INTEGER DEFAULT 0)")
        self._database.execute("CREATE TABLE refused (line INTEGER, code TEXT, message TEXT)")

    def __enter__(self) -> "ManifestIndex":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self._file.close()

    def read(self, file: BinaryIO, *, encoding: str = "utf-8", pulse: Callable[[], None] = lambda: None) -> None:
        """Take all rows in. File names are relative to the manifest's folder. Raises InvalidInput.

        encoding: of a CSV. pulse is called every thousand rows.
        """
        folder = posixpath.dirname(self.name)
        inference = AttributeInference()
        batch: list[tuple[str | None, int, str]] = []
        refused: list[tuple[int, str, str]] = []
        try:
            for row in read_manifest(file, format=manifest_format(self.name), encoding=encoding):
                if isinstance(row, RejectedRow):
                    refused.append((row.line, row.code, writable(row.message)))
                else:
                    inference.add(row.attributes)
                    at = _key(posixpath.join(folder, row.file_name)) if row.file_name else None
                    batch.append((at, row.line, json.dumps(asdict(row))))
                if len(batch) + len(refused) >= BATCH:
                    self._insert(batch, refused)
                    batch, refused = [], []
                    pulse()
        except UnreadableManifest as error:
            place = f", line {error.line}" if error.line else ""
            raise InvalidInput(f"The manifest {self.name}{place} cannot be read: {error.message}") from error
        self._insert(batch, refused)
        self._database.execute("CREATE INDEX by_file ON row (file)")
        self.attributes = inference.schema()

    def _insert(self, batch: list[tuple[str | None, int, str]], refused: list[tuple[int, str, str]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO row (file, line, content) VALUES (?, ?, ?)", batch)
        self._database.executemany("INSERT INTO refused (line, code, message) VALUES (?, ?, ?)", refused)
        self._database.execute("COMMIT")

    def take(self, file_name: str) -> list[ManifestRow]:
        """The rows of one file, which count as seen from now on."""
        found = self._database.execute("SELECT content FROM row WHERE file = ? ORDER BY line", (file_name,)).fetchall()
        if found:
            self._database.execute("UPDATE row SET seen = 1 WHERE file = ?", (file_name,))
        return [ManifestRow(**json.loads(content)) for (content,) in found]

    def rejected(self) -> Iterator[RejectedRow]:
        """Rows that could not be read, in order."""
        found = self._database.execute("SELECT line, code, message FROM refused ORDER BY rowid")
        while rows := found.fetchmany(BATCH):
            yield from (RejectedRow(*row) for row in rows)

    def records(self) -> Iterator[ManifestRow]:
        """Rows that name no file."""
        yield from self._rows("file IS NULL")

    def without_file(self) -> Iterator[ManifestRow]:
        """Rows whose file was not met."""
        yield from self._rows("file IS NOT NULL AND NOT seen")

    def _rows(self, condition: str) -> Iterator[ManifestRow]:
        last = -1
        while True:
            sql = f"SELECT line, content FROM row WHERE {condition} AND line > ? ORDER BY line LIMIT {BATCH}"
            found = self._database.execute(sql, (last,)).fetchall()
            if not found:
                return
            for line, content in found:
                yield ManifestRow(**json.loads(content))
                last = line

    def __len__(self) -> int:
        (count,) = self._database.execute("SELECT count(*) FROM row").fetchone()
        return int(count)
