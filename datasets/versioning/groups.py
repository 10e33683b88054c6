"""Items that must stay together: same group key, or near duplicates of each other."""

from collections.abc import Iterable


class DisjointSets:
    """Union-find over strings with path halving; the smallest string of a set represents it."""

    def __init__(self, members: Iterable[str] = ()) -> None:
        self._parent = {member: member for member in members}

    def __contains__(self, member: str) -> bool:
        return member in self._parent

    def find(self, member: str) -> str:
        """The smallest member of the set. Raises KeyError for an unknown member."""
        parent = self._parent
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    def union(self, a: str, b: str) -> None:
        """Merge the sets of two known members."""
        root_a, root_b = self.find(a), self.find(b)
        if root_a != root_b:
            small, large = sorted((root_a, root_b))
            self._parent[large] = small


def merge_groups(
    items: Iterable[str], memberships: Iterable[tuple[str, str]] = (), near_duplicates: Iterable[tuple[str, str]] = ()
) -> dict[str, str]:
    """Group of every item, named by the smallest item in it.

    items: item hashes. memberships: (item, group key); an item may have several keys; keys are only compared with each
    other, so a key may look like a hash. near_duplicates: pairs of items, any order. Memberships and pairs of items
    that are not among `items` are ignored. The result does not depend on any order.
    """
    sets = DisjointSets(items)
    first_with_key: dict[str, str] = {}
    for item, key in memberships:
        if item in sets:
            sets.union(first_with_key.setdefault(key, item), item)
    for a, b in near_duplicates:
        if a in sets and b in sets:
            sets.union(a, b)
    return {item: sets.find(item) for item in sets._parent}
