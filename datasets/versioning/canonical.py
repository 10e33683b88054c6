"""The content hash of a dataset version: the same content gives the same hash on every machine and database."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

FORMAT = "touchstone-dataset-version/1"
FORMAT_WITH_ANSWERS = "touchstone-dataset-version/2"
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_ITEM_END = 67  # length of ["<64 hex digits>"
_STEP = Decimal("0.000000001")


@dataclass(frozen=True)
class CanonicalRow:
    """One item's answer to one question, in one version.

    item_sha: 64 hex digits. question: its key. label_keys: stable class keys, not names; several for multiple choice,
    none for an unlabelled item; order does not matter. split: its name. weight: finite, >= 0, kept to 9 decimals.
    group: the smallest item hash of the item's group within the version (see `datasets.versioning.splits`).
    answer_hash: 64 hex digits of an answer that its classes do not say (shapes, a number, a text), else "".
    """

    item_sha: str
    question: str
    label_keys: tuple[str, ...]
    split: str
    weight: Decimal | float | str
    group: str
    answer_hash: str = ""


def answer_hash(answer: Mapping[str, Any]) -> str:
    """SHA-256 of a canonical answer as JSON with sorted keys, no spaces, non-ASCII unescaped."""
    said = json.dumps(answer, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def content_hash(rows: Iterable[CanonicalRow]) -> str:
    """SHA-256, 64 hex digits, of the format line and the sorted canonical lines.

    Order of the rows, database collation, Unicode form of the keys and storage format make no difference; any change of
    an item, answer, split, weight (at 9 decimals) or group does. Names of classes and attributes are not part of it.
    Memory: about 300 bytes a row. Raises ValueError for an invalid row, two rows of one item and question, or no rows.

    Format, version 1: UTF-8 lines, each ended by LF. First line: "touchstone-dataset-version/1". Then for each row a
    JSON array without spaces, non-ASCII unescaped: [item, question, [sorted keys], split, "weight", group]; strings in
    NFC, weight with exactly 9 decimals. These lines are sorted as bytes. Any change of this needs a new format name.
    Version 2, for questions whose answers are more than classes: each line ends with the answer's hash.
    """
    lines, name = [], FORMAT
    for row in rows:
        lines.append(canonical_line(row))
        name = FORMAT_WITH_ANSWERS if row.answer_hash else name
    if not lines:
        raise ValueError("a version without rows has no hash")
    lines.sort()
    digest = hashlib.sha256(name.encode() + b"\n")
    before = b""
    for line in lines:
        if line[:_ITEM_END] == before[:_ITEM_END] and json.loads(line)[:2] == json.loads(before)[:2]:
            raise ValueError(f"two rows of one item and question: {line.decode()}")
        before = line
        digest.update(line + b"\n")
    return digest.hexdigest()


def canonical_line(row: CanonicalRow) -> bytes:
    """The row as one line of the format, without the line end. Raises ValueError."""
    for sha in (row.item_sha, row.group):
        if not _SHA256.match(sha):
            raise ValueError(f"not a SHA-256 in lower-case hex: {sha!r}")
    keys = sorted({_nfc(key) for key in row.label_keys}, key=lambda key: key.encode())
    if len(keys) != len(row.label_keys):
        raise ValueError(f"a class key occurs twice in {row.label_keys!r}")
    fields = [row.item_sha, _nfc(row.question), keys, _nfc(row.split), canonical_weight(row.weight), row.group]
    fields += [row.answer_hash] if row.answer_hash else []
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def canonical_weight(weight: Decimal | float | str) -> str:
    """A weight with 9 decimals, rounded half to even from its exact value. Raises ValueError if negative or not finite.

    >>> canonical_weight(1 / 3)
    '0.333333333'
    """
    try:
        exact = Decimal(weight)
        if not exact.is_finite() or exact < 0:
            raise ValueError(f"a weight must be finite and not negative: {weight}")
        return f"{abs(exact.quantize(_STEP, rounding=ROUND_HALF_EVEN)):f}"
    except InvalidOperation as error:
        raise ValueError(f"not a usable weight: {weight!r}") from error


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
