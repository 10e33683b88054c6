import random
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import binomtest, chisquare

from datasets.versioning.groups import merge_groups
from datasets.versioning.splits import Conflict, LeftOut, plan_splits

FRACTIONS = {"train": 0.7, "validation": 0.15, "test": 0.15}


def plan(items, **options):
    return plan_splits(items, **{"fractions": FRACTIONS, "seed": "s", **options})


names = st.sampled_from([f"{c}" for c in "abcdefghijkl"])
items = st.sets(names, min_size=1)
memberships = st.lists(st.tuples(names, st.sampled_from(["g1", "g2", "g3", "a"])), max_size=10)
pairs = st.lists(st.tuples(names, names), max_size=8)
parents = st.dictionaries(names, st.sampled_from(sorted(FRACTIONS)))


@given(items, memberships, pairs)
def test_groups_equal_the_connected_components(members, belonging, near):
    nodes = sorted(members) + sorted({f"key {key}" for _, key in belonging})
    at = {node: i for i, node in enumerate(nodes)}
    edges = [(at[i], at[f"key {k}"]) for i, k in belonging if i in members]
    edges += [(at[a], at[b]) for a, b in near if a in members and b in members]
    matrix = coo_array((np.ones(len(edges)), np.array(edges).reshape(-1, 2).T), shape=(len(nodes),) * 2)
    component = connected_components(matrix, directed=False)[1]
    expected = {i: min(j for j in members if component[at[j]] == component[at[i]]) for i in members}
    assert merge_groups(members, belonging, near) == expected


@given(items, memberships, pairs, parents, st.randoms())
def test_laws(members, belonging, near, parent, shuffler):
    result = plan(members, memberships=belonging, near_duplicates=near, parent=parent)
    left = {bridge.item for bridge in result.left_out}
    # everything is somewhere, and the parent's items never move or vanish
    assert set(result.split) | left == members
    assert not set(result.split) & left
    assert all(result.split[i] == parent[i] for i in members if i in parent)
    # no tie crosses splits, except between items of the parent
    whole = merge_groups(result.split, belonging, near)
    across = defaultdict(set)
    for item in result.split:
        across[whole[item]].add(result.split[item])
    keyed = defaultdict(set)
    for item, key in belonging:
        keyed[key].add(item)
    ties = [*near, *((a, b) for group in keyed.values() for a in group for b in group)]
    for a, b in ties:
        if a in result.split and b in result.split and not (a in parent and b in parent):
            assert result.split[a] == result.split[b]
    assert sum(len(s) > 1 for s in across.values()) == len(result.conflicts)
    # groups lie within a split and are named by their smallest item
    for item, group in result.group.items():
        assert result.split[item] == result.split[group]
        assert group == min(i for i, g in result.group.items() if g == group)
    # the input's order does not matter
    members, belonging, near = list(members), list(belonging), [(b, a) for a, b in near]
    for part in (members, belonging, near):
        shuffler.shuffle(part)
    assert result == plan(members, memberships=belonging, near_duplicates=near, parent=parent)


@given(items, items, memberships, pairs)
def test_a_child_that_only_adds_untied_items_changes_nothing(first, more, belonging, near):
    old = plan(first, memberships=belonging, near_duplicates=near)
    added = {f"new-{i}" for i in more}
    new = plan(first | added, memberships=belonging, near_duplicates=near, parent=old.split)
    assert {i: new.split[i] for i in first} == old.split
    assert not new.left_out
    assert not new.conflicts


def test_rules_on_an_example():
    parent = {"p1": "train", "p2": "test", "p3": "train"}
    result = plan(
        ["p1", "p2", "p3", "n1", "n2", "n3", "n4", "n5"],
        parent=parent,
        memberships=[("p1", "site-1"), ("n1", "site-1"), ("n4", "x"), ("n5", "x")],
        near_duplicates=[("n2", "p2"), ("n3", "p1"), ("n3", "p2"), ("n4", "p3"), ("p1", "p2")],
    )
    assert result.split["n1"] == "train"  # with its site
    assert result.split["n2"] == "test"  # with its near duplicate
    assert result.split["n5"] == result.split["n4"] == "train"  # through n4
    assert result.left_out == (LeftOut("n3", ("test", "train")),)  # would bridge
    assert result.conflicts == (Conflict(("n1", "n2"), ("test", "train"), 4),)
    assert result.group["p1"] == "n1"
    assert result.group["p2"] == "n2"
    assert result.n_new_groups == 0


def test_a_cluster_that_bridges_is_left_out_but_not_its_innocent_neighbours():
    parent = {"p1": "train", "p2": "test"}
    chain = [("p1", "n1"), ("n1", "n2"), ("n2", "p2")]
    result = plan(["p1", "p2", "n1", "n2"], parent=parent, near_duplicates=chain)
    assert [bridge.item for bridge in result.left_out] == ["n1", "n2"]
    result = plan(["p1", "p2", "n1", "n2"], parent=parent, near_duplicates=[("p1", "n1"), ("n1", "p2"), ("n1", "n2")])
    assert [bridge.item for bridge in result.left_out] == ["n1"]
    assert "n2" in result.split


def test_fractions_are_kept_and_groups_fall_independently():
    rng = random.Random(1)
    members = [f"{rng.getrandbits(256):064x}" for _ in range(20_000)]
    counts = Counter(plan(members).split.values())
    expected = [FRACTIONS[name] * len(members) for name in sorted(FRACTIONS)]
    assert chisquare([counts[name] for name in sorted(FRACTIONS)], expected).pvalue > 0.001
    # a second seed is independent of the first: P(train in both) = 0.49
    first, second = plan(members).split, plan(members, seed="other").split
    both = sum(first[i] == second[i] == "train" for i in members)
    assert binomtest(both, len(members), 0.49).pvalue > 0.001


def test_changed_fractions_touch_only_new_groups():
    old = plan([f"i{n}" for n in range(300)])
    new = plan_splits(
        [f"i{n}" for n in range(400)],
        fractions={"train": 0.1, "validation": 0.1, "test": 0.8},
        seed="s",
        parent=old.split,
    )
    assert all(new.split[i] == old.split[i] for i in old.split)
    assert Counter(new.split[f"i{n}"] for n in range(300, 400))["test"] > 60


@pytest.mark.parametrize("fractions", [{}, {"train": 0.5}, {"train": 1.2, "test": -0.2}, {"a": float("nan")}])
def test_bad_fractions_are_refused(fractions):
    with pytest.raises(ValueError):
        plan_splits(["a"], fractions=fractions, seed="s")


def test_a_parents_unknown_split_is_refused():
    with pytest.raises(ValueError, match="lacks: holdout"):
        plan(["a"], parent={"a": "holdout"})
