import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.profiling.near_duplicates import duplicate_groups, exact_duplicates, near_duplicate_pairs


def brute_force(hashes, distance):
    words = hashes.astype(np.int64).view(np.uint64)
    return {
        (i, j)
        for i in range(len(words))
        for j in range(i + 1, len(words))
        if int(words[i] ^ words[j]).bit_count() <= distance
    }


def clustered(rng, n, flips):
    """Hashes with near neighbours: random centres with a few bits flipped."""
    centres = rng.integers(-(2**63), 2**63, size=max(1, n // 4), dtype=np.int64)
    hashes = rng.choice(centres, n).view(np.uint64)
    for _ in range(flips):
        hashes = hashes ^ (np.uint64(1) << rng.integers(0, 64, n, dtype=np.uint64))
    return hashes.view(np.int64)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(0, 6), st.integers(0, 9))
def test_equal_to_brute_force(seed, n, flips, distance):
    hashes = clustered(np.random.default_rng(seed), n, flips)
    unique = np.unique(hashes)
    found = {tuple(pair) for pair in near_duplicate_pairs(unique, max_distance=distance).tolist()}
    assert found == brute_force(unique, distance)
    groups = duplicate_groups(n, near_duplicate_pairs(hashes, max_distance=distance))
    expected = duplicate_groups(n, np.array(sorted(brute_force(hashes, distance)), dtype=np.int64).reshape(-1, 2))
    assert groups.tolist() == expected.tolist()


def test_recall_is_one_at_the_limit():
    rng = np.random.default_rng(0)
    base = rng.integers(-(2**63), 2**63, size=3000, dtype=np.int64)
    twins = base.view(np.uint64).copy()
    for i in range(3000):
        for bit in rng.choice(64, 8, replace=False):
            twins[i] ^= np.uint64(1) << np.uint64(bit)
    pairs = {tuple(p) for p in near_duplicate_pairs(np.concatenate([base, twins.view(np.int64)])).tolist()}
    assert all((i, 3000 + i) in pairs for i in range(3000))


def test_many_equal_hashes_do_not_explode():
    pairs = near_duplicate_pairs(np.zeros(20_000, dtype=np.int64))
    assert pairs.shape == (19_999, 2)
    assert set(pairs[:, 0]) == {0}


def test_pairs_are_sorted_once_each():
    hashes = clustered(np.random.default_rng(3), 500, 2)
    pairs = near_duplicate_pairs(hashes)
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert np.unique(pairs, axis=0).tolist() == pairs.tolist()
    assert near_duplicate_pairs(np.empty(0, dtype=np.int64)).shape == (0, 2)
    with pytest.raises(ValueError):
        near_duplicate_pairs(hashes, max_distance=10)


def test_exact_duplicates():
    assert exact_duplicates(["a", "b", "a", "c", "b", "a"]) == ((0, 2, 5), (1, 4))
    assert exact_duplicates(["a", "b"]) == ()
