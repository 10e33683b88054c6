"""What changed between two versions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from datasets.versioning.canonical import CanonicalRow, canonical_weight


@dataclass(frozen=True)
class Change:
    """One field of one item's row. before, after: sorted label keys joined by ", ", a split, or a canonical weight."""

    item_sha: str
    question: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionDiff:
    """Rows by what happened to them, each sorted by item and question. An item that changed twice is in both lists.

    added, removed: (item, question). label_flow: how many rows went from which label to which, most frequent first.
    n_unchanged: rows equal in label, split and weight.
    """

    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    label_changed: tuple[Change, ...]
    split_changed: tuple[Change, ...]
    weight_changed: tuple[Change, ...]
    label_flow: tuple[tuple[str, str, int], ...]
    n_unchanged: int


def diff_versions(before: Iterable[CanonicalRow], after: Iterable[CanonicalRow]) -> VersionDiff:
    """Compare two versions by item and question.

    Groups are not compared: they follow from the items. Weights are compared at 9 decimals, as they are hashed.
    Raises ValueError if an item and question occur twice on one side. Memory: the rows of both sides.
    """
    old, new = _by_key(before), _by_key(after)
    shared = sorted(old.keys() & new.keys())
    labels = [Change(*key, _labels(old[key]), _labels(new[key])) for key in shared]
    splits = [Change(*key, old[key].split, new[key].split) for key in shared]
    weights = [Change(*key, canonical_weight(old[key].weight), canonical_weight(new[key].weight)) for key in shared]
    label_changed, split_changed, weight_changed = (
        tuple(change for change in changes if change.before != change.after) for changes in (labels, splits, weights)
    )
    touched = {(c.item_sha, c.question) for c in (*label_changed, *split_changed, *weight_changed)}
    flow = Counter((change.before, change.after) for change in label_changed)
    return VersionDiff(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        label_changed=label_changed,
        split_changed=split_changed,
        weight_changed=weight_changed,
        label_flow=tuple((a, b, n) for (a, b), n in sorted(flow.items(), key=lambda entry: (-entry[1], entry[0]))),
        n_unchanged=len(shared) - len(touched),
    )


def _by_key(rows: Iterable[CanonicalRow]) -> dict[tuple[str, str], CanonicalRow]:
    result: dict[tuple[str, str], CanonicalRow] = {}
    for row in rows:
        key = (row.item_sha, row.question)
        if key in result:
            raise ValueError(f"two rows of one item and question: {key}")
        result[key] = row
    return result


def _labels(row: CanonicalRow) -> str:
    """Classes, and the beginning of the answer's hash where an answer is more than those."""
    said = ", ".join(sorted(row.label_keys))
    return f"{said} #{row.answer_hash[:8]}".strip() if row.answer_hash else said
