"""Sticky, grouped, seeded splits: a pure function of the items, their ties and the parent version."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from datasets.versioning.groups import merge_groups


@dataclass(frozen=True)
class LeftOut:
    """A new item that is tied to items of two splits. splits: their names, sorted."""

    item: str
    splits: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """Items of the parent version that are now known to belong together but sit in different splits.

    items: a few of them, one of each split at least, sorted; splits: sorted names; n_items: how many in all.
    """

    items: tuple[str, ...]
    splits: tuple[str, ...]
    n_items: int


@dataclass(frozen=True)
class SplitPlan:
    """split, group: by item, for every item that was not left out; group is the smallest item of the group.

    left_out: sorted by item. conflicts: sorted. n_new_groups: groups that were hashed because nothing in the parent
    decides them.
    """

    split: dict[str, str]
    group: dict[str, str]
    left_out: tuple[LeftOut, ...]
    conflicts: tuple[Conflict, ...]
    n_new_groups: int


def plan_splits(
    items: Iterable[str],
    *,
    fractions: Mapping[str, float],
    seed: str,
    memberships: Iterable[tuple[str, str]] = (),
    near_duplicates: Iterable[tuple[str, str]] = (),
    parent: Mapping[str, str] | None = None,
) -> SplitPlan:
    """Assign every item to a split.

    items: item hashes. fractions: split name -> share, > 0, sum 1; their order does not matter.
    memberships: (item, group key); near_duplicates: pairs of items: both tie items together. parent: split by item of
    the parent version.

    Rules, in this order: an item of the parent keeps its split, whatever else is found out (ties across splits of the
    parent are reported as conflicts, and the group is cut at the split's border). A new item directly tied to items of
    two splits is left out; then a cluster of new items that reaches two splits is left out as a whole. What remains of
    a cluster goes where its parent items are, else its group is hashed: SHA-256 of seed and smallest item, as a number
    in [0, 1) cut by the cumulated fractions. So a group lands in a split with probability equal to its fraction,
    independently of all other groups, and the same input gives the same plan in any order.
    Raises ValueError for invalid fractions or a split of the parent that the fractions do not name.
    """
    members = sorted(set(items))
    cuts = _cuts(fractions)
    old = _old_splits(members, parent or {}, fractions)
    ties = (list(memberships), list(near_duplicates))
    touched = _touched_splits(members, old, *ties)
    left_out = {item: splits for item, splits in touched.items() if len(splits) > 1}
    split = dict(old)
    n_new_groups = 0
    clusters: dict[str, list[str]] = defaultdict(list)
    new = [item for item in members if item not in old and item not in left_out]
    for item, cluster in merge_groups(new, *ties).items():
        clusters[cluster].append(item)
    for smallest, cluster_items in clusters.items():
        splits = set().union(*(touched[item] for item in cluster_items))
        if len(splits) > 1:
            left_out.update(dict.fromkeys(cluster_items, splits))
            continue
        n_new_groups += not splits
        chosen = splits.pop() if splits else _hashed_split(smallest, seed, cuts)
        split.update(dict.fromkeys(cluster_items, chosen))
    group, conflicts = _cut_groups(merge_groups(split, *ties), split)
    return SplitPlan(
        split=split,
        group=group,
        left_out=tuple(LeftOut(item, tuple(sorted(left_out[item]))) for item in sorted(left_out)),
        conflicts=conflicts,
        n_new_groups=n_new_groups,
    )


def _cuts(fractions: Mapping[str, float]) -> list[tuple[float, str]]:
    """(upper end, split) in order of the split names, so that a recipe's key order does not matter."""
    if not fractions or any(not math.isfinite(f) or f <= 0 for f in fractions.values()):
        raise ValueError("fractions must be positive")
    if not math.isclose(math.fsum(fractions.values()), 1.0, abs_tol=1e-9):
        raise ValueError("fractions must sum to 1")
    names = sorted(fractions)
    ends = [math.fsum(fractions[name] for name in names[: i + 1]) for i in range(len(names))]
    ends[-1] = 1.0
    return list(zip(ends, names, strict=True))


def _old_splits(members: list[str], parent: Mapping[str, str], fractions: Mapping[str, float]) -> dict[str, str]:
    old = {item: parent[item] for item in members if item in parent}
    unknown = sorted(set(old.values()) - set(fractions))
    if unknown:
        raise ValueError(f"the parent has a split that the recipe lacks: {unknown[0]}")
    return old


def _touched_splits(
    members: list[str], old: Mapping[str, str], memberships: list[tuple[str, str]], pairs: list[tuple[str, str]]
) -> dict[str, set[str]]:
    """For each new item, the splits of the parent's items that it is directly tied to."""
    touched: dict[str, set[str]] = {item: set() for item in members if item not in old}
    splits_of_key: dict[str, set[str]] = defaultdict(set)
    for item, key in memberships:
        if item in old:
            splits_of_key[key].add(old[item])
    for item, key in memberships:
        if item in touched:
            touched[item] |= splits_of_key.get(key, set())
    for a, b in pairs:
        for new, other in ((a, b), (b, a)):
            if new in touched and other in old:
                touched[new].add(old[other])
    return touched


def _hashed_split(smallest: str, seed: str, cuts: list[tuple[float, str]]) -> str:
    digest = hashlib.sha256(f"{seed}\0{smallest}".encode()).digest()
    position = int.from_bytes(digest[:7], "big") / 2**56  # 56 bits: exact in a float, and always below 1
    return next(name for end, name in cuts if position < end)


def _cut_groups(component: Mapping[str, str], split: Mapping[str, str]) -> tuple[dict[str, str], tuple[Conflict, ...]]:
    """Groups that never span splits, and what had to be cut for that."""
    smallest: dict[tuple[str, str], str] = {}
    size: dict[str, int] = defaultdict(int)
    for item in sorted(component):
        smallest.setdefault((component[item], split[item]), item)
        size[component[item]] += 1
    parts: dict[str, dict[str, str]] = defaultdict(dict)
    for (whole, name), item in smallest.items():
        parts[whole][name] = item
    conflicts = tuple(
        Conflict(tuple(sorted(by_split.values())), tuple(sorted(by_split)), size[whole])
        for whole, by_split in sorted(parts.items())
        if len(by_split) > 1
    )
    return {item: smallest[component[item], split[item]] for item in component}, conflicts
