"""Pictures that are the same, or nearly: all pairs of 64-bit hashes within a Hamming distance."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from datasets.profiling.columns import IntArray

MAX_DISTANCE = 9
_CHUNKS = ((0, 13), (13, 13), (26, 13), (39, 13), (52, 12))  # (shift, width) of the five parts of a hash
_BLOCK = 4_000_000  # comparisons at a time

Hashes = NDArray[np.uint64]


def exact_duplicates(keys: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Groups of positions with equal keys (SHA-256 of the bytes), of two or more, in order of first appearance."""
    groups: dict[str, list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        groups[key].append(position)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def near_duplicate_pairs(hashes: IntArray, *, max_distance: int = 8) -> IntArray:
    """Pairs of positions whose hashes differ in at most max_distance bits.

    hashes: shape (n,), int64 (see `datasets.imaging.perceptual_hash`). Returns shape (n_pairs, 2), i < j in each row,
    rows sorted. Equal hashes are first merged: every later one is paired with the first only, and a pair of different
    hashes is given for the first of each, so that 10,000 equal pictures give 9,999 pairs and not 50 million. The pairs
    connect exactly the same groups as all pairs would.

    Method: a hash is cut into five parts; two hashes within 9 bits agree in at least one part up to one bit, so only
    hashes in equal or neighbouring buckets are compared. Exact, no pair is missed. Memory: 32 MB of comparisons plus
    the pairs; time grows with the fullest buckets (a million random hashes: about 15 s).
    Raises ValueError for max_distance outside 0..9. Source: Norouzi, Punjani & Fleet 2012, multi-index hashing.
    """
    if not 0 <= max_distance <= MAX_DISTANCE:
        raise ValueError(f"max_distance must be 0 to {MAX_DISTANCE}")
    unique, first, inverse = np.unique(hashes.astype(np.int64), return_index=True, return_inverse=True)
    position = np.arange(hashes.shape[0], dtype=np.int64)
    repeated = position[first[inverse] != position]
    found = [np.stack([first[inverse[repeated]], repeated], axis=1).astype(np.int64)]
    words: Hashes = unique.view(np.uint64)
    for chunk in range(len(_CHUNKS)):
        for left, right in _candidates(words, chunk, max_distance):
            ends = np.stack([first[left], first[right]], axis=1).astype(np.int64)
            found.append(np.sort(ends, axis=1))
    pairs = np.concatenate(found)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def duplicate_groups(n: int, pairs: IntArray) -> IntArray:
    """Group of each of n positions, shape (n,): the smallest position that the pairs connect it with.

    pairs: shape (n_pairs, 2).
    """
    parent = list(range(n))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in pairs.tolist():
        low, high = sorted((find(a), find(b)))
        parent[high] = low
    return np.array([find(i) for i in range(n)], dtype=np.int64)


def _candidates(words: Hashes, chunk: int, max_distance: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Pairs that agree in this part up to one bit and in no earlier part, within the distance."""
    shift, width = _CHUNKS[chunk]
    keys = ((words >> np.uint64(shift)) & np.uint64((1 << width) - 1)).astype(np.int64)
    order = np.argsort(keys, kind="stable")
    starts = np.searchsorted(keys[order], np.arange((1 << width) + 1))
    for key in np.unique(keys).tolist():
        rows = order[starts[key] : starts[key + 1]]
        yield from _compare(words, rows, rows, chunk, max_distance, same=True)
        for bit in range(width):
            other = key ^ (1 << bit)
            if other > key and starts[other] < starts[other + 1]:
                partners = order[starts[other] : starts[other + 1]]
                yield from _compare(words, rows, partners, chunk, max_distance, same=False)


def _compare(
    words: Hashes, rows: IntArray, columns: IntArray, chunk: int, max_distance: int, *, same: bool
) -> Iterator[tuple[IntArray, IntArray]]:
    if same and rows.size < 2:
        return
    step = max(1, _BLOCK // columns.size)
    for start in range(0, rows.size, step):
        block = rows[start : start + step]
        difference = words[block][:, None] ^ words[columns][None, :]
        near = np.bitwise_count(difference) <= max_distance
        if same:  # each pair once
            near &= block[:, None] < columns[None, :]
        i, j = np.nonzero(near)
        if i.size:
            fresh = _not_seen_before(difference[i, j], chunk)
            yield block[i[fresh]], columns[j[fresh]]


def _not_seen_before(difference: Hashes, chunk: int) -> NDArray[np.bool_]:
    fresh = np.ones(difference.shape[0], dtype=bool)
    for shift, width in _CHUNKS[:chunk]:
        part = (difference >> np.uint64(shift)) & np.uint64((1 << width) - 1)
        fresh &= np.bitwise_count(part) > 1
    return fresh
