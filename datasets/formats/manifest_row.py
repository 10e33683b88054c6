"""What every manifest reader gives: rows with roles and attributes, or rows with the reason why not."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from datasets.formats.attributes import Value, is_missing

# Column names (lower case, spaces and dashes as underscores) by role, best first.
ROLE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "file_name": ("file_name", "filename", "file", "path", "file_path", "image", "image_path", "파일", "파일명"),
    "external_id": ("external_id", "id", "record_id", "image_id"),
    "group": ("group", "group_key", "group_id", "그룹"),
    "label": ("label", "labels", "class", "target", "라벨", "레이블"),
}
REQUIRED_ROLES = ("file_name", "external_id")
TEXT_COLUMN = "text"
MAX_NAME_LENGTH = 100


@dataclass(frozen=True)
class ManifestRow:
    """One row. line: 1-based line of the file where the row ends (CSV, JSONL) or row number (Parquet).

    Absent roles are None. attributes: every other column, untyped for CSV (strings), None where missing.
    """

    line: int
    file_name: str | None
    external_id: str | None
    group: str | None
    label: str | None
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class RejectedRow:
    """A row that could not be used. code: stable reason; message: a sentence."""

    line: int
    code: str
    message: str


class UnreadableManifest(Exception):
    """The file as a whole cannot be read as a manifest. code: stable; message: what to do; line: where, if known."""

    def __init__(self, code: str, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line


@dataclass(frozen=True)
class ColumnRoles:
    """Which column plays which role (None: no column does). All other columns are attributes."""

    file_name: str | None = None
    external_id: str | None = None
    group: str | None = None
    label: str | None = None

    def taken(self) -> frozenset[str]:
        """Names of the columns that play a role."""
        return frozenset(c for c in (self.file_name, self.external_id, self.group, self.label) if c is not None)


def detect_roles(columns: Sequence[str]) -> ColumnRoles:
    """Guess the roles from column names; case, spaces and dashes do not matter."""
    by_name = {_simple(column): column for column in reversed(columns)}
    found: dict[str, str | None] = {}
    for role, names in ROLE_COLUMNS.items():
        found[role] = next((by_name[name] for name in names if name in by_name), None)
    return ColumnRoles(**found)


def check_names(columns: Sequence[str]) -> None:
    """Raises UnreadableManifest: bad-column-name, duplicate-column."""
    for column in columns:
        if not column.strip() or len(column) > MAX_NAME_LENGTH or any(unicodedata.category(c) == "Cc" for c in column):
            raise UnreadableManifest("bad-column-name", f"A column name is empty, too long or unprintable: {column!r}.")
    repeated = [column for column, count in Counter(columns).items() if count > 1]
    if repeated:
        raise UnreadableManifest("duplicate-column", f'The column "{repeated[0]}" occurs more than once.')


def check_columns(columns: Sequence[str], roles: ColumnRoles | None) -> ColumnRoles:
    """Roles for these columns.

    Raises UnreadableManifest: no-columns, bad-column-name, duplicate-column, unknown-column, no-file-or-id-column.
    """
    if not columns:
        raise UnreadableManifest("no-columns", "The manifest has no header row with column names.")
    check_names(columns)
    roles = roles or detect_roles(columns)
    unknown = sorted(roles.taken() - set(columns))
    if unknown:
        raise UnreadableManifest("unknown-column", f'There is no column "{unknown[0]}" in the manifest.')
    if not any(getattr(roles, role) for role in REQUIRED_ROLES) and TEXT_COLUMN not in columns:
        raise UnreadableManifest(
            "no-file-or-id-column",
            'No column names the files. Call it "file_name" (or, for records without files, add "external_id"; for'
            ' texts, put them into a column "text").',
        )
    return roles


def make_row(line: int, record: Mapping[str, Value], roles: ColumnRoles) -> ManifestRow | RejectedRow:
    """A row from column values; rejected if it has no file name, no external id and no text."""

    def text(column: str | None) -> str | None:
        value = record.get(column) if column else None
        return None if is_missing(value) else unicodedata.normalize("NFC", str(value).strip())

    file_name, external_id = text(roles.file_name), text(roles.external_id)
    if file_name is None and external_id is None and is_missing(record.get(TEXT_COLUMN)):
        return RejectedRow(line, "no-file-or-id", "The row names neither a file nor an external id.")
    taken = roles.taken()
    attributes = {
        unicodedata.normalize("NFC", name): (None if is_missing(value) else value)
        for name, value in record.items()
        if name not in taken
    }
    return ManifestRow(line, file_name, external_id, text(roles.group), text(roles.label), attributes)


def first_nested(record: Iterable[tuple[str, object]]) -> str | None:
    """Name of the first column whose value is a list or an object, which attributes cannot be."""
    return next((name for name, value in record if isinstance(value, (list, dict, tuple, bytes))), None)


def _simple(column: str) -> str:
    return unicodedata.normalize("NFC", column).strip().lower().replace(" ", "_").replace("-", "_")
